"""Whether contributions cover what a project is to reserve: said beforehand, then held by the database.

The database allocates in the writer's own transaction (see `allocate_project` in SQL), and locks contributions after the
project and its envelope. What is said here is a courtesy; after `hold_money_for` it is the answer.
"""

from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

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


class Purse:
    """What signed contributions still have, to say of many projects in a row whether they are covered.

    It takes as `allocate_project` does in SQL: the narrowest earmark first, then the oldest signature. One query.
    """

    def __init__(self) -> None:
        rows = Contribution.objects.signed().order_by("signed_on", "pk")
        kept = rows.values_list("mechanism_id", "region_id", "theme", F("signed_usd") - F("allocated_usd"))
        self.left = [list(row) for row in sorted(kept, key=lambda row: -precision(row[1], row[2]))]

    def take(self, mechanism_id: str, region_id: int, theme: str | None, amount_usd: Decimal) -> Decimal:
        """What of `amount_usd` is not covered, USD; what is, is taken."""
        for row in self.left:
            if row[0] == mechanism_id and earmark_serves(row[1], row[2], region_id, theme):
                part = min(amount_usd, row[3])
                row[3] -= part
                amount_usd -= part
        return amount_usd
