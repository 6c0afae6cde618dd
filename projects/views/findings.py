"""The findings of a project: made, given to somebody, closed with what was done."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from projects.forms.findings import CloseForm, FindingForm, MoveForm
from projects.models import Finding, Project, Severity, Visit, VisitState
from projects.notices import happenings
from projects.notices.telling import announced
from projects.services import findings as services
from projects.visit_access import rights_of
from sr_portal.web.kept import keeps_input, take_kept

from .project_pages import act, must
from .visits import context_of, followed_project, must_have


def finding_of(project: Project, pk: int) -> Finding:
    finding = get_object_or_404(Finding.objects.with_people(), pk=pk, project=project)
    finding.project = project
    return finding


@require_safe
@login_required
def finding(request: HttpRequest, pk: int, finding_pk: int) -> HttpResponse:
    project = followed_project(request.user, pk)
    rights = rights_of(request.user, project)
    shown = finding_of(project, finding_pk)
    is_open = shown.closed_at is None and rights.lives
    context = context_of(project, rights) | {
        "finding": shown,
        "may_close": is_open and rights.closes(shown),
        "may_move": is_open and rights.moves(shown),
    }
    return render(request, "projects/visits/finding.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def finding_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a visit made when ?visite= names one, else of the project."""
    project = followed_project(request.user, pk)
    rights = rights_of(request.user, project)
    must_have(rights.visits, rights)
    visit = _visit_named(project, request.GET.get("visite", ""))
    data = request.POST if request.method == "POST" else take_kept(request)
    form = FindingForm(data, project=project, visit=visit)

    def effect() -> str:
        made = services.add_finding(project=project, user=request.user, new=form.new, visit=visit)
        messages.success(request, _("Le constat est enregistré."))
        return reverse("projects:finding", args=[project.pk, made.pk])

    def context() -> dict:
        blocking, other = (
            announced(happenings.of_finding(Finding(project=project, severity=severity), request.user))
            for severity in (Severity.BLOCKING, Severity.MINOR)
        )
        return context_of(project, rights) | {"visit": visit, "announced": other, "announced_blocking": blocking}

    return act(request, "projects/visits/finding_add.html", form, effect, context)


def _visit_named(project: Project, key: str) -> Visit | None:
    if not key:
        return None
    number = int(key) if key.isdecimal() and len(key) < 19 else 0
    return get_object_or_404(project.visits.filter(state=VisitState.DONE), pk=number)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def finding_close(request: HttpRequest, pk: int, finding_pk: int) -> HttpResponse:
    project = followed_project(request.user, pk)
    rights = rights_of(request.user, project)
    shown = finding_of(project, finding_pk)
    why = _("Le gestionnaire du programme, ou l’auteur du constat, dit qu’il est levé.")
    must_have(rights.closes(shown), rights, why)
    data = request.POST if request.method == "POST" else take_kept(request)
    form = CloseForm(data)

    def effect() -> str:
        services.close_finding(finding=shown, user=request.user, note=form.cleaned_data["note"])
        messages.success(request, _("Le constat est levé."))
        return reverse("projects:visits", args=[project.pk])

    def context() -> dict:
        shown.project = project
        told = announced(happenings.of_lifting(shown, request.user))
        return context_of(project, rights) | {"finding": shown, "announced": told}

    return act(request, "projects/visits/finding_close.html", form, effect, context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def finding_move(request: HttpRequest, pk: int, finding_pk: int) -> HttpResponse:
    project = followed_project(request.user, pk)
    rights = rights_of(request.user, project)
    shown = finding_of(project, finding_pk)
    must_have(rights.moves(shown), rights)
    must(shown.closed_at is None or request.method == "POST", [_("Ce constat est déjà levé.")])
    data = request.POST if request.method == "POST" else take_kept(request)
    form = MoveForm(data, finding=shown, project=project)

    def effect() -> str:
        services.move_finding(finding=shown, user=request.user, **form.cleaned_data)
        messages.success(request, _("Le constat est mis à jour."))
        return reverse("projects:finding", args=[project.pk, shown.pk])

    return act(
        request, "projects/visits/finding_move.html", form, effect, context_of(project, rights) | {"finding": shown}
    )
