"""Pages of the places, open to all who are signed in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from regions import access, maps
from regions.models import FindingPriority, KeyFinding, Region, Study
from sr_portal.web.data import asked_again, json_answer


@require_safe
@login_required
def region_list(request: HttpRequest) -> HttpResponse:
    regions = list(Region.objects.with_cercle_count())
    return render(
        request,
        "regions/list.html",
        {
            "regions": regions,
            "map": maps.draw(regions),
            "outline_sources": list(dict.fromkeys(r.outline_source for r in regions if r.outline_source)),
            "simplified": any(r.outline_tolerance_km > 1 for r in regions),
            "population_sources": list(dict.fromkeys(r.population_source for r in regions if r.population_source)),
        },
    )


STUDIES_SHOWN = 5


def plans_and_studies(region: Region) -> dict:
    """Its plans, the one in force first, its latest studies, and what these found of its priorities."""
    studies = Study.objects.of_region(region.pk).defer("search", "abstract").latest_first()
    bearings = FindingPriority.objects.filter(priority__plan__region=region, priority__plan__status="validated")
    found = KeyFinding.objects.filter(pk__in=bearings.values("finding")).select_related("study")
    return {
        "plans": sorted(region.plans.defer("summary"), key=lambda plan: (not plan.is_in_force, -plan.number)),
        "studies": list(studies[:STUDIES_SHOWN]),
        "findings": list(found.defer("search", "study__search", "study__abstract").order_by("-study__starts_on")),
    }


@require_safe
@login_required
def region_detail(request: HttpRequest, code: str) -> HttpResponse:
    region = get_object_or_404(Region.objects.without_outline(), code=code)
    return render(
        request,
        "regions/detail.html",
        {
            "region": region,
            "cercles": list(region.cercles.order_by("name")),
            "reads_plans": access.reads_plans(request.user),
            **(plans_and_studies(region) if access.reads_plans(request.user) else {}),
        },
    )


@require_safe
@login_required
@asked_again(seconds=3600)
def outlines(request: HttpRequest) -> HttpResponse:
    """The regions as GeoJSON (RFC 7946), for the base of a map."""
    return json_answer(maps.as_geojson(Region.objects.for_map()))
