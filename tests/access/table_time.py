"""The doors of deadlines, mail and calendars."""

from .doors import Door
from .people import SIGNED_IN

TIME = (Door("projects:deadlines", get=SIGNED_IN),)
