"""The map of the projects: filtered by its address as their list is, the same places in a table beneath."""

from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from funds import access as fund_access
from funds.forms.activities import ActivityFilter
from funds.models import PartnerActivity
from projects.exports.map_data import project_points
from projects.filters import ProjectFilter, chips, title_key
from projects.map_photos import before_and_after
from projects.models import Project
from projects.querysets import ProjectQuerySet
from projects.views.lists import MORE, rows_of
from projects.views.map_words import config
from regions import maps, placing
from regions.models import Region
from sr_portal.web.data import asked_again, json_answer
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted

MOST_DOTS = 500  # on the drawing of those who run no script
MOST_ACTIVITIES = 50  # in the table: the register itself lists them all
# Tiles of another server, where the installation names one: then, and on this page only, its pictures are let in.
TILES = {"img-src": [settings.MAP_TILES_ORIGIN]} if settings.MAP_TILES_ORIGIN else {}


@require_safe
@csp_update(TILES)
@login_required
def project_map(request: HttpRequest) -> HttpResponse:
    filters, found = _found(request)
    order = filters.order
    listed = found.annotate(title_key=title_key()) if order == "title_key" else found
    page = KeysetPage.of(listed.for_list().with_first_due(), request.GET.get(PARAMETER, ""), order=order)
    dots, dots_left_out = placing.dots(found.order_by("-updated_at", "-pk"), MOST_DOTS)
    reads_activities = fund_access.reads_activities(request.user)
    shows_activities = reads_activities and request.GET.get("activites") == "1"
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    context = {
        "filter": filters.form,
        "kept_form": filters.kept_form,
        "chips": chips(filters),
        "more_open": any(request.GET.get(name) for name in MORE),
        "page": page,
        "rows": rows_of(page),
        "count": counted(found),
        "sort": request.GET.get("tri", ""),
        "query": f"?{query.urlencode()}" if query else "",
        "map": maps.draw(Region.objects.for_map(), dots=dots),
        "has_dots": bool(dots),
        "dots_left_out": dots_left_out,
        "most_dots": MOST_DOTS,
        "reads_activities": reads_activities,
        "shows_activities": shows_activities,
        "activities": _activities(request) if shows_activities else None,
        "config": config(reads_activities=reads_activities),
        "tiles_host": urlsplit(settings.MAP_TILES_URL).hostname if settings.MAP_TILES_URL else "",
    }
    return render(request, "projects/map/page.html", context, status=422 if filters.form.errors else 200)


@require_safe
@login_required
@asked_again()
def points(request: HttpRequest) -> HttpResponse:
    """The places of the projects that the address asks for and the reader may see (`placing.gathered`)."""
    _filters, found = _found(request)
    box, zoom = placing.Box.read(request.GET.get("cadre", "")), placing.read_zoom(request.GET.get("zoom", ""))
    return json_answer(project_points(found, zoom=zoom, box=box))


@require_safe
@login_required
@asked_again()
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    """The photos of a popup, asked for when it opens; 404 for a project that the reader may not see."""
    project = get_object_or_404(Project.objects.visible_to(request.user).only("pk"), pk=pk)
    shown = before_and_after(project)
    return json_answer([{"stage": str(one.label), "url": one.url, "caption": one.caption} for one in shown])


def _found(request: HttpRequest) -> tuple[ProjectFilter, ProjectQuerySet]:
    filters = ProjectFilter(request.GET, Project.objects.visible_to(request.user), user=request.user)
    return filters, filters.qs


def _activities(request: HttpRequest) -> dict[str, Any]:
    """The latest of the partners' activities in the region and the sector of the address: nothing else filters them."""
    form = ActivityFilter({name: request.GET.get(name, "") for name in ("region", "secteur")})
    form.is_valid()
    found = PartnerActivity.objects.filtered(form.cleaned_data).for_list()
    rows = list(found.order_by("-starts_on", "-pk")[: MOST_ACTIVITIES + 1])
    return {"rows": rows[:MOST_ACTIVITIES], "more": len(rows) > MOST_ACTIVITIES, "most": MOST_ACTIVITIES}
