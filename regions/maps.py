"""Outlines drawn as SVG: pure functions from regions to paths, light enough to sit in a page."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from regions import geometry

MIDDLE_LATITUDE = 17.5
# A shape narrower than this, in units of the drawing, gets a dot that a finger can find.
SMALL = 14


@dataclass(frozen=True)
class Shape:
    """One region on the drawing. `tone` is a step from 0 to 5 of a scale of colours, None when nothing is counted."""

    code: str
    name: str
    url: str
    path: str
    label_x: int
    label_y: int
    small: bool
    tone: int | None = None
    note: str = ""
    current: bool = False

    @property
    def told(self) -> str:
        return f"{self.name}, {self.note}" if self.note else self.name

    @property
    def colour(self) -> str:
        """What a class of the drawing ends with."""
        return "" if self.tone is None else f" tone-{self.tone}"


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    shapes: list[Shape]
    point_x: float | None = None
    point_y: float | None = None
    dots: tuple[tuple[float, float], ...] = ()
    project: "Projection | None" = None

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point (degrees) lies on the drawing."""
        x, y = self.project(lon, lat) if self.project else (0.0, 0.0)
        return round(x, 1), round(y, 1)

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def current(self) -> Shape | None:
        return next((shape for shape in self.shapes if shape.current), None)


class Projection:
    """Degrees to units of the drawing: equirectangular, true to scale at the middle of the country."""

    def __init__(self, geometries: Iterable[geometry.Geometry], width: int, margin: int) -> None:
        self.west, south, east, self.north = geometry.bounds(geometries)
        self.margin = margin
        self.shrink = math.cos(math.radians(MIDDLE_LATITUDE))
        self.scale = (width - 2 * margin) / ((east - self.west) * self.shrink)
        self.height = math.ceil((self.north - south) * self.scale + 2 * margin)

    def __call__(self, lon: float, lat: float) -> tuple[float, float]:
        return (
            self.margin + (lon - self.west) * self.shrink * self.scale,
            self.margin + (self.north - lat) * self.scale,
        )


def draw(
    regions: Iterable,
    *,
    width: int = 640,
    tones: Mapping[int, tuple[int, str]] | None = None,
    current: int | None = None,
    point: tuple[float, float] | None = None,
    dots: Iterable[tuple[float, float]] = (),
) -> Drawing | None:
    """The map of the regions, or None when none of them has an outline.

    `tones` gives, per region id, a step from 0 to 5 and a note already translated for its title (« 12 projets »);
    `current` is the id of the region to bring out; `point` and each of `dots` are (latitude, longitude) in
    degrees: the one place that the map is about, and the many that it shows.
    """
    drawn = [region for region in regions if region.outline]
    if not drawn:
        return None
    project = Projection((region.outline for region in drawn), width, margin=6)
    shapes = []
    for region in drawn:
        path, extent = _path(region.outline, project)
        lon, lat = region.label_lon, region.label_lat
        if lon is None or lat is None:
            lon, lat = geometry.centre(region.outline)
        x, y = project(lon, lat)
        tone, note = (tones or {}).get(region.pk, (None, ""))
        shapes.append(
            Shape(
                code=region.code,
                name=region.name,
                url=region.get_absolute_url(),
                path=path,
                label_x=round(x),
                label_y=round(y),
                small=extent < SMALL,
                tone=tone,
                note=note,
                current=region.pk == current,
            )
        )
    placed = tuple((round(x, 1), round(y, 1)) for x, y in (project(lon, lat) for lat, lon in dots))
    if point is None:
        return Drawing(width, project.height, shapes, dots=placed, project=project)
    x, y = project(point[1], point[0])
    return Drawing(width, project.height, shapes, round(x, 1), round(y, 1), dots=placed, project=project)


def as_geojson(regions: Iterable) -> dict:
    """The regions that have an outline as a GeoJSON collection: code, name, and where to write it [latitude, longitude]."""
    features = []
    for region in regions:
        if not region.outline:
            continue
        lat, lon = region.label_lat, region.label_lon
        if lat is None or lon is None:
            lon, lat = geometry.centre(region.outline)
        properties = {"code": region.code, "name": region.name, "label": [lat, lon]}
        features.append({"type": "Feature", "geometry": region.outline, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def _path(outline: geometry.Geometry, project: Projection) -> tuple[str, float]:
    """The path in whole units, each step written relative to the last; and its greater extent."""
    pieces = []
    xs: list[int] = []
    ys: list[int] = []
    for polygon in geometry.polygons(outline):
        for ring in polygon:
            points: list[tuple[int, int]] = []
            for lon, lat in ring:
                x, y = project(lon, lat)
                if not points or (round(x), round(y)) != points[-1]:
                    points.append((round(x), round(y)))
            points = _straightened(points)
            if len(points) < 4:
                continue
            xs += [p[0] for p in points]
            ys += [p[1] for p in points]
            steps = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(points[:-1])).replace(" -", "-")
            pieces.append(f"M{points[0][0]} {points[0][1]}l{steps}z")
    extent = max(max(xs) - min(xs), max(ys) - min(ys)) if xs else 0
    return "".join(pieces), extent


def _straightened(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without the points that lie on a straight line between their neighbours."""
    kept = points[:1]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        turn = (here[0] - before[0]) * (after[1] - here[1]) - (here[1] - before[1]) * (after[0] - here[0])
        if turn:
            kept.append(here)
    return kept + points[-1:] if len(points) > 1 else kept
