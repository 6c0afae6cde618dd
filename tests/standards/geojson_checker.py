"""A checker of GeoJSON by RFC 7946: what is asked of each object, of positions and of rings."""

from typing import Any

LEVELS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "Polygon": 2, "MultiPolygon": 3}


def faults_of(told: dict[str, Any]) -> list[str]:
    if told.get("type") != "FeatureCollection" or not isinstance(told.get("features"), list):
        return ["not a collection of features"]
    faults = ["crs is no longer allowed"] if "crs" in told else []
    for rank, feature in enumerate(told["features"]):
        if feature.get("type") != "Feature" or "geometry" not in feature or "properties" not in feature:
            faults.append(f"{rank}: not a feature")
            continue
        if feature["geometry"] is not None:
            faults += [f"{rank}: {fault}" for fault in _geometry(feature["geometry"])]
    return faults


def _geometry(geometry: dict[str, Any]) -> list[str]:
    kind = geometry.get("type")
    if kind not in LEVELS or "coordinates" not in geometry:
        return [f"unknown geometry {kind}"]
    coordinates = geometry["coordinates"]
    if kind == "Polygon":
        return _polygon(coordinates)
    if kind == "MultiPolygon":
        return [fault for rings in coordinates for fault in _polygon(rings)]
    return _positions([coordinates] if kind == "Point" else coordinates)


def _positions(positions: list) -> list[str]:
    return [
        f"no position on earth: {one}"
        for one in positions
        if not (len(one) in (2, 3) and -180 <= one[0] <= 180 and -90 <= one[1] <= 90)
    ]


def _polygon(rings: list) -> list[str]:
    faults = []
    for rank, ring in enumerate(rings):
        faults += _positions(ring)
        if len(ring) < 4 or ring[0] != ring[-1]:
            faults.append("a ring is not closed")
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))
        if (area > 0) != (rank == 0):
            faults.append("a ring turns the wrong way")
    return faults
