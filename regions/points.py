"""Many points against their regions by one question."""

from collections.abc import Sequence

from django.db import connection


def outside(points: Sequence[tuple[int, float, float]]) -> list[int]:
    """The ranks of those (region's key, latitude, longitude in degrees) that lie outside of their region."""
    if not points:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n FROM unnest(%s::int[], %s::bigint[], %s::float8[], %s::float8[]) AS p(n, region, lat, lon)"
            " WHERE NOT region_contains(region, lat, lon) ORDER BY n",
            [list(range(len(points))), *(list(column) for column in zip(*points, strict=True))],
        )
        return [rank for (rank,) in cursor.fetchall()]
