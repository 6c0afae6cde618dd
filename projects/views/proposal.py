"""The proposal form: a new draft, and its steps."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects import access
from projects.forms.proposal import ALL_STEPS, Step, StepInput, steps_of
from projects.forms.proposal_fields import CreateForm
from projects.models import Project
from projects.services import drafting
from projects.services.refusals import as_refusal
from projects.services.submission import create_draft
from sr_portal.accounts.access import only
from sr_portal.accounts.roles import Role, holds
from sr_portal.web import clock
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.once import act_once

from . import proposal_annexes, proposal_conflict, proposal_page, proposal_review

BLANK_ROWS = 2


@never_cache
@keeps_input
@only(holds(Role.PROPOSER))
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else take_kept(request)
    form = CreateForm(data, instance=Project(), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            return act_once(request, lambda: _created(request, form))
        except ValidationError as error:
            form.add_error(None, error)
        except DatabaseError as error:
            form.add_error(None, as_refusal(error))
    refused = request.method == "POST"
    return render(request, "projects/proposal/create.html", {"form": form}, status=422 if refused else 200)


def _created(request: HttpRequest, form: CreateForm) -> str:
    project = create_draft(author=request.user, **form.values)
    messages.success(request, _("Votre brouillon est créé. Il n’est visible que de vous et de vos corédacteurs."))
    return reverse("projects:edit", args=[project.pk, "essentials"])


@never_cache
@keeps_input
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    if step not in ALL_STEPS:
        raise Http404
    project = proposal_page.project_for(request, pk, step)
    steps = steps_of(project)
    if step not in steps:
        raise Http404
    if step == "review":
        return proposal_review.page(request, project)
    if not access.can_edit(request.user, project):
        return proposal_page.closed(request, project)
    if step == "annexes":
        return proposal_annexes.page(request, project)
    if request.method == "POST":
        return _save(request, project, steps[step])
    return _show(request, project, steps[step])


def _input(request: HttpRequest, project: Project, step: Step, data: QueryDict | None, **blanks: int) -> StepInput:
    rate = drafting.month_rate(clock.today()) if step.code == "budget" else None
    return StepInput(step, project, request.user, data=data, rate=rate, blanks=blanks)


def _show(request: HttpRequest, project: Project, step: Step) -> HttpResponse:
    kept = take_kept(request)
    if kept is not None:
        messages.info(request, _("Voici ce que vous aviez saisi : relisez, puis enregistrez."))
        typed = _input(request, project, step, kept)
        typed.is_valid()
        return proposal_page.step_page(request, project, typed)
    blanks = {table.name: 1 if getattr(project, table.name).all() else BLANK_ROWS for table in step.tables}
    return proposal_page.step_page(request, project, _input(request, project, step, None, **blanks))


def _save(request: HttpRequest, project: Project, step: Step) -> HttpResponse:
    by_script = request.headers.get("Accept", "") == "application/json"
    action = request.POST.get("action", "save")
    data = proposal_conflict.resolved(request.POST, project, step)
    if action == "refresh" or action.startswith("add:"):
        typed = _input(request, project, step, data, **{action.removeprefix("add:"): 1})
        typed.is_valid()
        typed.hush()
        return proposal_page.step_page(request, project, typed)
    typed = _input(request, project, step, data)
    if typed.is_valid():
        try:
            saved = drafting.save_step(
                project=project, user=request.user, shape=proposal_page.shape_of(step, project), base=typed.base,
                values=typed.values, rows=typed.rows,
            )  # fmt: skip
        except drafting.Conflict:
            return proposal_conflict.page(request, project.pk, typed, by_script=by_script)
        except ValidationError as error:
            typed.refuse(error)
        else:
            if by_script:
                return _answer_script(request, saved, typed)
            messages.success(request, _("C’est enregistré."))
            return redirect(proposal_page.following_url(project, step) if action == "next" else request.path)
    if by_script:
        return JsonResponse({"saved": False, "errors": typed.errors}, status=422)
    return proposal_page.step_page(request, project, typed, status=422)


def _answer_script(request: HttpRequest, saved: drafting.Saved, typed: StepInput) -> JsonResponse:
    """What the page needs to go on: the keys of its new rows, its new fingerprint, and what stands beside the fields."""
    project, step = saved.project, typed.step
    keys = {}
    for table in typed.tables:
        written = [row for row in table.rows if not row.is_blank]
        keys |= {row.prefix: key for row, key in zip(written, saved.keys[table.table.name], strict=True)}
    hour = date_format(timezone.localtime(clock.now(), timezone.get_default_timezone()), "TIME_FORMAT").removeprefix(
        "0"
    )
    return JsonResponse(
        {
            "saved": True,
            "at": _("Enregistré à %(hour)s.") % {"hour": hour},
            "fingerprint": proposal_page.fingerprint_text(project, step),
            "keys": keys,
            "fragments": proposal_page.fragments(request, project, step),
        }
    )
