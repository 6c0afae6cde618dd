"""How far the priorities of regional plans are paid for: ours, others' and the gap, to the cent.

    covered = coverage.of_plan(plan)            # PlanCoverage: `rows`, one for each priority in order, and `total`
    coverage.of_plans(plans)                    # plan's key → PlanCoverage, by one query whatever their number
    coverage.in_force()                         # the same for every plan in force, by the rank of its region

A project or a partner's activity serves one priority at most, so no money counts twice. What serves a priority of an
earlier version of the plan counts in every later one that kept it (`Priority.lineage`). Sums are of all projects, not
only of those that the reader may open: they tell no project apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Aggregate, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, JSONObject

from funds.models import ActivityStatus, PartnerActivity
from projects.models import Cell
from projects.states import GRANTED, State
from regions.models import Plan, Priority

ZERO = Decimal("0.00")
# Proposals that lie with somebody of the portal and may still be granted.
ASKED = (
    State.SUBMITTED, State.SCREENING, State.RETURNED, State.ELIGIBLE, State.IN_REVIEW, State.RECOMMENDED,
)  # fmt: skip


@dataclass(frozen=True)
class Money:
    """What serves a priority, or several. USD, `Decimal` of two places.

    `approved`: what our approved projects hold of their envelopes, settled ones for what they really took; `paid`: of
    that, payments less refunds; `asked`: budgets of proposals under way, not counted as cover; `others`: what partners
    put in with their own money. `projects` and `activities` count the first and the last; `unknown` is how many of
    those activities tell no amount in USD; `own` how many more are paid by our own funds, hence left out of `others`.
    """

    need: Decimal = ZERO
    approved: Decimal = ZERO
    paid: Decimal = ZERO
    asked: Decimal = ZERO
    others: Decimal = ZERO
    gap: Decimal = ZERO
    projects: int = 0
    proposals: int = 0
    activities: int = 0
    unknown: int = 0
    own: int = 0

    @property
    def ours(self) -> Decimal:
        return self.approved

    @property
    def covered(self) -> Decimal:
        return self.approved + self.others

    @property
    def surplus(self) -> Decimal:
        """What is put in beyond needs; it fills the gap of no other priority."""
        return self.covered - self.need + self.gap

    @property
    def percent(self) -> Decimal | None:
        """The part of the need that is met, percent to one decimal, 100 at most; None without a need."""
        return share(self.need - self.gap, self.need)

    @property
    def ours_drawn(self) -> Decimal:
        """How long the bar of our money is, percent of the need."""
        return drawn(self.approved, self.need)

    @property
    def others_drawn(self) -> Decimal:
        return min(drawn(self.others, self.need), 100 - self.ours_drawn)


def drawn(part: Decimal, whole: Decimal) -> Decimal:
    """Percent of `whole`, from 0 to 100."""
    return min(max(share(part, whole) or ZERO, ZERO), Decimal(100))


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """Percent to one decimal; None of nothing. Never told as whole, or as nothing, when it is not quite."""
    if not whole:
        return None
    told = (part * 100 / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if part < whole and told >= 100:
        return Decimal("99.9")
    return Decimal("0.1") if part > 0 and not told else told


@dataclass(frozen=True)
class Row:
    priority: Priority
    money: Money


@dataclass(frozen=True)
class PlanCoverage:
    """`rows` in the order of the plan. The gap of the total is the sum of the gaps, never less by a surplus."""

    plan: Plan
    rows: list[Row]
    total: Money = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", together(row.money for row in self.rows))

    def by_axis(self) -> list[tuple[object, list[Row], Money]]:
        """Each axis with its rows and their sums."""
        found: dict[int, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.priority.axis_id, []).append(row)
        return [(rows[0].priority.axis, rows, together(row.money for row in rows)) for rows in found.values()]


def together(some: Iterable[Money]) -> Money:
    """The sum of each column."""
    rows = list(some)
    return Money(**{one.name: sum((getattr(row, one.name) for row in rows), one.default) for one in fields(Money)})


def in_force() -> list[PlanCoverage]:
    """Of every plan in force, by the rank of its region; one query and that of the plans."""
    plans = Plan.objects.in_force().select_related("region").defer("region__outline").order_by("region__rank")
    return list(of_plans(plans).values())


def of_plan(plan: Plan) -> PlanCoverage:
    return of_plans([plan])[plan.pk]


def of_plans(plans: Iterable[Plan]) -> dict[int, PlanCoverage]:
    """Plan's key → its coverage, in the order given; one query for any number of plans and of projects."""
    wanted = {plan.pk: plan for plan in plans}
    rows: dict[int, list[Row]] = {key: [] for key in wanted}
    for priority in with_money(Priority.objects.filter(plan__in=wanted)).select_related("axis").in_order():
        found = {**(priority.ours or {}), **(priority.theirs or {})}
        money = {name: READ[name](value) for name, value in found.items() if value is not None}
        gap = max(priority.need_usd - money.get("approved", ZERO) - money.get("others", ZERO), ZERO)
        rows[priority.plan_id].append(Row(priority, Money(need=priority.need_usd, gap=gap, **money)))
    return {key: PlanCoverage(plan, rows[key]) for key, plan in wanted.items()}


# JSON has no decimals: a sum travels as text.
READ = {one.name: Decimal if isinstance(one.default, Decimal) else int for one in fields(Money)}


def with_money(priorities: QuerySet[Priority]) -> QuerySet[Priority]:
    """Each with `ours` and `theirs`: the columns of `Money` of all that serves its lineage, None of nothing."""
    return priorities.annotate(ours=Subquery(our_money()), theirs=Subquery(their_money()))


def our_money() -> QuerySet:
    """Those that are ours, from the sums that the database keeps of each priority."""
    granted, asked = Q(state__in=sorted(GRANTED)), Q(state__in=ASKED)
    return together_by_lineage(
        Cell.objects.filter(grain="priority"),
        approved=Sum("reserved_usd", filter=granted),
        paid=Sum(F("paid_usd") - F("refunded_usd"), filter=granted),
        asked=Sum("requested_usd", filter=asked),
        projects=Sum("projects", filter=granted),
        proposals=Sum("projects", filter=asked),
    )


def their_money() -> QuerySet:
    """Those that are others'. What was given up counts nowhere."""
    own = Q(own_fund__isnull=False)
    return together_by_lineage(
        PartnerActivity.objects.exclude(status=ActivityStatus.CANCELLED),
        others=Sum("amount_usd", filter=~own),
        activities=Count("pk", filter=~own),
        unknown=Count("pk", filter=~own & Q(amount_usd__isnull=True)),
        own=Count("pk", filter=own),
    )


def together_by_lineage(rows: QuerySet, **sums: Aggregate) -> QuerySet:
    """The sums over the rows that serve the outer priority, in any version of its plan, as one JSON object."""
    told = JSONObject(**{name: Cast(one, CharField()) for name, one in sums.items()})
    mine = rows.filter(priority__lineage=OuterRef("lineage")).order_by()
    return mine.values("priority__lineage").annotate(told=told).values("told")
