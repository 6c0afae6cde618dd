"""What must be obligated before a fiscal year ends: approved projects whose agreement is not signed, by envelope."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q, Sum
from django.db.models.functions import Coalesce

from funds.models import Envelope
from projects.models import Deadline, Project
from projects.querysets import ProjectQuerySet
from projects.reporting import local_day
from projects.states import State
from sr_portal.web import clock

TO_SIGN = Q(state=State.APPROVED)
WAITING = (State.RECOMMENDED,)  # for a decision, which would reserve


@dataclass(frozen=True)
class YearEnd:
    """An envelope `with_flows` and the last day of its year, both included; amounts in USD.

    `to_sign` projects hold `to_obligate_usd` of it without an agreement; `waiting` ones wait for a decision.
    """

    envelope: Envelope
    last: dt.date
    waiting: int = 0
    waiting_usd: Decimal = Decimal(0)

    @property
    def days_left(self) -> int:
        """0 on the last day, negative once it is over."""
        return (self.last - clock.today()).days

    @property
    def days_over(self) -> int:
        return -self.days_left

    @property
    def to_sign(self) -> int:
        return self.envelope.to_sign

    @property
    def to_obligate_usd(self) -> Decimal:
        """Reserved and not obligated."""
        return self.envelope.reserved_usd - self.envelope.obligated_usd

    @property
    def is_open(self) -> bool:
        """Its year runs, or is over with something left to sign."""
        return clock.today() <= self.last or bool(self.to_sign)


def envelopes() -> list[YearEnd]:
    """Of each mechanism, the year that runs and those that ended with something left to sign, the nearest end first.

    Two queries.
    """
    found = (
        Envelope.objects.filter(fiscal_year__lte=clock.today().year)
        .with_flows()
        .annotate(to_sign=Count("projects", filter=Q(projects__state=State.APPROVED)))
        .select_related("mechanism")
    )
    waiting = {
        row["mechanism_id"]: row
        for row in Project.objects.filter(state__in=WAITING)
        .order_by()
        .values("mechanism_id")
        .annotate(count=Count("pk"), sum=Coalesce(Sum("recommended_usd"), Decimal(0)))
    }
    rows = [_row(envelope, waiting) for envelope in found]
    return sorted((row for row in rows if row.is_open), key=lambda row: (row.last, row.envelope.mechanism_id))


def _row(envelope: Envelope, waiting: dict) -> YearEnd:
    first, last = envelope.bounds
    mine = waiting.get(envelope.mechanism_id)
    if mine is None or not first <= clock.today() <= last:  # a decision reserves of the year that runs
        return YearEnd(envelope, last)
    return YearEnd(envelope, last, mine["count"], mine["sum"])


def year_end_of(envelope: Envelope) -> YearEnd:
    """For one envelope `with_flows`; one query."""
    envelope.to_sign = envelope.projects.filter(TO_SIGN).count()
    return YearEnd(envelope, envelope.bounds[1])


def to_obligate(envelope: Envelope, user) -> ProjectQuerySet:
    """What this user may read of the projects to sign before its year ends, with the deadline that says who must act."""
    signing = Deadline.objects.filter(code="agreement", turn__isnull=False).select_related("person")
    return (
        Project.objects.visible_to(user)
        .filter(TO_SIGN, envelope=envelope)
        .select_related("region", "partner")
        .only(
            "reference", "title", "state", "state_since", "reserved_usd", "approved_usd", "obligated_usd",
            "region__name", "region__code", "partner__name", "partner__acronym",
        )
        .annotate(to_obligate_usd=F("reserved_usd") - F("obligated_usd"))
        .prefetch_related(Prefetch("deadlines", signing, to_attr="signing"))
    )  # fmt: skip


@dataclass(frozen=True)
class ToSign:
    project: Project

    @property
    def deadline(self) -> Deadline | None:
        return self.project.signing[0] if self.project.signing else None

    @property
    def approved_on(self) -> dt.date | None:
        return local_day(self.project.state_since)

    @property
    def who(self) -> str:
        """Whose turn it is, by name or office."""
        return self.deadline.office if self.deadline else ""

    @property
    def what(self) -> str:
        return str(self.deadline.whose.what) if self.deadline and self.deadline.whose else ""
