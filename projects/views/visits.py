"""The visits of a project: its tab, the page of one visit, and what is planned, moved or given up."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from projects.forms.visits import CancelForm, RescheduleForm, VisitForm
from projects.models import Project, Severity, Visit, VisitState
from projects.rules.visits import is_far
from projects.services import visits as services
from projects.services.visit_reports import reasons_against_reporting
from projects.states import State
from projects.visit_access import Rights, rights_of
from sr_portal.web import clock
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.once import FIELD

from . import visit_map
from .project_pages import act, must

ENDED = gettext_lazy("Le projet est terminé : ses visites et ses constats ne changent plus.")


# --- Finding ---------------------------------------------------------------------------------------------------------
def followed_project(user, pk: int) -> Project:
    """The project that the reader may see, with what the rights over its visits read; 404 otherwise."""
    found = Project.objects.visible_to(user).select_related("region", "mechanism", "partner", "agreement", "author")
    return get_object_or_404(found.defer("search", "region__outline").prefetch_related("coauthors"), pk=pk)


def visit_of(project: Project, pk: int) -> Visit:
    visit = get_object_or_404(Visit.objects.with_people(), pk=pk, project=project)
    visit.project = project
    return visit


def must_have(allowed: bool, rights: Rights, why: str = "") -> None:
    """403 to those who may not, and to everybody once the project ended."""
    must(allowed and rights.lives, [why] if rights.lives else [ENDED])


def context_of(project: Project, rights: Rights) -> dict:
    return {"project": project, "state": State(project.state), "rights": rights, "today": clock.today()}


# --- Reading ---------------------------------------------------------------------------------------------------------
@require_safe
@login_required
def visits(request: HttpRequest, pk: int) -> HttpResponse:
    """What is planned, what was seen, what remains to be put right."""
    project = followed_project(request.user, pk)
    rights = rights_of(request.user, project)
    found = list(project.visits.with_people().with_counts())
    findings = list(project.findings.with_people())
    still_open = [finding for finding in findings if finding.closed_at is None]
    context = context_of(project, rights) | {
        "planned": [visit for visit in found if visit.state == VisitState.PLANNED],
        "done": sorted(
            (visit for visit in found if visit.state == VisitState.DONE), key=lambda visit: visit.done_on, reverse=True
        ),
        "cancelled": [visit for visit in found if visit.state == VisitState.CANCELLED],
        "open_findings": sorted(still_open, key=lambda finding: (-RANKS[finding.severity], finding.due_on)),
        "closed_findings": [finding for finding in findings if finding.closed_at is not None],
        "blocking": sum(finding.severity == Severity.BLOCKING for finding in still_open),
    }
    return render(request, "projects/visits/tab.html", context)


RANKS = {severity.value: rank for rank, severity in enumerate(Severity)}


@require_safe
@login_required
def visit(request: HttpRequest, pk: int, visit_pk: int) -> HttpResponse:
    project = followed_project(request.user, pk)
    rights = rights_of(request.user, project)
    shown = visit_of(project, visit_pk)
    photos = shown.photos.filter(document__withdrawn_at=None).select_related("document")
    shown_findings = list(shown.findings.with_people())
    for finding in shown_findings:
        finding.visit = shown
    context = context_of(project, rights) | {
        "visit": shown,
        "photos": list(photos),
        "findings": shown_findings,
        "against": reasons_against_reporting(rights, shown),
        "is_far": is_far(shown.distance_m),
        "sight": visit_map.sight_of(shown, project),
        "indispensable": shown.state == VisitState.PLANNED and services.is_indispensable(shown),
    }
    return render(request, "projects/visits/visit.html", context)


# --- Planning --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def visit_add(request: HttpRequest, pk: int) -> HttpResponse:
    project = followed_project(request.user, pk)
    rights = rights_of(request.user, project)
    must_have(rights.visits, rights)
    data = request.POST if request.method == "POST" else take_kept(request)
    form = VisitForm(data, project=project, user=request.user, initial={"visitor": request.user.pk})

    def effect() -> str:
        made = services.add_visit(
            project=project, user=request.user, key=UUID(request.POST[FIELD]), **form.cleaned_data
        )
        messages.success(request, _("La visite est prévue."))
        return reverse("projects:visit", args=[project.pk, made.pk])

    return act(request, "projects/visits/add.html", form, effect, context_of(project, rights))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def visit_edit(request: HttpRequest, pk: int, visit_pk: int) -> HttpResponse:
    """Another day, another visitor. One who saved in between is told of, and nothing is written over theirs."""
    project = followed_project(request.user, pk)
    rights = rights_of(request.user, project)
    shown = visit_of(project, visit_pk)
    must_have(rights.visits, rights)
    data = request.POST if request.method == "POST" else take_kept(request)
    form = RescheduleForm(data, visit=shown, user=request.user)

    def effect() -> str:
        services.reschedule(visit=shown, user=request.user, **form.cleaned_data)
        messages.success(request, _("La visite est mise à jour."))
        return reverse("projects:visit", args=[project.pk, shown.pk])

    context = context_of(project, rights) | {"visit": shown}
    try:
        return act(request, "projects/visits/edit.html", form, effect, context)
    except services.Outdated:
        stored = visit_of(project, visit_pk)
        again = RescheduleForm({**request.POST.dict(), "version": stored.version}, visit=stored, user=request.user)
        context |= {"visit": stored, "form": again, "newer": stored}
        return render(request, "projects/visits/edit.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def visit_cancel(request: HttpRequest, pk: int, visit_pk: int) -> HttpResponse:
    project = followed_project(request.user, pk)
    rights = rights_of(request.user, project)
    shown = visit_of(project, visit_pk)
    must_have(rights.directs, rights)
    indispensable = services.is_indispensable(shown)
    data = request.POST if request.method == "POST" else take_kept(request)
    form = CancelForm(data, indispensable=indispensable)

    def effect() -> str:
        other = services.cancel(visit=shown, user=request.user, **form.cleaned_data)
        if other is None:
            messages.success(request, _("La visite est annulée."))
            return reverse("projects:visits", args=[project.pk])
        messages.success(request, _("La visite est annulée, une autre est prévue à sa place."))
        return reverse("projects:visit", args=[project.pk, other.pk])

    context = context_of(project, rights) | {"visit": shown, "indispensable": indispensable}
    return act(request, "projects/visits/cancel.html", form, effect, context)
