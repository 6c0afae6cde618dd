"""`{% locator region lat lon %}`: a small map of the country with a region brought out, and a point if there is one."""

from django import template

from regions import maps
from regions.models import Region

register = template.Library()


@register.inclusion_tag("regions/parts/locator.html")
def locator(region: Region, lat: float | None = None, lon: float | None = None, label: str = "") -> dict:
    """One query, for the outlines. `label` names the point for those who do not see it."""
    point = (float(lat), float(lon)) if lat is not None and lon is not None else None
    regions = Region.objects.for_map()
    return {
        "map": maps.draw(regions, width=220, current=region.pk, point=point),
        "region": region,
        "label": label,
    }
