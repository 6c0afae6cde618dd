"""Pure checks and simplification of GeoJSON outlines, in degrees (longitude, latitude; WGS 84)."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from numbers import Real
from typing import Any

from django.utils.translation import gettext as _

Point = tuple[float, float]
Ring = list[Point]
Geometry = dict[str, Any]

# Mali and a margin: what lies outside was projected in metres, or written latitude first.
BOUNDS = (-13.5, 9.0, 5.5, 26.0)


class GeometryError(ValueError):
    """What is wrong with an outline, in the reader's language."""


def polygons(geometry: Geometry) -> list[list[Sequence[Sequence[float]]]]:
    """The polygons of a Polygon or MultiPolygon, each a list of rings, the first of them its shell."""
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def checked(geometry: object, simplify_km: float = 0) -> Geometry:
    """The outline with clean rings (shells anticlockwise, holes clockwise, 4 decimals), lightened by `simplify_km`.

    Raises `GeometryError` when it is no valid Polygon or MultiPolygon within the bounds of Mali.
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in {
        "Polygon",
        "MultiPolygon",
    }:
        raise GeometryError(_("la géométrie doit être de type Polygon ou MultiPolygon."))
    if not isinstance(geometry.get("coordinates"), list) or not geometry["coordinates"]:
        raise GeometryError(_("la géométrie n’a pas de coordonnées."))
    parts = []
    for polygon in polygons(geometry):
        if not isinstance(polygon, list) or not polygon:
            raise GeometryError(_("un polygone est vide."))
        rings = []
        for index, raw in enumerate(polygon):
            ring = lighter(_checked_ring(raw), simplify_km / 111.32)
            if (area(ring) > 0) != (index == 0):
                ring.reverse()
            rings.append([[round(x, 4), round(y, 4)] for x, y in ring])
        parts.append(rings)
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}


def _checked_ring(raw: object) -> Ring:
    if not isinstance(raw, list) or len(raw) < 4:
        raise GeometryError(_("un anneau a moins de quatre points."))
    ring: Ring = []
    for position in raw:
        numbers = isinstance(position, list) and len(position) >= 2 and all(_is_number(v) for v in position[:2])
        if not numbers:
            raise GeometryError(_("une position n’est pas un couple de nombres."))
        x, y = float(position[0]), float(position[1])
        if not (BOUNDS[0] <= x <= BOUNDS[2] and BOUNDS[1] <= y <= BOUNDS[3]):
            raise GeometryError(
                _("la position (%(x)s ; %(y)s) est hors du Mali : attendu longitude puis latitude, en degrés WGS 84.")
                % {"x": position[0], "y": position[1]}
            )
        if not ring or ring[-1] != (x, y):
            ring.append((x, y))
    if ring[0] != ring[-1]:
        raise GeometryError(_("un anneau n’est pas fermé : son dernier point doit être le premier."))
    if len(ring) < 4 or abs(area(ring)) < 1e-6:
        raise GeometryError(_("un anneau n’a pas de surface."))
    if crossing := first_crossing(ring):
        raise GeometryError(
            _("un anneau se coupe lui-même près de %(lat).3f, %(lon).3f.") % {"lat": crossing[1], "lon": crossing[0]}
        )
    return ring


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def area(ring: Sequence[Sequence[float]]) -> float:
    """Signed area in square degrees, positive when the ring runs anticlockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def first_crossing(ring: Sequence[Point]) -> Point | None:
    """Where a ring crosses itself, by a sweep over its segments sorted by longitude; None for a simple ring."""
    segments = sorted(
        (min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1]), a, b) for a, b in pairwise(ring)
    )
    active: list[tuple] = []
    for segment in segments:
        active = [other for other in active if other[1] >= segment[0]]
        for other in active:
            if other[2] <= segment[3] and segment[2] <= other[3] and _cross(*segment[4:], *other[4:]):
                return segment[4]
        active.append(segment)
    return None


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def lighter(ring: Ring, tolerance: float) -> Ring:
    """The closed ring without the points that lie within `tolerance` of the line drawn without them.

    Douglas and Peucker, from the ring's first point and the one furthest from it; never fewer than four points.
    """
    if tolerance <= 0 or len(ring) <= 5:
        return list(ring)
    far = max(range(len(ring)), key=lambda i: math.dist(ring[0], ring[i]))
    kept = {0, far, len(ring) - 1}
    stack = [(0, far), (far, len(ring) - 1)]
    while stack:
        first, last = stack.pop()
        furthest, distance = 0, tolerance
        for i in range(first + 1, last):
            if (d := _to_segment(ring[i], ring[first], ring[last])) > distance:
                furthest, distance = i, d
        if furthest:
            kept.add(furthest)
            stack += [(first, furthest), (furthest, last)]
    result = [ring[i] for i in sorted(kept)]
    return result if len(result) >= 4 else list(ring)


def _to_segment(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0
    along = min(1, max(0, along))
    return math.dist(point, (start[0] + along * dx, start[1] + along * dy))


def centre(geometry: Geometry) -> Point:
    """The centroid of the widest shell, for a label where none is noted."""
    ring = max((polygon[0] for polygon in polygons(geometry)), key=lambda r: abs(area(r)))
    double = 2 * area(ring)
    x = y = 0.0
    for a, b in pairwise(ring):
        step = a[0] * b[1] - b[0] * a[1]
        x += (a[0] + b[0]) * step
        y += (a[1] + b[1]) * step
    return x / (3 * double), y / (3 * double)


def bounds(geometries: Iterable[Geometry]) -> tuple[float, float, float, float]:
    """West, south, east and north of all the geometries, in degrees."""
    points = [p for g in geometries for polygon in polygons(g) for p in polygon[0]]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)
