"""Where rows stand on a map, and few enough of them to be sent: for any table that has a point, a cercle and a region.

A row stands at its own point; without one, where the map writes the name of its cercle or of its region, and it is then
said to be approximate. Of more than `MOST` rows none is sent: they are counted by the cells of a grid, and the map asks
again for what it shows once its reader has come closer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Avg, BooleanField, Count, F, FloatField, Func, Max, Min, Q, QuerySet, Value
from django.db.models.expressions import Combinable, ExpressionWrapper
from django.db.models.functions import Cast, Coalesce

MOST = 600  # rows sent at once: some 25 KB of gzip with their titles, and the page of the map stays within its 150
CELL_PIXELS = 56  # two counts side by side on the screen can both be read and touched
LOWEST_ZOOM, HIGHEST_ZOOM = 4, 18
MOST_CELLS = 1500


@dataclass(frozen=True)
class Box:
    """A frame in degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From « west,south,east,north »; None for anything else."""
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            return None
        if not all(math.isfinite(edge) for edge in (west, south, east, north)) or west >= east or south >= north:
            return None
        return cls(west, south, east, north)


def read_zoom(text: str) -> int:
    """The zoom of a web map (each step doubles the scale), kept within what a map of a country needs."""
    return min(max(int(text), LOWEST_ZOOM), HIGHEST_ZOOM) if text.isdecimal() and len(text) < 4 else LOWEST_ZOOM


def _first(own: str, label: str, capital: str) -> Coalesce:
    return Coalesce(
        Cast(own, FloatField()), F(f"cercle__{label}"), F(f"region__{label}"), F(f"region__{capital}"),
        output_field=FloatField(),
    )  # fmt: skip


def placed(rows: QuerySet) -> QuerySet:
    """The rows that have a place, with `lat`, `lon` (degrees) and `approximate`; without a region there is none."""
    return rows.filter(region__isnull=False).annotate(
        lat=_first("latitude", "label_lat", "capital_lat"),
        lon=_first("longitude", "label_lon", "capital_lon"),
        approximate=ExpressionWrapper(Q(latitude__isnull=True), output_field=BooleanField()),
    )


def gathered(rows: QuerySet, columns: Sequence[str | Combinable], *, zoom: int, box: Box | None) -> dict[str, Any]:
    """What a map draws of these rows within `box`, in one query or two.

    `points`: lists of pk, latitude, longitude, 1 if approximate, then `columns`; in the order of the pk, so that equal
    rows make equal data. With more than `MOST` rows `points` is empty, and `cells` are lists of latitude, longitude
    (the middle of what is there), count, west, south, east, north. `whole`: nothing was left out by `box`.
    """
    found = placed(rows).order_by()
    if box is not None:
        found = found.filter(lat__range=(box.south, box.north), lon__range=(box.west, box.east))
    points = list(found.order_by("pk").values_list("pk", "lat", "lon", "approximate", *columns)[: MOST + 1])
    cells: list[list[float]] = []
    if len(points) > MOST:
        points, cells = [], _cells(found, zoom)
    return {
        "whole": box is None and not cells,
        "total": sum(int(cell[2]) for cell in cells) or len(points),
        "points": [
            [pk, round(lat, 5), round(lon, 5), int(approximate), *rest] for pk, lat, lon, approximate, *rest in points
        ],
        "cells": cells,
    }


def _cells(found: QuerySet, zoom: int) -> list[list[float]]:
    size = 360 / 256 * CELL_PIXELS / 2**zoom  # degrees of longitude

    def step(name: str) -> Func:
        return Func(F(name) / Value(size), function="floor", output_field=FloatField())

    grid = (
        found.annotate(row=step("lat"), column=step("lon"))
        .values("row", "column")
        .annotate(n=Count("pk"), mid_lat=Avg("lat"), mid_lon=Avg("lon"))
        .annotate(west=Min("lon"), south=Min("lat"), east=Max("lon"), north=Max("lat"))
        .order_by("-n", "row", "column")
    )
    names = ("mid_lat", "mid_lon", "n", "west", "south", "east", "north")
    return [[round(value, 5) for value in cell] for cell in grid.values_list(*names)[:MOST_CELLS]]


def dots(rows: QuerySet, most: int) -> tuple[list[tuple[float, float]], bool]:
    """The different places (latitude, longitude) of the first `most` rows, in hundredths of a degree; and whether more
    were left out."""
    found = list(placed(rows).values_list("lat", "lon")[: most + 1])
    return sorted({(round(lat, 2), round(lon, 2)) for lat, lon in found[:most]}), len(found) > most
