"""The doors of the map of the projects."""

from .doors import Door
from .people import SIGNED_IN
from .readers import SEES_PROJECT, project_door

MAP = (
    Door("projects:map", get=SIGNED_IN),
    Door("projects:map_points", get=SIGNED_IN),
    project_door("projects:map_photos", get=SEES_PROJECT),
)
