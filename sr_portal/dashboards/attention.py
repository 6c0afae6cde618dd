"""The attention list of managers: what is late, stuck or unusual, each with why, what to do and the projects concerned."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.attention.finding import Found, look, with_projects
from projects.attention.table import DETECTORS
from projects.models import Project
from projects.references import references
from projects.stages import STAGES
from projects.views.lists import rows_of
from sr_portal.accounts.access import only
from sr_portal.dashboards import envelopes
from sr_portal.dashboards.access import reads_dashboards
from sr_portal.dashboards.asked import Asked, BoardForm, asked_of
from sr_portal.dashboards.pages import places_of
from sr_portal.web import clock
from sr_portal.web.navigation import MONEY_READERS


@require_safe
@only(reads_dashboards)
def attention(request: HttpRequest) -> HttpResponse:
    known = references()
    places = places_of(request.user, known.regions)
    form = BoardForm(request.GET, known, places, fixed=("mesure",))
    asked = asked_of(request.user, form, places, None, None)
    found = with_projects(look(projects_of(request.user, asked), DETECTORS.values()))
    may_read_money = request.user.has_role(*MONEY_READERS)
    uses = envelopes.uses(asked, clock.today()) if may_read_money else []
    context = {
        "form": form,
        "found": [(one, rows_of(one.projects), url_of(asked, one)) for one in found],
        "slow_envelopes": [use for use in uses if use.risk],
        "today": clock.today(),
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "dashboards/board/attention.html", context, status=422 if form.errors else 200)


def projects_of(user, asked: Asked):
    """What the reader may read of what is asked, drafts left out."""
    projects = Project.objects.visible_to(user).filter(state__in=STAGES["deposes"][1])
    if asked.region_ids is not None:
        projects = projects.filter(region_id__in=asked.region_ids)
    if asked.mechanism is not None:
        projects = projects.filter(mechanism=asked.mechanism)
    if asked.fiscal_year:
        projects = projects.filter(fact__fiscal_year=asked.fiscal_year)
    return projects.filter(sector_id=asked.sector) if asked.sector else projects


def url_of(asked: Asked, found: Found) -> str:
    return asked.projects(etape="deposes", signal=found.detector.code)
