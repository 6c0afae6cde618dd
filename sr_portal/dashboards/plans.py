"""How far the regional plans in force are paid for, over the regions that the reader oversees."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import coverage
from projects.references import references
from sr_portal.accounts.access import only
from sr_portal.dashboards.access import reads_dashboards
from sr_portal.dashboards.asked import BoardForm, asked_of
from sr_portal.dashboards.pages import places_of


@require_safe
@only(reads_dashboards)
def plans(request: HttpRequest) -> HttpResponse:
    """A page of its own, whose table the dashboards take in. Sums are of every fund, year and sector: plans know none."""
    known = references()
    places = places_of(request.user, known.regions)
    form = BoardForm(request.GET, known, places, fixed=("mesure", "mecanisme", "exercice", "secteur"))
    asked = asked_of(request.user, form, places, None, None)
    rows = [
        one for one in coverage.in_force() if asked.region_ids is None or one.plan.region_id in asked.region_ids
    ]  # fmt: skip
    context = {
        "form": form,
        "rows": rows,
        "total": coverage.together(row.total for row in rows),
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "is_narrowed": bool(request.GET.get("region")),
    }
    return render(request, "dashboards/board/plans.html", context, status=422 if form.errors else 200)
