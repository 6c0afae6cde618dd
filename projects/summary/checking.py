"""Whether what the database keeps equals what it would compute anew (quality P4): each difference, one query a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from .table import CELL_COLUMNS, CLOCK_COLUMNS, FACT_COLUMNS, MEASURES
from .view import VIEW, cells, clock_cells, named


@dataclass(frozen=True)
class Difference:
    """A row that is not what it should be: `key` says which, `columns` holds (name, kept, true) of what differs."""

    table: str
    key: tuple[Any, ...]
    columns: tuple[tuple[str, Any, Any], ...]

    def __str__(self) -> str:
        where = " ".join(str(part) for part in self.key if part != "")
        told = ", ".join(f"{name}: {kept} instead of {true}" for name, kept, true in self.columns)
        return f"{self.table} {where}: {told}"


def differences() -> Iterator[Difference]:
    """Of facts, then of sums, then of clocks. Each query sees one instant: writers may go on."""
    yield from _compare("projects_fact", f"SELECT {named(FACT_COLUMNS)} FROM {VIEW}", "projects_fact", FACT_COLUMNS, 1)
    measures = len(MEASURES)
    kept = f"SELECT {_summed(CELL_COLUMNS, measures)} HAVING {' OR '.join(f'sum({name}) <> 0' for name in MEASURES)}"
    yield from _compare(
        "projects_cell", cells(VIEW), f"({kept.format(table='projects_cell')})", CELL_COLUMNS, -measures
    )
    kept = f"SELECT {_summed(CLOCK_COLUMNS, 1)} HAVING sum(projects) <> 0"
    yield from _compare(
        "projects_clockcell", clock_cells(VIEW), f"({kept.format(table='projects_clockcell')})", CLOCK_COLUMNS, -1
    )


def _summed(columns: tuple[str, ...], measures: int) -> str:
    key = named(columns[:-measures])
    sums = ", ".join(f"sum({name}) AS {name}" for name in columns[-measures:])
    return f"{key}, {sums} FROM {{table}} GROUP BY {key}"


def _compare(table: str, true: str, kept: str, columns: tuple[str, ...], keys: int) -> Iterator[Difference]:
    """Rows of `true` and `kept` of which the columns after the first `keys` differ, or that only one has."""
    key, rest = columns[:keys], columns[keys:]
    query = f"""
        SELECT {named(key)}, {named(rest, "k.")}, {named(rest, "t.")}
          FROM {kept} k FULL JOIN ({true}) t ({named(columns)}) USING ({named(key)})
         WHERE ROW({named(rest, "k.")}) IS DISTINCT FROM ROW({named(rest, "t.")})
         ORDER BY {named(key)}
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows = cursor.fetchall()
    for row in rows:
        mine, true_of = row[len(key) : len(key) + len(rest)], row[len(key) + len(rest) :]
        columns_off = tuple(
            (name, a, b) for name, a, b in zip(rest, mine, true_of, strict=True) if a != b or (a is None) != (b is None)
        )
        yield Difference(table, row[: len(key)], columns_off)
