"""Projects and regions as GeoJSON (RFC 7946): longitude before latitude, WGS 84, sent feature by feature."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.db.models import QuerySet

from projects.exports.project_table import PROJECTS
from projects.querysets import ProjectQuerySet
from sr_portal.web.publisher import Publisher

MEDIA_TYPE = "application/geo+json"
BATCH = 100
PLACES = ("latitude", "longitude")
REGION = (
    "code", "name", "kind", "capital", "pcode", "population", "population_year", "population_source", "outline_source"
)  # fmt: skip


def projects(found: ProjectQuerySet, publisher: Publisher) -> Iterator[bytes]:
    """A point for each project that `with_shown()` places, and no geometry for one without any place."""
    names = [field.name for field in PROJECTS.fields]

    def features() -> Iterator[dict[str, Any]]:
        for row in PROJECTS.rows(found):
            told = dict(zip(names, row, strict=True))
            lat, lon = (told.pop(name) for name in PLACES)
            point = None if lat is None else {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}
            yield {"type": "Feature", "id": told["iati_identifier"], "geometry": point, "properties": told}

    return collection(features(), publisher)


def regions(found: QuerySet, publisher: Publisher) -> Iterator[bytes]:
    """The outline of each region, its rings turned as the RFC asks."""

    def features() -> Iterator[dict[str, Any]]:
        for row in found.order_by("rank").values(*REGION, "outline"):
            outline = row.pop("outline")
            yield {
                "type": "Feature", "id": row["code"], "geometry": right_handed(outline) if outline else None,
                "properties": row,
            }  # fmt: skip

    return collection(features(), publisher)


def collection(features: Iterable[dict[str, Any]], publisher: Publisher) -> Iterator[bytes]:
    """A FeatureCollection with its licence and whom to name, which readers that do not know them leave aside."""
    head = orjson.dumps(
        {
            "type": "FeatureCollection", "licence": publisher.licence, "licence_url": publisher.licence_url,
            "attribution": publisher.name_fr,
        }
    )  # fmt: skip
    parts = [head[:-1] + b',"features":[']
    mark = b""
    for feature in features:
        parts.append(mark + orjson.dumps(feature, default=_plain))
        mark = b",\n"
        if len(parts) >= BATCH:
            yield b"".join(parts)
            parts = []
    yield b"".join([*parts, b"]}\n"])


def _plain(value: Any) -> Any:
    """Amounts are numbers in GeoJSON: to the cent, a double holds them exactly enough up to 10 trillion."""
    return float(value)


def right_handed(geometry: dict[str, Any]) -> dict[str, Any]:
    """Outer rings counterclockwise, holes clockwise (RFC 7946 §3.1.6)."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    turned = [[_turned(ring, outer=rank == 0) for rank, ring in enumerate(rings)] for rings in polygons]
    return {"type": geometry["type"], "coordinates": turned[0] if geometry["type"] == "Polygon" else turned}


def _turned(ring: list[list[float]], *, outer: bool) -> list[list[float]]:
    twice_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))
    return ring if (twice_area > 0) == outer else ring[::-1]
