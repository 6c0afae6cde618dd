"""The numbers of a dashboard, read from the sums that the database keeps (decision 0011): a few queries, at any size."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from projects.models import Cell, ClockCell, ProjectFact
from projects.models.summary import SOME_CLOCK
from projects.states import State
from projects.summary.table import CLOCKS, MEASURES
from sr_portal.dashboards.asked import Asked
from sr_portal.dashboards.measures import PEOPLE

Sums = Mapping[str, Any]
# What is told of a region, a sector and a kind of partner.
FEW = ("filed", "granted", "approved_usd", "paid_usd", "justified_usd", "left_usd", *PEOPLE)


@dataclass(frozen=True)
class Clock:
    late: int = 0
    running: int = 0

    @property
    def on_time(self) -> int:
        return self.running - self.late


@dataclass(frozen=True)
class Figures:
    """`states` and `total` are of the fiscal year asked for, or of all; `years` are the totals of each year."""

    states: dict[State, Sums]
    total: Sums
    years: dict[int, Sums]
    year: int
    sectors: dict[str, Sums]
    partners: dict[str, Sums]
    regions: dict[int, Sums]
    clocks: dict[str, Clock]

    @property
    def this_year(self) -> Sums:
        return self.years.get(self.year, NOTHING)

    @property
    def last_year(self) -> Sums:
        return self.years.get(self.year - 1, NOTHING)

    def of(self, states: Iterable[State], name: str) -> Any:
        return sum((self.states[state][name] for state in states if state in self.states), 0)


NOTHING: Sums = {name: Decimal(0) if name.endswith("_usd") else 0 for name in MEASURES}


def added(rows: Iterable[Sums]) -> Sums:
    total = dict(NOTHING)
    for row in rows:
        for name, value in row.items():
            total[name] += value
    return total


def read(asked: Asked, today: dt.date) -> Figures:
    """Three queries, whatever the number of projects."""
    years: dict[int, list[Sums]] = defaultdict(list)
    states: dict[State, list[Sums]] = defaultdict(list)
    for (year, state), sums in _by(asked, ("state",), ("fiscal_year", "state"), tuple(MEASURES)):
        years[year].append(sums)
        if asked.fiscal_year in (None, year):
            states[State(state)].append(sums)
    per_state = {state: added(states[state]) for state in State if state in states}
    of_year = {"fiscal_year": asked.fiscal_year} if asked.fiscal_year else {}
    parts: dict[str, dict[Any, list[Sums]]] = {name: defaultdict(list) for name in ("sector", "partner", "region")}
    by = ("grain", "region_id", "sector_id", "partner_kind")
    for (grain, region, sector, kind), sums in _by(asked, ("sector", "partner"), by, FEW, **of_year):
        if grain in ("sector", "whole_sector"):
            parts["sector"][sector].append(sums)
            continue
        if grain != "region":
            parts["partner"][kind].append(sums)
        if grain != "whole_partner":
            parts["region"][region].append(sums)
    clocks, late = _clocks(asked, today)
    return Figures(
        states=per_state,
        total=added(per_state.values()),
        years={year: added(rows) for year, rows in sorted(years.items())},
        year=asked.year_on(today),
        sectors={key: added(rows) for key, rows in parts["sector"].items()},
        partners={key: added(rows) for key, rows in parts["partner"].items()},
        regions={key: {**added(rows), "late": late.get(key, 0)} for key, rows in parts["region"].items()},
        clocks=clocks,
    )


# The grains that answer the same question when one sector is asked for, or when nothing narrows the place.
IN_SECTOR = {"state": ("sector_state",), "sector": ("sector",), "partner": ("sector_partner",)}
WHOLE = {"state": ("whole_state",), "sector": ("whole_sector",), "partner": ("whole_partner", "region")}


def _by(asked: Asked, grains: tuple[str, ...], by: tuple[str, ...], measures: tuple[str, ...], **where: Any):
    """(values of `by`, sums of `measures`) of these grains; one query. Cells in which no project is left are left out."""
    where |= asked.where
    if asked.sector:
        grains = tuple(other for grain in grains for other in IN_SECTOR[grain])
        where["sector_id"] = asked.sector
    elif asked.region_ids is None:
        grains = tuple(other for grain in grains for other in WHOLE[grain])
    rows = Cell.objects.filter(grain__in=grains, **where).summed(*by, measures=("projects", *measures))
    for row in rows.values_list(*by, "projects_sum", *(f"{name}_sum" for name in measures)):
        if row[len(by)]:
            yield row[: len(by)], dict(zip(measures, row[len(by) + 1 :], strict=True))


def _clocks(asked: Asked, today: dt.date) -> tuple[dict[str, Clock], dict[int, int]]:
    """Each clock over all that is asked, and how many are late in each region; one query."""
    where = asked.where | ({"fiscal_year": asked.fiscal_year} if asked.fiscal_year else {})
    if asked.sector:
        rows = _clocks_of_sector(asked, today, where)
    else:
        counted = ClockCell.objects.filter(**where).counted("clock", "region_id", on=today)
        rows = list(counted.values_list("clock", "region_id", "late", "running"))
    sums: dict[str, list[int]] = {name: [0, 0] for name in CLOCKS}
    late: dict[int, int] = {}
    for name, region, late_here, running in rows:
        sums[name][0] += late_here
        sums[name][1] += running
        if name == "due_on":
            late[region] = late_here
    return {name: Clock(*pair) for name, pair in sums.items()}, late


def _clocks_of_sector(asked: Asked, today: dt.date, where: dict[str, Any]) -> list[tuple]:
    """From the facts themselves: those of one sector on which a clock runs are few."""
    facts = ProjectFact.objects.filter(SOME_CLOCK, sector_id=asked.sector, **where).order_by().values("region_id")
    counts = {}
    for name in CLOCKS:
        counts[f"{name}_late"] = Count(name, filter=Q(**{f"{name}__lt": today}))
        counts[f"{name}_running"] = Count(name)
    return [
        (name, row["region_id"], row[f"{name}_late"], row[f"{name}_running"])
        for row in facts.annotate(**counts)
        for name in CLOCKS
    ]
