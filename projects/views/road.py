"""A project's page: everything of the proposal, where it stands, and what may be done with it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects import access
from projects.models import Project
from projects.states import State

from . import road_content, road_page


def visible_project(user, pk: int) -> Project:
    """The project with all that its page reads; 404 outside what the user may read."""
    return get_object_or_404(Project.objects.visible_to(user).for_page(), pk=pk)


@require_safe
@login_required
def project_detail(request: HttpRequest, pk: int) -> HttpResponse:
    project = visible_project(request.user, pk)
    committee = road_page.committee_awaited(project)
    can_edit = access.can_edit(request.user, project)
    context = {
        "project": project,
        "state": State(project.state),
        "stops": road_page.stops(project),
        "next_move": road_page.next_move(project, committee),
        "actions": road_page.actions(request.user, project, committee),
        "examines": access.is_its_screener(request.user, project),
        "edit_url": road_page.edit_url(project, "essentials") if can_edit else "",
        "to_mend": road_page.to_mend(request.user, project),
        "need": road_content.said(project, *road_content.NEED),
        "coordination": road_content.said(project, "coordination"),
        "care": road_content.care_of(project),
        "budget": road_content.budget_of(project),
        "timeline": road_content.timeline_of(project),
        "beneficiaries": road_content.beneficiaries_of(project),
        "rounds": [screening for screening in project.screenings.all() if screening.closed_at],
        "items": sorted(project.agenda_items.all(), key=lambda item: item.pk),
    }
    return render(request, "projects/detail.html", context)
