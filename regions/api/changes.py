"""What changes a region, for the log of changes."""

from regions.models import Cercle, Region
from sr_portal.api.changes import register, touches

TABLE = {
    Region: (touches("region"),),
    Cercle: (touches("region", "region_id"),),
}


def declare() -> None:
    register(TABLE)
