"""Places: the regions of Mali with the district of Bamako, and their cercles."""

from .places import Cercle, Region, RegionKind

__all__ = ["Cercle", "Region", "RegionKind"]
