"""How much of a mechanism's money goes to one partner (domain guide §9: the same partner again and again).

Counted on what projects take of the envelope of a fiscal year: the approved amount, then, once closed or cancelled, what
was really paid; where several organisations receive a project's money, each by its share. From which share on it is
said is data of the mechanism.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DecimalField,
    F,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Round
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from funds.models import Envelope, Mechanism
from projects.models import Project, Recipient
from projects.recipients import shares_of
from projects.rules.recipients import amounts_usd, lead_share
from projects.states import GRANTED
from sr_portal.web import clock

ZERO = Decimal(0)
USD = DecimalField(max_digits=16, decimal_places=2)
# What a recipient beside the lead receives of its project, USD.
PART = Round(F("project__reserved_usd") * F("share") / Decimal(100), 2, output_field=USD)


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


@dataclass(frozen=True)
class Concentration:
    """`regions` as the country lists them."""

    partners: list[Share]
    regions: list[RegionShares]


def percent_of(amount: Decimal, total: Decimal) -> Decimal:
    return (amount * 100 / total).quantize(Decimal("0.1")) if total else ZERO


def granted(mechanism: Mechanism, fiscal_year: int) -> QuerySet[Project]:
    """The projects that take from the envelope of this year."""
    return Project.objects.filter(
        state__in=GRANTED, envelope__mechanism=mechanism, envelope__fiscal_year=fiscal_year, partner__isnull=False
    )


@dataclass(frozen=True)
class Received:
    """What one organisation receives of one project, USD."""

    region: str
    key: int
    name: str
    amount: Decimal


def received(projects: QuerySet[Project]) -> list[Received]:
    """The lead's part of each project and the others' beside it, in the order of the regions; two queries."""
    others: dict[int, list[tuple[int, str, Decimal]]] = {}
    beside = Recipient.objects.filter(project__in=projects).order_by("pk")
    for project, *one in beside.values_list("project_id", "organisation_id", "organisation__name", "share"):
        others.setdefault(project, []).append((one[0], one[1], one[2]))
    found = []
    columns = ("pk", "region__name", "partner_id", "partner__name", "reserved_usd")
    for project, region, lead, name, reserved in projects.order_by("region__rank", "pk").values_list(*columns):
        held = others.get(project, [])
        percents = [lead_share(share for _key, _name, share in held), *(share for _key, _name, share in held)]
        people = [(lead, name), *((key, named) for key, named, _share in held)]
        found += [
            Received(region, key, named, amount)
            for (key, named), amount in zip(people, amounts_usd(reserved, percents), strict=True)
        ]
    return found


def _shares(rows: Iterable[Received], limit: Decimal) -> list[Share]:
    """By organisation, the largest part first."""
    rows = list(rows)
    total = sum((row.amount for row in rows), ZERO)
    counts = Counter(row.key for row in rows)
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row.key] += row.amount
    names = {row.key: row.name for row in rows}
    made = [Share(key, names[key], counts[key], amount, total, limit) for key, amount in sums.items()]
    return sorted(made, key=lambda share: (-share.amount, share.name))


def concentration_of(mechanism: Mechanism, fiscal_year: int) -> Concentration:
    """The partners of a mechanism and year, the largest part first, in all and within each region; two queries."""
    rows, limit = received(granted(mechanism, fiscal_year)), mechanism.partner_share_max
    places: dict[str, list[Received]] = {}
    for row in rows:
        places.setdefault(row.region, []).append(row)
    regions = [
        RegionShares(region, sum((row.amount for row in its), ZERO), _shares(its, limit))
        for region, its in places.items()
    ]
    return Concentration(_shares(rows, limit), regions)


def share_with(project: Project) -> Share | None:
    """The part of the project's partner in the year under way, its own part of this project counted with the others.

    None without a partner. A project that is granted is counted once, at what it takes of its envelope. One query; two
    where the mechanism pays several recipients.
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
    part, own, count = asked, sums["own"], sums["count"] + 1
    if project.mechanism.several_recipients:
        beside = _beside(project, year)
        own, count = own + beside["in"] - beside["out"], count + beside["count"]
        part = amounts_usd(asked, [share.percent for share in shares_of(project)] or [Decimal(100)])[0]
    return Share(
        project.partner_id, str(project.partner), count, own + part, sums["total"] + asked,
        project.mechanism.partner_share_max,
    )  # fmt: skip


def _beside(project: Project, year: QuerySet) -> dict[str, Any]:
    """What the project's partner receives beside other leads, what it leaves to others as a lead, USD; one query."""
    mine = Q(organisation=project.partner_id)
    rows = Recipient.objects.filter(project__state__in=GRANTED, project__envelope__in=year)
    return rows.exclude(project=project).aggregate(
        **{"in": Sum(PART, filter=mine, default=ZERO)}, count=Count("project", filter=mine),
        out=Sum(PART, filter=Q(project__partner=project.partner_id), default=ZERO),
    )  # fmt: skip


def of_partners_over_their_share(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Those of which the lead partner is over its share of the envelope (`Share.is_over`), as one SQL condition.

    Where the mechanism pays one organisation a project, the sum of the projects that it leads says it alone; should a
    mechanism no longer pay several, what it shared before is counted for the lead here, and by shares as a number.
    """
    enough = Greatest(
        F("envelope__reserved_usd") * F("mechanism__partner_share_max") / Decimal(100),
        Decimal("0.01"),
        output_field=USD,
    )
    led = (
        Project.objects.filter(state__in=sorted(GRANTED), envelope=OuterRef("envelope"), partner=OuterRef("partner"))
        .order_by()
        .values("envelope")
    )
    beside = (
        Recipient.objects.filter(project__state__in=sorted(GRANTED), project__envelope=OuterRef("envelope"))
        .order_by()
        .values("project__envelope")
    )
    joined, left = beside.filter(organisation=OuterRef("partner")), beside.filter(project__partner=OuterRef("partner"))
    sums = {"sum": Sum("reserved_usd"), "number": Count("pk")}
    alone = Subquery(led.annotate(**sums).filter(number__gt=1).values("sum"))
    parts = [
        _or_nothing(led.annotate(sum=Sum("reserved_usd")), "sum", USD),
        _or_nothing(joined.annotate(sum=Sum(PART)), "sum", USD),
        -_or_nothing(left.annotate(sum=Sum(PART)), "sum", USD),
    ]
    counts = [
        _or_nothing(led.annotate(number=Count("pk")), "number", IntegerField()),
        _or_nothing(joined.annotate(number=Count("project")), "number", IntegerField()),
    ]
    # CASE, so that what is asked of joint projects is not asked of the others.
    is_over = Case(
        When(
            mechanism__several_recipients=True,
            then=Q(GreaterThanOrEqual(sum(parts[1:], parts[0]), enough))
            & Q(GreaterThan(sum(counts[1:], counts[0]), 1)),
        ),
        default=Coalesce(GreaterThanOrEqual(alone, enough), Value(False)),
        output_field=BooleanField(),
    )
    return projects.filter(is_over, partner__isnull=False)


def _or_nothing(rows: QuerySet, name: str, field: Field) -> Coalesce:
    return Coalesce(Subquery(rows.values(name)), Value(0), output_field=field)
