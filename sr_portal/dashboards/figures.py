"""The numbers of a dashboard, read from the sums that the database keeps (decision 0011): one query, at any size."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.utils.functional import SimpleLazyObject

from projects.states import State
from projects.summary import reading
from projects.summary.table import CLOCKS, MEASURES
from sr_portal.dashboards.asked import Asked
from sr_portal.dashboards.measures import PEOPLE

Sums = Mapping[str, Any]
# What the sums of each grain are told of.
TOLD_BY = {
    "sector": ("sector",), "whole_sector": ("sector",), "partner": ("partner", "region"), "sector_partner": ("partner", "region"),
    "whole_partner": ("partner",), "whole_sector_partner": ("partner",), "region": ("region",),
}  # fmt: skip
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


def text_of(asked: Asked, today: dt.date) -> str:
    """All numbers of a dashboard as the database says them, and the mark of the envelopes; the same text is the same
    dashboard."""
    regions = None if asked.region_ids is None else tuple(sorted(asked.region_ids))
    mechanism = asked.mechanism.code if asked.mechanism else ""
    return reading.answer(reading.Question(regions, mechanism, asked.fiscal_year, asked.sector), FEW, today)


def read(asked: Asked, today: dt.date) -> Figures:
    """One query, whatever the number of projects."""
    return figures_of(text_of(asked, today), asked, today)


def read_later(text: str, asked: Asked, today: dt.date) -> Figures:
    """The figures of that text, read from it once somebody looks at them."""
    return cast(Figures, SimpleLazyObject(lambda: figures_of(text, asked, today)))


def figures_of(text: str, asked: Asked, today: dt.date) -> Figures:
    """The figures that a text of `text_of` says."""
    said = json.loads(text, parse_float=Decimal)
    years: dict[int, list[Sums]] = defaultdict(list)
    states: dict[State, list[Sums]] = defaultdict(list)
    for year, state, *values in said["states"] or ():
        sums = dict(zip(MEASURES, values, strict=True))
        years[year].append(sums)
        if asked.fiscal_year in (None, year):
            states[State(state)].append(sums)
    per_state = {state: added(states[state]) for state in State if state in states}
    parts: dict[str, dict[Any, list[Sums]]] = {name: defaultdict(list) for name in ("sector", "partner", "region")}
    for grain, region, sector, kind, *values in said["parts"] or ():
        sums, keys = dict(zip(FEW, values, strict=True)), {"sector": sector, "partner": kind, "region": region}
        for part in TOLD_BY[grain]:
            parts[part][keys[part]].append(sums)
        if grain == "sector" and asked.sector and asked.region_ids is None:
            parts["region"][region].append(sums)
    clocks, late = _clocks(said["clocks"] or ())
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


def _clocks(rows: Iterable[tuple[str, int, int, int]]) -> tuple[dict[str, Clock], dict[int, int]]:
    """Each clock over all that is asked, and how many are late in each region."""
    sums: dict[str, list[int]] = {name: [0, 0] for name in CLOCKS}
    late: dict[int, int] = {}
    for name, region, late_here, running in rows:
        sums[name][0] += late_here
        sums[name][1] += running
        if name == "due_on":
            late[region] = late_here
    return {name: Clock(*pair) for name, pair in sums.items()}, late
