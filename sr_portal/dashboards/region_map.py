"""The map of the regions by a measure: outlines are drawn once a process, colours for each page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from regions import maps
from regions.models import Region
from sr_portal.accounts.roles import Scope

TONES = 5


@lru_cache(maxsize=4)
def drawn(prints: tuple[tuple[int, str, str], ...]) -> maps.Drawing | None:
    """Until an outline or a name changes."""
    return maps.draw(Region.objects.filter(pk__in=[key for key, _name, _print in prints]).order_by("rank", "pk"))


def drawing_of(places: Sequence[Region]) -> maps.Drawing | None:
    """The drawing of these regions without colours; no query while no outline has changed."""
    return drawn(tuple((place.pk, place.name, place.print) for place in places))


def draw(
    places: Sequence[Region],
    values: Mapping[int, Any],
    write: Callable[[Any], str],
    url: Callable[[Region], str],
    area: Scope,
) -> maps.Drawing | None:
    """The drawing of these regions, in `area` the darker the greater the value; each leads to `url`."""
    drawing = drawing_of(places)
    if drawing is None:
        return None
    by_code = {place.code: place for place in places}
    highest = max(values.values(), default=0)
    shapes = []
    for shape in drawing.shapes:
        place = by_code[shape.code]
        if not area.covers(place.pk):
            shapes.append(replace(shape, url=url(place)))
            continue
        value = values.get(place.pk, 0)
        shapes.append(replace(shape, tone=tone_of(value, highest), note=write(value), url=url(place)))
    return replace(drawing, shapes=shapes)


def tone_of(value: Any, highest: Any) -> int:
    """0 for nothing, 1 to 5 in equal steps up to the highest."""
    if not value or not highest:
        return 0
    return min(TONES, 1 + int(TONES * value / highest)) if value < highest else TONES
