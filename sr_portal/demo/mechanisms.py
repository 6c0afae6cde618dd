"""What the sample proposals answer to their mechanism: the facility, and whatever else its rows ask for."""

import random
from typing import Any

from funds.asked import asked_by
from funds.models import Facility, Mechanism

from .plausible import Plausible


class FundAnswers:
    """Read once for the whole sample; the same answers at each load, drawn from the title alone."""

    def __init__(self) -> None:
        self.mechanisms = {mechanism.code: mechanism for mechanism in Mechanism.objects.all()}
        self.longest = dict(Facility.objects.values_list("pk", "max_months"))

    def fields(self, idea: Plausible) -> dict[str, Any]:
        """Columns of the project's own row: the facility that allows its length."""
        asked = asked_by(self.mechanisms[idea.mechanism])
        draw = random.Random(f"fund: {idea.title}")
        found: dict[str, Any] = {}
        fitting = [term for term in asked.facilities if idea.months <= (self.longest[term.key] or idea.months)]
        if fitting:
            found["facility_id"] = draw.choice(fitting).key
        if asked.focus_areas:
            found["focus_area_id"] = draw.choice(asked.focus_areas).key
        return found
