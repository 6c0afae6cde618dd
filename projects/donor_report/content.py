"""What the report to a donor holds: the contribution, each project that its money finances, and their sums.

USD `Decimal(12, 2)`. `*_usd` of a `Financed` are the contribution's own part: what of the project's payments is taken to
be this contribution's weighs (`AllocationQuerySet.with_paid`; the allocations, while nothing is paid), and each sum of
the project is divided by these weights to the cent (`rules.shares`), so that over all its contributions nothing is lost.
People and results count in full: a well that two donors paid for gives water to everybody.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Model

from funds.models import Contribution, ContributionReceipt
from projects.models import BudgetCategory, ExpectedResult, Project
from projects.rules.shares import CENT, divided
from projects.states import State

ZERO = Decimal(0)
PEOPLE = ("women", "men", "girls", "boys")
OVER = (State.COMPLETED, State.CLOSED)


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both within."""

    since: dt.date
    until: dt.date

    def holds(self, day: dt.date | None) -> bool:
        return day is not None and self.since <= day <= self.until


@dataclass
class Result:
    """An expected result, and what the last accepted report that speaks of it says."""

    expected: ExpectedResult
    value: Decimal | None = None
    comment: str = ""

    @property
    def percent(self) -> int | None:
        """Of the way from the baseline to the target; None where nothing can be said."""
        target, start = self.expected.target, self.expected.baseline or ZERO
        if self.value is None or target is None or target == start:
            return None
        return int(((self.value - start) * 100 / (target - start)).to_integral_value(ROUND_HALF_UP))


@dataclass
class Spent:
    """Accepted receipts of a project in one category, of everybody's money: until the end of the period, and within it."""

    total_usd: Decimal = ZERO
    within_usd: Decimal = ZERO


@dataclass
class Weights:
    """What each contribution of a project weighs in its money; `rank` is that of the contribution reported on."""

    amounts: list[Decimal] = field(default_factory=list)
    paid: list[Decimal] = field(default_factory=list)
    rank: int = 0

    def share(self, amount: Decimal) -> Decimal:
        """This contribution's part of a sum of the project; a sum given back is divided as one that is spent."""
        weights = self.paid if any(self.paid) else self.amounts
        part = divided(abs(amount), weights)[self.rank]
        return part if amount >= 0 else -part


@dataclass
class Financed:
    """A project that holds money of the contribution."""

    project: Project
    weights: Weights
    paid_in_all: Spent = field(default_factory=Spent)  # of everybody's money
    spent_in_all: dict[BudgetCategory, Spent] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    reached: dict[str, int] = field(default_factory=dict)
    completed_on: dt.date | None = None
    difficulties: str = ""
    report_lessons: str = ""
    lessons: list[Model] = field(default_factory=list)
    risks: list[Model] = field(default_factory=list)  # open findings, the gravest first
    photos: dict[str, Model] = field(default_factory=dict)  # "before" and "after" → a record with document and caption

    @property
    def amount_usd(self) -> Decimal:
        return self.weights.amounts[self.weights.rank]

    @property
    def whole_usd(self) -> Decimal:
        return sum(self.weights.amounts, ZERO)

    @property
    def share(self) -> Decimal:
        """Percent of what the project holds, one place."""
        return round(self.amount_usd * 100 / self.whole_usd, 1) if self.whole_usd else ZERO

    @property
    def is_shared(self) -> bool:
        return len(self.weights.amounts) > 1

    @property
    def paid_usd(self) -> Decimal:
        return self.weights.share(self.paid_in_all.total_usd)

    @property
    def paid_within_usd(self) -> Decimal:
        return self.weights.share(self.paid_in_all.within_usd)

    @property
    def spent(self) -> dict[BudgetCategory, Spent]:
        """Its part of what was spent in each category."""
        share = self.weights.share
        return {name: Spent(share(sums.total_usd), share(sums.within_usd)) for name, sums in self.spent_in_all.items()}

    @property
    def justified_usd(self) -> Decimal:
        return sum((sums.total_usd for sums in self.spent.values()), ZERO)

    @property
    def justified_within_usd(self) -> Decimal:
        return sum((sums.within_usd for sums in self.spent.values()), ZERO)

    @property
    def planned(self) -> dict[str, int]:
        return {name: getattr(self.project, f"direct_{name}") for name in PEOPLE}

    def days_late(self, on: dt.date) -> int:
        """How long after its planned end the project was completed, or still runs on that day; 0 when in time."""
        ends = self.project.ends_on
        if ends is None or State(self.project.state) is State.CANCELLED:
            return 0
        is_over = State(self.project.state) in OVER
        return max(((self.completed_on or (ends if is_over else on)) - ends).days, 0)


@dataclass
class DonorReportContent:
    """`financed` are those that the reader may read, the largest amount first; `beyond` the others, for sums alone."""

    contribution: Contribution
    earmark: str
    period: Period
    on: dt.date
    transfers: list[ContributionReceipt]
    financed: list[Financed]
    beyond: list[Financed]

    @property
    def everything(self) -> list[Financed]:
        return [*self.financed, *self.beyond]

    # --- Money, USD, until the end of the period; `within_*` of the period ------------------------------------------
    def _sum(self, name: str, rows: Iterable[Financed] | None = None) -> Decimal:
        return sum((getattr(row, name) for row in (self.everything if rows is None else rows)), ZERO)

    @property
    def signed_usd(self) -> Decimal:
        return self.contribution.signed_usd or ZERO

    @property
    def received_until(self) -> list[ContributionReceipt]:
        return [one for one in self.transfers if one.received_on <= self.period.until]

    @property
    def received_within(self) -> list[ContributionReceipt]:
        return [one for one in self.transfers if self.period.holds(one.received_on)]

    @property
    def received_usd(self) -> Decimal:
        return sum((one.amount_usd for one in self.received_until), ZERO)

    @property
    def within_received_usd(self) -> Decimal:
        return sum((one.amount_usd for one in self.received_within), ZERO)

    @property
    def allocated_usd(self) -> Decimal:
        return self._sum("amount_usd")

    @property
    def free_usd(self) -> Decimal:
        return self.signed_usd - self.allocated_usd

    @property
    def paid_usd(self) -> Decimal:
        return self._sum("paid_usd")

    @property
    def within_paid_usd(self) -> Decimal:
        return self._sum("paid_within_usd")

    @property
    def justified_usd(self) -> Decimal:
        return self._sum("justified_usd")

    @property
    def within_justified_usd(self) -> Decimal:
        return self._sum("justified_within_usd")

    @property
    def to_justify_usd(self) -> Decimal:
        return self.paid_usd - self.justified_usd

    @property
    def left_usd(self) -> Decimal:
        """Signed and not paid yet."""
        return self.signed_usd - self.paid_usd

    def in_currency(self, usd: Decimal) -> Decimal:
        """A sum in the donor's currency at the rate of the signature, to the hundredth."""
        return (usd * (self.contribution.signed_rate or Decimal(1))).quantize(CENT, ROUND_HALF_UP)

    @property
    def categories(self) -> dict[BudgetCategory, Spent]:
        """The contribution's part by budget category, of all projects; in the order of the categories."""
        found: dict[BudgetCategory, Spent] = {}
        for row in self.everything:
            for name, sums in row.spent.items():
                total = found.setdefault(name, Spent())
                total.total_usd += sums.total_usd
                total.within_usd += sums.within_usd
        return {name: found[name] for name in BudgetCategory if name in found}

    # --- People: each project once and in full ----------------------------------------------------------------------
    def people(self, kind: str) -> dict[str, int]:
        """`kind` is "planned" or "reached"."""
        return {name: sum(getattr(row, kind).get(name, 0) for row in self.everything) for name in PEOPLE}

    @property
    def shared(self) -> list[Financed]:
        return [row for row in self.everything if row.is_shared]
