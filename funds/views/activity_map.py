"""The map of the partners' activities: each region by how many it has, a dot for each known site."""

from typing import Any

from django.utils.translation import ngettext

from funds.activity_querysets import ActivityQuerySet
from regions import maps
from regions.models import Region
from sr_portal.web.templatetags.portal import number, usd

MOST_DOTS = 500
STEPS = 5  # tones of the scale


def drawn(found: ActivityQuerySet) -> dict[str, Any]:
    """`map`, `rows` (region or None, count, partners, USD), `dots_left_out` and the map's sources: four queries."""
    regions = list(Region.objects.for_map())
    totals = {row["region_id"]: row for row in found.by_region()}
    highest = max((row["count"] for key, row in totals.items() if key), default=0)
    tones = {
        region.pk: (
            -(-totals[region.pk]["count"] * STEPS // highest),
            _note(totals[region.pk]),
        )
        for region in regions
        if region.pk in totals
    }
    points = list(
        found.filter(latitude__isnull=False)
        .order_by("-starts_on", "-pk")
        .values_list("latitude", "longitude")[: MOST_DOTS + 1]
    )
    dots = sorted({(round(float(lat), 2), round(float(lon), 2)) for lat, lon in points[:MOST_DOTS]})
    rows = [(region, totals[region.pk]) for region in regions if region.pk in totals]
    if None in totals:
        rows.append((None, totals[None]))
    return {
        "map": maps.draw(regions, tones={region.pk: (0, "") for region in regions} | tones, dots=dots),
        "rows": rows,
        "has_dots": bool(dots),
        "dots_left_out": len(points) > MOST_DOTS,
        "most_dots": MOST_DOTS,
    }


def _note(total: dict[str, Any]) -> str:
    said = ngettext("%(count)s activité", "%(count)s activités", total["count"]) % {"count": number(total["count"])}
    return f"{said}, {usd(total['usd'])}" if total["usd"] is not None else said
