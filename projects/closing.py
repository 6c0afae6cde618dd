"""Projects that are over and not accounted for: completed and not closed, or cancelled with money still out."""

from dataclasses import dataclass

from django.db.models import F, Q

from projects.deadlines.days import due_on
from projects.guards.facts import AFTER_CANCELLATION, BEFORE_CLOSURE, Fact
from projects.models import Project
from projects.querysets import ProjectQuerySet
from projects.reporting import local_day
from projects.states import State
from sr_portal.web import clock

OUT = ~Q(paid_usd=F("justified_usd") + F("refunded_usd"))
TO_CLOSE = Q(state=State.COMPLETED) | (Q(state=State.CANCELLED) & OUT)


def to_close(user) -> ProjectQuerySet:
    """What this user may read of them, with the answer to each guard of closure, for a list; one query whatever many."""
    return (
        Project.objects.visible_to(user)
        .filter(TO_CLOSE)
        .select_related("region", "mechanism", "partner")
        .only(
            "reference", "title", "state", "state_since", "paid_usd", "justified_usd", "refunded_usd", "approved_usd",
            "region__name", "region__code", "partner__name", "partner__acronym", "mechanism__closure_days",
        )
        .with_facts(BEFORE_CLOSURE)
    )  # fmt: skip


@dataclass(frozen=True)
class ToClose:
    """A project of the queue; `missing` are the guards that still lack, each with its reason and its page."""

    project: Project
    missing: list[tuple[str, Fact]]

    @property
    def state(self) -> State:
        return State(self.project.state)

    @property
    def over_on(self):
        """The day on which it was completed or cancelled."""
        return local_day(self.project.state_since)

    @property
    def days(self) -> int:
        return (clock.today() - self.over_on).days

    @property
    def due(self):
        """The last day of the mechanism's time limit, which runs from completion; None for a cancelled project."""
        if self.state != State.COMPLETED:
            return None
        return due_on("closure", self.project.mechanism, self.over_on)

    @property
    def days_late(self) -> int:
        return max(0, (clock.today() - self.due).days) if self.due else 0


def row_of(project: Project) -> ToClose:
    facts = BEFORE_CLOSURE if project.state == State.COMPLETED else AFTER_CANCELLATION
    return ToClose(project, [(str(reason), fact) for fact in facts for reason in fact(project)])
