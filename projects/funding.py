"""Whether contributions cover what a project is to reserve: said beforehand, then held by the database.

The database allocates in the writer's own transaction (see `allocate_project` in SQL), and locks contributions after the
project and its envelope. What is said here is a courtesy; after `hold_money_for` it is the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from funds.imports.contributions import ToldContribution
from funds.models import Contribution
from funds.rules import earmark_serves, precision
from funds.themes import earmark_words, themes
from projects.models import Project
from projects.rules.funding import Earmarked, uncovered


def theme_of(project: Project) -> str | None:
    return project.sector.group_fr if project.sector_id and project.sector else None


def hold_money_for(project: Project) -> None:
    """Lock the contributions that may pay for the project, in the order in which the database will."""
    if project.mechanism.funded_by_contributions:
        serving = Contribution.objects.serving(project.mechanism_id, project.region_id, theme_of(project))
        list(serving.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def money_for(project: Project) -> list[Earmarked]:
    """The signed contributions of the project's mechanism that still have money, the ones that serve it or not."""
    rows = Contribution.objects.filter(mechanism=project.mechanism_id).signed().order_by("pk")
    theme, named = theme_of(project), themes()
    return [
        Earmarked(
            donor=row.donor.acronym or row.donor.name,
            earmark=earmark_words(row.region.name if row.region else "", row.theme, named),
            free_usd=row.free_usd,
            serves=earmark_serves(row.region_id, row.theme, project.region_id, theme),
        )
        for row in rows.select_related("donor", "region").defer("region__outline")
        if row.free_usd > 0
    ]


def reasons_against_reserving(project: Project, more_usd: Decimal) -> list[str]:
    """Why contributions do not cover `more_usd` USD more of this project; [] when they do, or where none are needed."""
    if more_usd <= 0 or not project.mechanism.funded_by_contributions:
        return []
    theme = theme_of(project)
    where = _(", ").join(
        [project.mechanism.name, project.region.name, *([themes().get(theme, theme)] if theme else [])]
    )
    return uncovered(more_usd, money_for(project), where)


def reasons_of_empty_purse(project: Project) -> list[str]:
    """Why nothing at all could be approved: no contribution that serves the project has money left."""
    if not project.mechanism.funded_by_contributions:
        return []
    serving = Contribution.objects.serving(project.mechanism_id, project.region_id, theme_of(project))
    return [] if serving.free_usd() > 0 else reasons_against_reserving(project, project.recommended_usd or Decimal(0))


@dataclass(frozen=True)
class Carrier:
    """A contribution that would carry a project, or carries it; USD. `free_usd` is what no project holds of it yet."""

    contribution: Contribution
    earmark: str
    part_usd: Decimal
    free_usd: Decimal

    @property
    def left_usd(self) -> Decimal:
        return self.free_usd - self.part_usd


@dataclass(frozen=True)
class CarryingPlan:
    """What the database would take for `wanted_usd` of a project, in its order; `lacks` says why it is not enough."""

    wanted_usd: Decimal
    carriers: list[Carrier]
    lacks: list[str]

    @property
    def covered_usd(self) -> Decimal:
        return sum((one.part_usd for one in self.carriers), Decimal(0))


def carrying_plan(project: Project, wanted_usd: Decimal) -> CarryingPlan | None:
    """Asked of `allocation_plan`, the function by which the database allocates; None where no contribution is needed.

    Three queries, two more when it does not suffice.
    """
    if wanted_usd <= 0 or not project.mechanism.funded_by_contributions:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT contribution_id, part, free FROM allocation_plan(%s, %s)", [project.pk, wanted_usd])
        rows = cursor.fetchall()
    found = Contribution.objects.select_related("donor", "region").defer("region__outline")
    known, named = found.in_bulk([key for key, _part, _free in rows]), themes()
    carriers = [Carrier(known[key], earmark_of(known[key], named), part, free) for key, part, free in rows]
    short = sum((one.part_usd for one in carriers), Decimal(0)) < wanted_usd
    return CarryingPlan(wanted_usd, carriers, reasons_against_reserving(project, wanted_usd) if short else [])


def earmark_of(contribution: Contribution, named: dict[str, str]) -> str:
    return earmark_words(contribution.region.name if contribution.region else "", contribution.theme, named)


class Purse:
    """What signed contributions still have, to say of many projects in a row whether they are covered.

    It takes as `allocate_project` does in SQL: the narrowest earmark first, then the oldest signature. One query.
    `coming` are contributions that the same import brings.
    """

    def __init__(self, coming: Iterable[ToldContribution] = ()) -> None:
        rows = Contribution.objects.signed().order_by("signed_on", "pk")
        free = F("signed_usd") - F("allocated_usd")
        kept = list(rows.values_list("mechanism_id", "region_id", "theme", free, "signed_on"))
        for told in coming:
            values = told.values
            if values["signed_on"]:
                region = values["region"].pk if values["region"] else None
                kept.append((values["mechanism"].pk, region, values["theme"], told.free_usd, values["signed_on"]))
        self.left = [list(row) for row in sorted(kept, key=lambda row: (-precision(row[1], row[2]), row[4]))]

    def take(self, mechanism_id: str, region_id: int, theme: str | None, amount_usd: Decimal) -> Decimal:
        """What of `amount_usd` is not covered, USD; what is, is taken."""
        for row in self.left:
            if row[0] == mechanism_id and earmark_serves(row[1], row[2], region_id, theme):
                part = min(amount_usd, row[3])
                row[3] -= part
                amount_usd -= part
        return amount_usd
