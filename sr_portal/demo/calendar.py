"""The reports of the calendar in a sample project's life, and the tranches that they open."""

import datetime as dt
import random
from typing import TYPE_CHECKING

from projects.money_querysets import facts_of
from projects.reporting import periodic_days
from projects.rules.gates import closed_gates
from projects.states import State

if TYPE_CHECKING:
    from .life import Life

FORGOTTEN = 0.12  # of the reports of the calendar: the list of deadlines says so
REPORTING = (State.AGREED, State.ACTIVE, State.COMPLETED)


class Calendar:
    """Draws for itself: the lives of projects whose mechanism has no calendar stay as they were."""

    def __init__(self, life: "Life") -> None:
        self.life, self.draw = life, random.Random(f"calendar: {life.project.title}")

    def begin(self) -> None:
        for due, _period in periodic_days(self.life.fresh()):
            if self.draw.random() >= FORGOTTEN:
                day = due - dt.timedelta(days=self.draw.randint(2, 12))
                self.life.on(day, lambda due=due: self.report(due))

    def report(self, due: dt.date) -> None:
        project = self.life.fresh()
        if project.state in REPORTING and due in dict(periodic_days(project)):
            self.life.write("periodic", None, self.next_tranche, due)

    def next_tranche(self) -> None:
        """What was declared opens the next tranche, where nothing else holds it."""
        project = self.life.fresh()
        plan = list(project.instalments.order_by("position"))
        waiting = next((row for row in plan if row.state == "planned"), None)
        if waiting and project.state == State.ACTIVE and not closed_gates(facts_of(project), plan, waiting.position):
            self.life.ask_for(waiting.position, lambda: None)
