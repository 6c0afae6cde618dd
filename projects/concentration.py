"""How much of a mechanism's money goes to one partner (domain guide §9: the same partner again and again).

Counted on what projects take of the envelope of a fiscal year: the approved amount, then, once closed or cancelled, what
was really paid. From which share on it is said is data of the mechanism.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from funds.models import Envelope, Mechanism
from projects.models import Project
from projects.states import GRANTED
from sr_portal.web import clock

ZERO = Decimal(0)


@dataclass(frozen=True)
class Share:
    """One partner's, or one region's, part of `total`: USD `Decimal(12, 2)`, `percent` with one decimal."""

    key: int
    name: str
    projects: int
    amount: Decimal
    total: Decimal
    limit: Decimal

    @property
    def percent(self) -> Decimal:
        return percent_of(self.amount, self.total)

    @property
    def is_over(self) -> bool:
        """At or above the mechanism's share, with more than one project: a first one is not « again and again »."""
        return self.projects > 1 and self.amount * 100 >= self.limit * self.total > 0


@dataclass(frozen=True)
class RegionShares:
    name: str
    amount: Decimal
    partners: list[Share]


def percent_of(amount: Decimal, total: Decimal) -> Decimal:
    return (amount * 100 / total).quantize(Decimal("0.1")) if total else ZERO


def granted(mechanism: Mechanism, fiscal_year: int) -> QuerySet[Project]:
    """The projects that take from the envelope of this year."""
    return Project.objects.filter(
        state__in=GRANTED, envelope__mechanism=mechanism, envelope__fiscal_year=fiscal_year, partner__isnull=False
    )


def by_partner(mechanism: Mechanism, fiscal_year: int) -> list[Share]:
    """The partners of a mechanism and year, the largest part first; one query."""
    rows = list(
        granted(mechanism, fiscal_year)
        .values_list("partner_id", "partner__name")
        .annotate(projects=Count("pk"), amount=Sum("reserved_usd"))
        .order_by("-amount", "partner__name")
    )
    total = sum((row[3] for row in rows), ZERO)
    return [Share(*row, total=total, limit=mechanism.partner_share_max) for row in rows]


def by_region(mechanism: Mechanism, fiscal_year: int) -> list[RegionShares]:
    """The same within each region, as the country lists them; one query."""
    rows = list(
        granted(mechanism, fiscal_year)
        .values_list("region__rank", "region__name", "partner_id", "partner__name")
        .annotate(projects=Count("pk"), amount=Sum("reserved_usd"))
        .order_by("region__rank", "-amount", "partner__name")
    )
    found: dict[str, list[tuple]] = {}
    for _rank, region, *partner in rows:
        found.setdefault(region, []).append(tuple(partner))
    shares = []
    for region, partners in found.items():
        total = sum((row[3] for row in partners), ZERO)
        made = [Share(*row, total=total, limit=mechanism.partner_share_max) for row in partners]
        shares.append(RegionShares(region, total, made))
    return shares


def share_with(project: Project) -> Share | None:
    """The part of the project's partner in the year under way, this project's budget counted with the others; one query.

    None without a partner. A project that is granted is counted once, at what it takes of its envelope.
    """
    if project.partner_id is None:
        return None
    year = Envelope.objects.for_day(project.mechanism, clock.today()).values("pk")
    mine = Q(partner_id=project.partner_id)
    sums = (
        Project.objects.filter(state__in=GRANTED, envelope__in=year)
        .exclude(pk=project.pk)
        .aggregate(
            count=Count("pk", filter=mine),
            own=Sum("reserved_usd", filter=mine, default=ZERO),
            total=Sum("reserved_usd", default=ZERO),
        )
    )
    asked = project.reserved_usd if project.state in GRANTED else project.budget_usd
    return Share(
        project.partner_id, str(project.partner), sums["count"] + 1, sums["own"] + asked, sums["total"] + asked,
        project.mechanism.partner_share_max,
    )  # fmt: skip
