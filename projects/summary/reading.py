"""What a dashboard asks of the sums: one statement, planned once a connection, whose answer is JSON.

The text is the answer whole, so two answers with the same text say the same: a page made of one need not be made again.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sr_portal.web import prepared

from .table import CLOCKS, MEASURES

# The grains that answer the same question when one sector is asked for, or when nothing narrows the place.
IN_SECTOR = {"state": ("sector_state",), "sector": ("sector",), "partner": ("sector_partner",)}
IN_SECTOR_OF_WHOLE = {"state": ("whole_sector_state",), "partner": ("whole_sector_partner",)}
WHOLE = {"state": ("whole_state",), "sector": ("whole_sector",), "partner": ("whole_partner", "region")}
ENVELOPES = "SELECT md5(string_agg(concat_ws(' ', e::text, xmin, ctid), ',' ORDER BY id)) FROM funds_envelope e"
PARTS = ("grain", "region_id", "sector_id", "partner_kind")


@dataclass(frozen=True)
class Question:
    """`region_ids` None: everywhere. The fiscal year narrows all but the states, which are told of each year."""

    region_ids: tuple[int, ...] | None = None
    mechanism: str = ""
    fiscal_year: int | None = None
    sector: str = ""

    @property
    def conditions(self) -> dict[str, tuple[bool, str]]:
        """By name: whether it narrows, and how. `$1` and on are those of `values`."""
        return {
            "region": (self.region_ids is not None, "region_id = ANY($1)"),
            "mechanism": (bool(self.mechanism), "mechanism_id = $2"),
            "year": (self.fiscal_year is not None, "fiscal_year = $3"),
            "sector": (bool(self.sector), "sector_id = $4"),
        }

    @property
    def is_over_all_funds_and_years(self) -> bool:
        return not self.mechanism and self.fiscal_year is None

    def where(self, *left_out: str) -> str:
        return "".join(
            f" AND {sql}" for name, (is_asked, sql) in self.conditions.items() if is_asked and name not in left_out
        )

    def grains(self, *names: str) -> str:
        if self.region_ids is None:
            other = IN_SECTOR_OF_WHOLE if self.sector else WHOLE
        else:
            other = IN_SECTOR if self.sector else {}
        return ", ".join(f"'{grain}'" for name in names for grain in other.get(name, (name,)))


TYPES = ("bigint[]", "text", "smallint", "text", "date", "date")


def answer(question: Question, few: Sequence[str], today: dt.date) -> str:
    """`{"states": [[fiscal year, state, …MEASURES]], "parts": [[…PARTS, …few]], "clocks": [[clock, region, late, running]],
    "envelopes": mark}`.

    Lists or null; numbers are those of `projects.summary.table`. Cells in which no project is left are left out. Late
    is what had its day before `today`. The mark is another one whenever an envelope was written.
    """
    clocks = _clocks_of_sector(question) if question.sector else _clocks(question)
    sql = f"""SELECT json_build_object(
        'states', ({_cells(question, ("state",), ("fiscal_year", "state"), tuple(MEASURES), "year")}),
        'parts', ({_cells(question, ("sector", "partner"), PARTS, few)}),
        'clocks', ({clocks}),
        'envelopes', ({ENVELOPES}))::text"""
    year = question.fiscal_year
    values = [list(question.region_ids or ()), question.mechanism, year, question.sector, today, today.replace(day=1)]
    return prepared.fetch(sql, TYPES, values)[0][0]


def _cells(
    question: Question, grains: Sequence[str], by: Sequence[str], measures: Sequence[str], *left_out: str
) -> str:
    key, sums = ", ".join(by), ", ".join(f"sum({name}) AS {name}" for name in measures)
    return f"""SELECT json_agg(json_build_array({key}, {", ".join(measures)}) ORDER BY {key}) FROM (
        SELECT {key}, {sums} FROM projects_cell WHERE grain IN ({question.grains(*grains)}){question.where(*left_out)}
        GROUP BY {key} HAVING sum(projects) <> 0) s"""  # noqa: S608


def _clocks(question: Question) -> str:
    """Late: the whole months before this one, and the days of this month before today."""
    month, day = ("m_all", "d_all") if question.is_over_all_funds_and_years else ("month", "day")
    return f"""SELECT json_agg(json_build_array(clock, region_id, late, running) ORDER BY clock, region_id) FROM (
        SELECT clock, region_id, coalesce(sum(projects) FILTER (WHERE level = '{day}' OR day < $6), 0) AS late,
               coalesce(sum(projects) FILTER (WHERE level = '{month}'), 0) AS running
          FROM projects_clockcell
         WHERE (level = '{month}' OR (level = '{day}' AND day >= $6 AND day < $5)){question.where("sector")}
         GROUP BY clock, region_id) c"""  # noqa: S608


def _clocks_of_sector(question: Question) -> str:
    """From the facts themselves: those of one sector on which a clock runs are few."""
    counts = ", ".join(
        f"count({name}) FILTER (WHERE {name} < $5) AS {name}_late, count({name}) AS {name}_running" for name in CLOCKS
    )
    rows = ", ".join(f"('{name}', {name}_late, {name}_running)" for name in CLOCKS)
    some = " OR ".join(f"{name} IS NOT NULL" for name in CLOCKS)
    return f"""SELECT json_agg(json_build_array(clock, region_id, late, running) ORDER BY clock, region_id)
         FROM (SELECT region_id, {counts} FROM projects_fact WHERE ({some}){question.where()} GROUP BY region_id) f
        CROSS JOIN LATERAL (VALUES {rows}) c(clock, late, running)"""  # noqa: S608
