"""The money of a project: its page, and the page of each step of an instalment."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funds.access import reads_money
from funds.themes import themes
from projects.funding import earmark_of
from projects.models import Allocation, Instalment, Project
from projects.money_querysets import facts_of
from projects.money_steps import ENTER, INSTALMENT_STEPS, MoneyStep
from projects.notices import happenings
from projects.notices.people import Happening
from projects.notices.telling import announced
from projects.rules.gates import closed_gates
from projects.states import State
from sr_portal.web.kept import keeps_input, take_kept

from .money_chart import chart_of
from .money_doors import instalment_of, money_project
from .money_page import ClosedGate, MoneyPage, figures
from .money_step_pages import PAGES, verified_account
from .project_pages import act
from .road_refusals import not_for_you


def home(project: Project, anchor: str = "") -> str:
    return reverse("projects:money", args=[project.pk]) + (f"#{anchor}" if anchor else "")


@require_safe
@login_required
def money(request: HttpRequest, pk: int) -> HttpResponse:
    project = money_project(request.user, pk)
    page = MoneyPage.of(request.user, project)
    context = {
        "project": project,
        "state": State(project.state),
        "page": page,
        "figures": figures(project, page),
        "chart": chart_of(page.tranches),
        "is_cancelled": project.state == State.CANCELLED,
        "may_enter": may_enter(request.user, project),
        "holdings": holdings(project),
        "reads_money": reads_money(request.user),
    }
    return render(request, "projects/money/page.html", context)


def holdings(project: Project) -> list[Allocation]:
    """Whose money the project holds, in the order in which it is spent; two queries, none where none is needed."""
    if not project.mechanism.funded_by_contributions:
        return []
    rows = (
        Allocation.objects.filter(project=project)
        .with_paid()
        .select_related("contribution__donor", "contribution__region")
    )
    held = list(
        rows.defer("contribution__region__outline").order_by("-narrow", "contribution__signed_on", "contribution")
    )
    named = themes()
    for row in held:
        row.earmark = earmark_of(row.contribution, named)
    return held


def may_enter(user, project: Project) -> bool:
    """Shows the button that enters receipts; an interest is told on its page, so that this asks no query."""
    return bool(ENTER.role(user, project)) and State(project.state) in ENTER.projects and project.paid_usd > 0


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def instalment_step(request: HttpRequest, pk: int, position: int, name: str) -> HttpResponse:
    """One step of an instalment: what will happen, what is asked, what holds it back; then the act, once."""
    project, user = money_project(request.user, pk), request.user
    instalment = instalment_of(project, position)
    step, page = INSTALMENT_STEPS[name], PAGES[name]
    if why := why_not_you(step, user, project, instalment):
        return not_for_you(request, project, why)
    posted = request.method == "POST"
    form = page.form(request.POST if posted else take_kept(request), request.FILES if posted else None, instalment)

    def effect() -> str:
        told = page.act(instalment, user, form)
        messages.success(request, told)
        return home(project, f"tranche-{position}")

    def context() -> dict:
        """As things stand now: after a refusal they may have moved."""
        if not posted:
            return _context(user, project, instalment, name)
        now = money_project(user, pk)
        return _context(user, now, instalment_of(now, position), name)

    try:
        return act(request, "projects/money/step.html", form, effect, context)
    except PermissionDenied:  # who asked or authorised meanwhile is this very person
        return not_for_you(request, project, why_not_you(step, user, project, instalment_of(project, position)))


def why_not_you(step: MoneyStep, user, project: Project, record) -> list[str]:
    if not step.role(user, project):
        return [_("Votre rôle n’ouvre pas l’étape « %(step)s ».") % {"step": step.label}]
    return [str(reason) for reason in step.bars(user, project, record)]


def _context(user, project: Project, instalment: Instalment, name: str) -> dict:
    step = INSTALMENT_STEPS[name]
    reasons = step.reasons_not_now(project, instalment, [])
    gates = closed_gates(facts_of(project), list(project.instalments.all()), instalment.position) if step.gated else []
    return {
        "project": project,
        "state": State(project.state),
        "instalment": instalment,
        "step": step,
        "page": PAGES[name],
        "reasons": [str(reason) for reason in reasons],
        "gates": [] if reasons else [ClosedGate.of(gate, user, project) for gate in gates],
        "consequences": [] if reasons else PAGES[name].consequences(instalment),
        "announced": None if reasons or gates else announced(*_happening(user, project, instalment, name)),
        "account": verified_account(instalment) if name == "pay" else None,
    }


TOLD = ("request", "authorise", "send_back", "pay")


def _happening(user, project: Project, instalment: Instalment, name: str) -> list[Happening]:
    """What this act makes known; the first payment starts the project too."""
    found = [happenings.of_instalment(name, instalment, user)] if name in TOLD else []
    if name == "pay" and project.state == State.AGREED:
        found.append(happenings.step("start", project, user))
    return found


def step_view(name: str):
    """The view of one step, for its route."""

    def view(request: HttpRequest, pk: int, position: int) -> HttpResponse:
        return instalment_step(request, pk, position, name)

    view.__name__ = f"instalment_{name}"
    view.keeps_input = True  # type: ignore[attr-defined]  # read by the CSRF failure page
    return view
