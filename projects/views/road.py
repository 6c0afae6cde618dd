"""A project's page: everything of the proposal, where it stands, and what may be done with it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import access, clearance
from projects.exports.memo import MEMO_STATES
from projects.guards.facts import FACTS, answered_together
from projects.models import FindingProject, HeadquartersClearance, ItemState, Project
from projects.services.serving import attaches
from projects.states import State
from sr_portal.web.together import get_together

from . import road_calendar, road_content, road_page

GUARDED = ("agreement", "plan")  # what the guards of the signature read of its life; later ones are facts


def visible_project(user, pk: int) -> Project:
    """The project with all that its page reads; 404 outside what the user may read."""
    project = get_together(Project.objects.visible_to(user).for_page().with_life(*GUARDED), pk=pk)
    return answered_together(project, FACTS)


def clearances_of(project: Project) -> list[HeadquartersClearance]:
    """What headquarters cleared; asked of the database only where a mechanism asks headquarters."""
    if project.mechanism.headquarters_above_usd is None:
        return []
    return list(project.clearances.select_related("document"))


def bearings_on(project: Project) -> list[FindingProject]:
    """What studies found of it."""
    found = FindingProject.objects.filter(project=project).select_related("finding__study")
    return list(found.defer("finding__search", "finding__study__search", "finding__study__abstract"))


@require_safe
@login_required
def project_detail(request: HttpRequest, pk: int) -> HttpResponse:
    project = visible_project(request.user, pk)
    committee = road_page.committee_awaited(project)
    items = road_page.with_session_urls(request.user, sorted(project.agenda_items.all(), key=lambda item: item.pk))
    can_edit = access.can_edit(request.user, project)
    deadlines = project.deadlines.all()
    context = {
        "project": project,
        "state": State(project.state),
        "stops": road_page.stops(project),
        "next_move": road_page.next_move(project, committee, deadlines),
        "calendar": road_calendar.calendar_of(deadlines, project, committee),
        "actions": road_page.actions(request.user, project, committee),
        "examines": access.is_its_screener(request.user, project),
        "edit_url": road_page.edit_url(project, "essentials") if can_edit else "",
        "to_mend": road_page.to_mend(request.user, project),
        "attaches": attaches(request.user, project),
        "bearings": bearings_on(project),
        "clearances": clearances_of(project),
        "clears": clearance.is_asked_for(project) and clearance.may_record(request.user, project),
        "fund": road_content.fund_of(project),
        "need": road_content.said(project, *road_content.NEED),
        "coordination": road_content.said(project, "coordination"),
        "care": road_content.care_of(project),
        "budget": road_content.budget_of(project),
        "timeline": road_content.timeline_of(project),
        "beneficiaries": road_content.beneficiaries_of(project),
        "rounds": [screening for screening in project.screenings.all() if screening.closed_at],
        "items": items,
        "has_memo": State(project.state) in MEMO_STATES,
        "item_url": next((url for item, url in items if item.state == ItemState.WAITING), ""),
        "reads_screening": road_page.open_round(project) is not None
        and access.follows_screening(request.user, project),
    }
    return render(request, "projects/detail.html", context)
