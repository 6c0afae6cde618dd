"""What anybody may read of the published projects, in totals from which no sensitive project can be worked out.

Decided here (issue « Dashboards », the public page):
- a hidden project is in no row, count, sum or tone: with it in a total, the total less the rows would tell it;
- a project published without its place has a row (cercle, sector, state) and is counted, which the row tells anyway;
  its amount and its people are in no row and in no sum by region, mechanism or sector, whatever the size of the place;
- these amounts are told together, for the whole country, once there are `FEWEST` of such projects, and rounded to
  `ROUNDED_USD`, which is twice what a QIP may cost: one more project does not show by the difference between two days.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from projects.models import PublishedFile
from projects.publication import IN_FULL
from projects.querysets import ProjectQuerySet
from projects.rules.publication import Disclosure
from regions import maps
from regions.models import Region

FEWEST = 5
ROUNDED_USD = Decimal(100_000)
MOST_PHOTOS = 12
MOST_DOTS = 500
STEPS = 5  # tones of the scale

SUMS = {
    "usd": Coalesce(Sum("approved_usd", filter=IN_FULL), Decimal(0)),
    "paid": Coalesce(Sum("paid_usd", filter=IN_FULL), Decimal(0)) - Coalesce(Sum("refunded_usd", filter=IN_FULL), Decimal(0)),
    "people": Coalesce(Sum("direct_total", filter=IN_FULL), 0),
    "women": Coalesce(Sum("direct_women", filter=IN_FULL), 0) + Coalesce(Sum("direct_girls", filter=IN_FULL), 0),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One region: how many projects are listed, and the sums of those that are told in full."""

    region: Region
    projects: int
    usd: Decimal
    people: int


@dataclass(frozen=True)
class Discreet:
    """Those published without their place: how many, and their amount (USD, rounded), None while they are too few."""

    projects: int
    usd: Decimal | None


@dataclass(frozen=True)
class Figures:
    projects: int
    usd: Decimal
    paid: Decimal
    people: int
    women: int
    lines: list[Line]
    discreet: Discreet

    @property
    def women_share(self) -> int:
        """Percent of the people, women and girls."""
        return round(100 * self.women / self.people) if self.people else 0


def figures_of(found: ProjectQuerySet, regions: list[Region]) -> Figures:
    """Of projects that are `open_to_partners()`; one query."""
    without_place = Q(disclosure=Disclosure.CERCLE)
    by_region = {
        row["region_id"]: row
        for row in found.order_by()
        .values("region_id")
        .annotate(
            projects=Count("pk"), few=Count("pk", filter=without_place),
            few_usd=Coalesce(Sum("approved_usd", filter=without_place), Decimal(0)), **SUMS,
        )
    }  # fmt: skip
    rows = by_region.values()
    few = sum(row["few"] for row in rows)
    few_usd = sum((row["few_usd"] for row in rows), Decimal(0))
    return Figures(
        projects=sum(row["projects"] for row in rows),
        usd=sum((row["usd"] for row in rows), Decimal(0)),
        paid=sum((row["paid"] for row in rows), Decimal(0)),
        people=sum(row["people"] for row in rows),
        women=sum(row["women"] for row in rows),
        lines=[
            Line(region, row["projects"], row["usd"], row["people"])
            for region in regions
            if (row := by_region.get(region.pk))
        ],
        discreet=Discreet(few, rounded(few_usd) if few >= FEWEST else None),
    )


def rounded(usd: Decimal) -> Decimal:
    return (usd / ROUNDED_USD).to_integral_value() * ROUNDED_USD


def map_of(found: ProjectQuerySet, figures: Figures, regions: list[Region], note) -> maps.Drawing | None:
    """The regions by how many projects are listed; a dot at each place that may be told. `note` words a count."""
    highest = max((line.projects for line in figures.lines), default=0)
    tones = {line.region.pk: (-(-line.projects * STEPS // highest), note(line.projects)) for line in figures.lines}
    places = found.with_shown().order_by("pk").values_list("shown_latitude", "shown_longitude")[:MOST_DOTS]
    dots = sorted({(round(lat, 2), round(lon, 2)) for lat, lon in places})
    return maps.draw(regions, tones={region.pk: (0, "") for region in regions} | tones, dots=dots)


def public_photos() -> QuerySet[PublishedFile]:
    """Those that somebody cleared and that are still on file, of projects told in full, the latest first."""
    return PublishedFile.objects.shown().photos().filter(document__thumbnail__gt="").order_by("-cleared_at", "-pk")
