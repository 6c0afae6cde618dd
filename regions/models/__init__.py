"""Places, the regions of Mali with the district of Bamako and their cercles; plans for them, and studies of them."""

from .places import Cercle, Region, RegionKind
from .plans import Axis, Direction, Indicator, Plan, PlanStatus, Priority
from .studies import FindingPriority, KeyFinding, Study, StudyDocument, StudyRegion

__all__ = [
    "Axis",
    "Cercle",
    "Direction",
    "FindingPriority",
    "Indicator",
    "KeyFinding",
    "Plan",
    "PlanStatus",
    "Priority",
    "Region",
    "RegionKind",
    "Study",
    "StudyDocument",
    "StudyRegion",
]
