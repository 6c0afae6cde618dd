"""Amendments of a project: the list, the page of each, its form, and the steps to its decision."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from projects.forms.amendment import NOTES, AmendmentForm, cleared_partners, initial_of
from projects.models import Amendment, Project
from projects.notices import happenings
from projects.notices.telling import Announced, announced
from projects.services import amendment_content as contents
from projects.services import amendments as services
from projects.states import GRANTED, State
from sr_portal.web.kept import keeps_input, take_kept

from . import amendment_page as page
from .project_pages import act
from .road_refusals import moved_on, not_for_you, typed_in
from .two_versions import differences

SHOWN_IN = GRANTED - {State.APPROVED}


# --- Finding --------------------------------------------------------------------------------------------------------
CONTENT = ("agreed_lines", "instalments", "activities")


def _project(user, pk: int, *content: str) -> Project:
    """The project with its amendments, and the tables of `content`; 404 outside what the user may read."""
    with_people = Amendment.objects.select_related("written_by", "decided_by")
    found = (
        Project.objects.visible_to(user)
        .select_related("region", "mechanism", "facility", "partner", "envelope")
        .defer("search", "region__outline")
        .prefetch_related("coauthors", *content, Prefetch("amendments", with_people))
    )
    project = get_object_or_404(found, pk=pk)
    if State(project.state) not in SHOWN_IN:
        raise Http404
    return project


def _amendment(project: Project, number: int) -> Amendment:
    found = next((row for row in project.amendments.all() if row.number == number), None)
    if found is None:
        raise Http404
    return found


def _address(project: Project, amendment: Amendment) -> str:
    return reverse("projects:amendment", args=[project.pk, amendment.number])


# --- Reading --------------------------------------------------------------------------------------------------------
@require_safe
@login_required
def amendments(request: HttpRequest, pk: int) -> HttpResponse:
    project = _project(request.user, pk)
    rows = list(project.amendments.all())
    waiting = next((row for row in rows if row.state in services.OPEN), None)
    context = {
        "project": project,
        "state": State(project.state),
        "rows": [(row, page.summary(row)) for row in reversed(rows)],
        "waiting": waiting,
        "may_write": services.may_write(request.user, project),
        "against": services.reasons_of_state(project),
    }
    return render(request, "projects/amendments/list.html", context)


@require_safe
@login_required
def amendment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    project = _project(request.user, pk, *CONTENT)
    found = _amendment(project, number)
    is_open = found.state in services.OPEN
    names = page.partner_names([found])
    against = services.reasons_against_merging(project, found) if is_open else []
    writes = services.may_write(request.user, project)
    decides = found.state == services.SUBMITTED and services.is_competent(request.user, project, found)
    context = {
        "project": project,
        "state": State(project.state),
        "amendment": found,
        "changes": page.shown(project, found.changes, names),
        "conflicts": _conflicts(project, found, names) if is_open else [],
        "against": against,
        "approved_after": services.approved_after(project, found) if is_open else None,
        "writes": writes and is_open,
        "decides": decides,
        "against_deciding": services.reasons_against_deciding(request.user, project, found) if decides else [],
    }
    return render(request, "projects/amendments/page.html", context)


def _conflicts(project: Project, found: Amendment, names) -> list[page.Shown]:
    """What the amendment started from, beside what the project says now."""
    moved = contents.conflicts(contents.content_of(project), found.changes)
    return page.shown(project, [{**change, "after": change["now"]} for change in moved], names)


# --- Writing --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def create(request: HttpRequest, pk: int) -> HttpResponse:
    project = _project(request.user, pk, *CONTENT)
    waiting = next((row for row in project.amendments.all() if row.state in services.OPEN), None)
    if waiting and services.may_write(request.user, project) and request.method != "POST":
        messages.info(request, _("Un avenant est déjà en cours : terminez-le d’abord."))
        return redirect(_address(project, waiting))
    return _write(request, project, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    project = _project(request.user, pk, *CONTENT)
    found = _amendment(project, number)
    if services.may_write(request.user, project) and found.state != services.DRAFT:
        messages.info(
            request,
            _("Cet avenant ne se modifie plus : il est à l’état « %(state)s ».") % {"state": found.state_label.label},
        )
        return redirect(_address(project, found))
    return _write(request, project, found)


def _write(request: HttpRequest, project: Project, found: Amendment | None) -> HttpResponse:
    if not services.may_write(request.user, project):
        return not_for_you(request, project, services.reasons_against_writing(request.user, project))
    now = contents.content_of(project)
    fixed = contents.fixed_instalments(project)
    data = request.POST if request.method == "POST" else take_kept(request)
    stored = initial_of(contents.overlaid(now, found.changes), found.reason) if found else initial_of(now)
    form = AmendmentForm(data, project=project, stored=stored, fixed=fixed, partners=cleared_partners(project.partner))
    if services.reasons_against_writing(request.user, project):
        return moved_on(request, project, _("Préparer un avenant"), typed_in(form))
    version = form.data.get("version", "")

    def effect() -> str:
        saved = services.save(
            project=project, user=request.user, reason=form.cleaned_data["reason"].strip(), after=form.after(),
            amendment=found, version=int(version) if version.isdecimal() else None,
        )  # fmt: skip
        text = _("L’avenant n° %(number)s est enregistré. Soumettez-le à l’autorité d’approbation quand il est prêt.")
        messages.success(request, text % {"number": saved.number})
        return _address(project, saved)

    def context() -> dict[str, Any]:
        fresh = Amendment.objects.get(pk=found.pk) if found else None
        changed = request.method == "POST" and fresh is not None and str(fresh.version) != version
        shown = fresh.version if fresh and (request.method == "POST" or not version) else version
        then = initial_of(contents.overlaid(now, fresh.changes), fresh.reason) if changed and fresh else {}
        return {
            "project": project,
            "state": State(project.state),
            "amendment": found,
            "version": shown,
            "differences": differences(form, then) if changed else None,
            "fixed": fixed,
        }

    return act(request, "projects/amendments/form.html", form, effect, context)


# --- Steps ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class StepPage:
    """What the page of a step says; the service behind it is in `services.STEPS`."""

    heading: str | Promise
    icon: str
    consequences: tuple[str | Promise, ...]
    done: str | Promise
    danger: bool = False
    must_merge: bool = False


PAGES: dict[str, StepPage] = {
    "submit": StepPage(
        gettext_lazy("Soumettre l’avenant"), "send",
        (
            gettext_lazy("L’autorité d’approbation compétente pourra l’approuver ou le refuser."),
            gettext_lazy("Il ne se modifie plus, sauf si vous le reprenez avant la décision."),
        ),
        gettext_lazy("L’avenant est soumis à l’autorité d’approbation."), must_merge=True,
    ),
    "recall": StepPage(
        gettext_lazy("Reprendre l’avenant"), "arrow-return-left",
        (gettext_lazy("Il redevient un brouillon, à corriger puis à soumettre de nouveau."),),
        gettext_lazy("L’avenant est repris : vous pouvez le corriger."),
    ),
    "withdraw": StepPage(
        gettext_lazy("Retirer l’avenant"), "archive",
        (gettext_lazy("Il s’arrête ici, pour de bon, et reste lisible. Rien ne change dans le projet."),),
        gettext_lazy("L’avenant est retiré."), danger=True,
    ),
    "approve": StepPage(
        gettext_lazy("Approuver l’avenant"), "patch-check",
        (
            gettext_lazy("Les changements entrent aussitôt dans le projet : montant, lignes, tranches, durée, textes."),
            gettext_lazy("La décision est définitive et porte votre nom. L’original reste lisible."),
        ),
        gettext_lazy("L’avenant est approuvé : le projet le suit."), must_merge=True,
    ),
    "refuse": StepPage(
        gettext_lazy("Refuser l’avenant"), "x-circle",
        (gettext_lazy("Rien ne change dans le projet. La décision est définitive et porte votre nom."),),
        gettext_lazy("L’avenant est refusé."), danger=True,
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def step(request: HttpRequest, pk: int, number: int, name: str) -> HttpResponse:
    if name not in PAGES:
        raise Http404
    project = _project(request.user, pk, *CONTENT)
    found = _amendment(project, number)
    taken, shown = services.STEPS[name], PAGES[name]
    if not services.may_take(name, request.user, project, found):
        against = (
            services.reasons_against_deciding(request.user, project, found)
            if taken.decides
            else services.reasons_against_writing(request.user, project)
        )
        return not_for_you(request, project, against)
    note_form = NOTES.get(name, forms.Form)
    form = note_form(request.POST if request.method == "POST" else take_kept(request))
    if found.state not in taken.sources and request.method != "POST":
        messages.info(request, _("Cet avenant est à l’état « %(state)s ».") % {"state": found.state_label.label})
        return redirect(_address(project, found))

    def effect() -> str:
        note = {"note": form.cleaned_data["note"]} if taken.with_note else {}
        try:
            taken.act(project=project, user=request.user, amendment=found, **note)
        except PermissionDenied as refusal:  # things changed between the page and the act
            raise forms.ValidationError(str(refusal)) from refusal
        messages.success(request, str(shown.done))
        return _address(project, found)

    def context() -> dict[str, Any]:
        fresh, current = project, found
        if request.method == "POST":  # refused: things are shown as they now stand
            fresh = _project(request.user, pk, *CONTENT)
            current = _amendment(fresh, number)
        return {
            "project": fresh,
            "state": State(fresh.state),
            "amendment": current,
            "name": name,
            "page": shown,
            "consequences": [
                *shown.consequences,
                *page.money_told(name, fresh, current),
                *page.visits_told(name, fresh, current),
            ],  # fmt: skip
            "against": services.reasons_against_merging(fresh, current) if shown.must_merge else [],
            "announced": _announced(name, fresh, current, request.user),
            "changes": page.shown(fresh, current.changes, page.partner_names([current])),
        }

    return act(request, "projects/amendments/step.html", form, effect, context)


def _announced(name: str, project: Project, found: Amendment, user) -> Announced:
    told = name in ("submit", "approve", "refuse")
    return announced(*([happenings.of_amendment(name, project, found, user)] if told else []))
