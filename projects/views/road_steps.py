"""The steps of the road that a person takes: a page that says what will happen, then the act, once."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects.lifecycle import TRANSITIONS, Transition
from projects.models import Project
from projects.notices import happenings
from projects.notices.telling import announced
from projects.services.steps import StepRefused
from projects.states import State
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.once import act_once

from . import road_page
from .completion import with_pages
from .road import visible_project
from .road_refusals import came_too_late, moved_on, not_for_you, typed_in, why_not_you
from .road_step_pages import PAGES, StepPage, page_context


class NotValid(Exception):
    """The form has errors: raised inside the act, so that a replay is answered before its form is read again."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def transition(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    page = PAGES.get(name)
    if page is None:
        raise Http404
    project = visible_project(request.user, pk)
    step = TRANSITIONS[name]
    if not step.is_allowed(request.user, project) and not came_too_late(step, request.user, project):
        return not_for_you(request, project, why_not_you(step, request.user, project))
    if request.method == "POST":
        return _take(request, project, step, page)
    if State(project.state) not in step.sources:
        return moved_on(request, project, step.label)
    return _show(request, project, step, page, page.form_for(request.user, project, take_kept(request)))


def _take(request: HttpRequest, project: Project, step: Transition, page: StepPage) -> HttpResponse:
    form = page.form_for(request.user, project, request.POST)

    def effect() -> str:
        if State(project.state) not in step.sources:
            raise StepRefused([str(reason) for reason in step.reasons_against(request.user, project)])
        if not form.is_valid():
            raise NotValid
        done = page.act(project, request.user, form.cleaned_data)
        messages.success(request, page.done(done))
        return page.target(project, form.cleaned_data)

    refusals: list[str] = []
    try:
        return act_once(request, effect)
    except NotValid:
        pass
    except StepRefused as refusal:
        refusals = refusal.messages
    except PermissionDenied:
        now = visible_project(request.user, project.pk)
        if not came_too_late(step, request.user, now):
            return not_for_you(request, now, why_not_you(step, request.user, now))
    project = visible_project(request.user, project.pk)
    if State(project.state) not in step.sources:
        return moved_on(request, project, step.label, typed_in(form))
    return _show(request, project, step, page, form, refusals)


def _show(
    request: HttpRequest, project: Project, step: Transition, page: StepPage, form: forms.Form, refusals=()
) -> HttpResponse:
    reasons = road_page.reasons_against(step, request.user, project, road_page.committee_awaited(project))
    if refusals and not reasons:  # not the table's: what was typed is refused
        form.add_error(page.refused_field, list(refusals))
    context = {
        "project": project,
        "state": State(project.state),
        "step": step,
        "page": page,
        "form": form,
        "reasons": reasons,
        "told": with_pages(step, project, reasons),
        "consequences": page.consequences(project, request.user),
        "announced": None if reasons else announced(happenings.step(step.name, project, request.user)),
        "target": State(step.target),
        **page_context(step, project, request.user),
    }
    wrong = bool(form.errors or (refusals and reasons))
    return render(request, "projects/road/step.html", context, status=422 if wrong else 200)
