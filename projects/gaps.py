"""Gaps between what the plans need and the money: `coverage` for what is there, prospects for what may come.

    rows = gaps.of_plans_in_force()         # one Gap for each priority of every plan in force
    gaps.chosen(rows, region="ML-7", theme="Eau et assainissement", order="gap")

What is covered is `projects.coverage`'s reckoning, and nobody else's; here only the open prospects are added, weighted by
their likelihood, by the priority that they name or that their concept note serves, in any version of the plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from funds.models import Prospect
from projects.coverage import ZERO, Money, in_force
from regions.models import Plan, Priority


@dataclass(frozen=True)
class Gap:
    """A priority, its money, and of its open prospects their number and USD weighted by likelihood.

    `left` is what of the gap no prospect covers, never below zero: a hope beyond the need fills no other priority.
    """

    plan: Plan
    priority: Priority
    money: Money
    prospects: int = 0
    weighted: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        return max(self.money.gap - self.weighted, ZERO)


def of_plans_in_force() -> list[Gap]:
    """Every priority of every plan in force, in the order of the regions and of their plans; five queries."""
    hoped = hoped_by_lineage()
    return [
        Gap(covered.plan, row.priority, row.money, *hoped.get(row.priority.lineage, (0, ZERO)))
        for covered in in_force()
        for row in covered.rows
    ]


def hoped_by_lineage() -> dict:
    """Lineage of a priority → number and weighted USD of the open prospects that would serve it; one query."""
    lineage = Coalesce("priority__lineage", "concept_note__priority__lineage")
    rows = (
        Prospect.objects.open()
        .order_by()
        .annotate(lineage=lineage)
        .filter(lineage__isnull=False)
        .values("lineage")
        .annotate(count=Count("pk"), weighted=Sum("weighted_usd"))
    )
    return {row["lineage"]: (row["count"], row["weighted"]) for row in rows}


# How the page may be ordered: the word of the address → what is compared; the largest first.
ORDERS = {
    "ecart": lambda gap: (-gap.left, -gap.money.gap),
    "besoin": lambda gap: (-gap.money.need, -gap.left),
    "prospects": lambda gap: (-gap.weighted, -gap.left),
}


def chosen(
    rows: Iterable[Gap], *, region: str = "", theme: str = "", open_only: bool = False, order: str = ""
) -> list[Gap]:
    """Those of a region (its code) and a theme; `open_only` leaves out what is covered; by an order of `ORDERS`, or as
    the plans number them."""
    found = [
        row
        for row in rows
        if (not region or row.plan.region.code == region)
        and (not theme or row.priority.theme == theme)
        and (not open_only or row.left > 0)
    ]
    return sorted(found, key=ORDERS[order]) if order in ORDERS else found


@dataclass(frozen=True)
class Total:
    need: Decimal
    ours: Decimal
    others: Decimal
    weighted: Decimal
    left: Decimal


def total(rows: list[Gap]) -> Total:
    return Total(
        sum((row.money.need for row in rows), ZERO), sum((row.money.ours for row in rows), ZERO),
        sum((row.money.others for row in rows), ZERO), sum((row.weighted for row in rows), ZERO),
        sum((row.left for row in rows), ZERO),
    )  # fmt: skip
