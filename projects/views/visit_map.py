"""Where a visit was made and where the project is, drawn to scale: pure arithmetic, no map of others."""

import math
from dataclasses import dataclass

from projects.rules.visits import FAR_FROM_PROJECT_M

HALF = 100  # units from the centre to the edge of the drawing
MARGIN = 0.82  # of HALF: the farther point stays inside
METRES_A_DEGREE = 111_195


@dataclass(frozen=True)
class Sight:
    """The project stands at the centre, north up; the visit at (`x`, `y`); `ring` is the radius of 2 km, in units."""

    x: float
    y: float
    ring: float
    accuracy: float  # radius of the circle in which the visitor stood, in units; 0 when unknown


def sight_of(visit, project) -> Sight | None:
    """None unless both the visit and the project have a position."""
    points = (visit.latitude, visit.longitude, project.latitude, project.longitude)
    if any(degrees is None for degrees in points):
        return None
    latitude, longitude, centre_latitude, centre_longitude = map(float, points)
    east = (longitude - centre_longitude) * METRES_A_DEGREE * math.cos(math.radians(centre_latitude))
    north = (latitude - centre_latitude) * METRES_A_DEGREE
    reach = max(math.hypot(east, north), FAR_FROM_PROJECT_M)
    scale = HALF * MARGIN / reach
    return Sight(
        x=round(east * scale, 1),
        y=round(-north * scale, 1),
        ring=round(FAR_FROM_PROJECT_M * scale, 1),
        accuracy=round(min((visit.accuracy_m or 0) * scale, HALF), 1),
    )
