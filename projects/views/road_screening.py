"""The screening page: the checklist of the round under way, what deserves a second look, and the earlier rounds."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects import access
from projects.checklist import CHECKLIST, blocking_noes, unanswered
from projects.forms.screening import ChecklistForm, base_text
from projects.lifecycle import TRANSITIONS, officer
from projects.models import Project
from projects.services.drafting import Conflict
from projects.services.screening import answer_checklist
from projects.services.steps import StepRefused
from projects.services.warnings import warnings_for
from projects.states import State
from sr_portal.web import clock
from sr_portal.web.kept import keeps_input, take_kept

from . import checklist_conflict, road_page, road_refusals
from .road import visible_project
from .road_evidence import evidence_for
from .road_refusals import CONCLUSIONS
from .track_record import partner_lines


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def screening(request: HttpRequest, pk: int) -> HttpResponse:
    project = visible_project(request.user, pk)
    if request.method == "POST":
        return _save(request, project)
    if not access.follows_screening(request.user, project):
        return road_refusals.not_for_you(request, project, why_not_read(request.user, project))
    kept = take_kept(request)
    if kept is not None:
        messages.info(request, _("Voici ce que vous aviez saisi : relisez, puis enregistrez."))
    return _show(request, project, kept)


def why_not_read(user, project: Project) -> list[str]:
    barred = [access.is_writer, access.has_interest]
    against = [str(access.SEPARATION[bar.name]) for bar in barred if bar(user, project)]
    return against or [_("L’examen en cours est réservé à ceux qui le suivent.")]


def _save(request: HttpRequest, project: Project) -> HttpResponse:
    """Keep the answers; by script the answer is one line of the page. Only the screener of the open round may."""
    by_script = request.headers.get("HX-Request") == "true"
    step = TRANSITIONS["send_back"]  # open to exactly the one who may answer
    if not step.is_allowed(request.user, project):
        if road_refusals.came_too_late(step, request.user, project):
            return _too_late(request, project)
        return road_refusals.not_for_you(request, project, road_refusals.why_not_you(step, request.user, project))
    under_way = road_page.open_round(project)
    if under_way is None:
        return _too_late(request, project)
    data = checklist_conflict.resolved(request.POST, under_way)
    form = ChecklistForm(data, project=project, screening=under_way)
    if not form.is_valid():
        return _standing(request, form, 422) if by_script else _show(request, project, data, 422)
    try:
        answer_checklist(project=project, user=request.user, answers=form.answers(), known=form.known())
    except Conflict:
        return checklist_conflict.page(request, form, by_script=by_script)
    except (StepRefused, PermissionDenied):
        return _too_late(request, visible_project(request.user, project.pk))
    if by_script:
        return _standing(request, form)
    messages.success(request, _("Vos réponses sont enregistrées."))
    then = request.POST.get("then", "")
    if then in CONCLUSIONS:
        return redirect("projects:transition", project.pk, then)
    return redirect("projects:screening", project.pk)


def _too_late(request: HttpRequest, project: Project) -> HttpResponse:
    """Answers come after the conclusion: nothing is kept, and the comments are given back."""
    if request.headers.get("HX-Request") == "true":
        return render(request, "projects/road/screening_too_late.html", {"state": State(project.state)}, status=409)
    comments = [
        (str(item.label), request.POST.get(f"comment_{item.code}", "")[:4000])
        for item in CHECKLIST
        if request.POST.get(f"comment_{item.code}")
    ]
    return road_refusals.moved_on(request, project, _("Enregistrer la grille"), comments)


def standing_of(form: ChecklistForm) -> dict:
    """How far the checklist is: points answered, those that lack, and those that bar admission."""
    answers = {
        line.item.code: line.answer.value() if line.answer.value() in ("yes", "no", "na") else ""
        for line in form.lines()
    }
    lacking = unanswered(form.project, answers)
    return {
        "answered": len(CHECKLIST) - len(lacking),
        "points": len(CHECKLIST),
        "lacking": lacking,
        "blocking": blocking_noes(answers),
    }


def _standing(request: HttpRequest, form: ChecklistForm, status: int = 200) -> HttpResponse:
    saved = status == 200
    context = {
        "form": form,
        "standing": standing_of(form),
        "saved_at": clock.now() if saved else None,
        "base": base_text(form.answers(), form.screening) if saved else form.base,
    }
    return render(request, "projects/road/screening_standing.html", context, status=status)


def _record_of(project: Project) -> list[str]:
    """The partner's track record, for the screener."""
    partner = project.partner
    return [f"{label} : {value}" for label, value in partner_lines(partner)] if partner else []


def _show(request: HttpRequest, project: Project, data=None, status: int = 200) -> HttpResponse:
    under_way = road_page.open_round(project)
    answers = under_way is not None and TRANSITIONS["send_back"].is_allowed(request.user, project)
    form = ChecklistForm(data, project=project, screening=under_way) if answers and under_way else None
    warnings = warnings_for(project, request.user)
    step = TRANSITIONS["start_screening"]
    context = {
        "project": project,
        "state": State(project.state),
        "under_way": under_way,
        "form": form,
        "standing": standing_of(form) if form else None,
        "base": form.base if form else "",
        "evidence": evidence_for(project, warnings, _record_of(project)),
        "warnings": warnings,
        "rounds": [screening for screening in project.screenings.all() if screening.closed_at][::-1],
        "conclusions": [TRANSITIONS[name] for name in CONCLUSIONS],
        "may_start": not step.reasons_against(request.user, project),
        "why_not_start": (
            step.reasons_against(request.user, project)
            if project.state == State.SUBMITTED and officer(request.user, project)
            else []
        ),
    }
    return render(request, "projects/road/screening.html", context, status=status)
