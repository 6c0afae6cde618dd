"""The history of a project and of all that hangs on it: every change of every field, by whom, when, from where."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects.models import Project
from sr_portal.history.reading import changes_of
from sr_portal.web.keyset import PARAMETER

from .history_records import records_about


@require_safe
@login_required
def history(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(
        Project.objects.visible_to(request.user)
        .defer("search", "region__outline")
        .select_related("region", "mechanism")
        .prefetch_related("coauthors"),
        pk=pk,
    )
    found = changes_of(
        project,
        *records_about(project, request.user),
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "projects/road/history.html", {"project": project, "history": found})
