"""What can be brought in: each kind says who may, what its sheets hold, and how its rows are checked and written.

The apps above declare their kinds when they are ready (`register`), so that one set of pages serves them all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sr_portal.spreadsheets.cells import CellError
from sr_portal.spreadsheets.columns import Column, Words

MOST_ERRORS_KEPT = 2_000
Step = Callable[[int], None]  # told how many rows more were written


@dataclass(frozen=True)
class SheetKind:
    code: str
    title: Words
    columns: tuple[Column, ...]

    def named(self, field_name: str) -> str:
        return next((str(column.label) for column in self.columns if column.name == field_name), field_name)


@dataclass(frozen=True)
class Line:
    """One row to bring in: its number in its sheet, and what each mapped field has."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """`row` is 0 for what concerns the file; `column` the heading that the person knows, or empty."""

    sheet: str
    row: int
    column: str
    message: str


@dataclass
class Faults:
    kept: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, sheet: str, row: int, column: str, message: Words) -> None:
        self.count += 1
        if len(self.kept) < MOST_ERRORS_KEPT:
            self.kept.append(Fault(sheet, row, column, str(message)))


@dataclass(frozen=True)
class Source:
    """The file as it is to be brought in. `sheets` has the lines of each kind of sheet; `content` the raw file."""

    name: str
    content: bytes
    sheets: Mapping[str, Sequence[Line]]
    titles: Mapping[str, str]  # what each kind of sheet is called in this file
    headings: Mapping[str, Mapping[str, str]]  # its fields by the heading that the person knows
    options: Mapping[str, Any]


class Plan(Protocol):
    """What an import would do. Nothing was written yet; `write` does it all, in its caller's transaction."""

    faults: Faults
    rows: int
    created: int
    updated: int
    unchanged: int

    def write(self, record: Any, step: Step) -> None: ...


@dataclass(frozen=True)
class Kind:
    code: str
    label: Words
    text: Words
    accept: str
    may: Callable[[Any], bool]
    check: Callable[[Source, Any], Plan]
    result_url: Callable[[], str]
    sheets: tuple[SheetKind, ...] = ()
    lists: Callable[[], Iterator[tuple[str, str, str]]] = lambda: iter(())
    options: tuple[tuple[str, Words, Words], ...] = ()  # name, label, help of each box to tick


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _KINDS[kind.code] = kind


def kind_of(code: str) -> Kind | None:
    return _KINDS.get(code)


def kind_named(code: str) -> Kind:
    """The kind of a file that was received. Raises KeyError for one that is no longer declared."""
    return _KINDS[code]


def kinds_for(user: Any) -> list[Kind]:
    return [kind for kind in _KINDS.values() if kind.may(user)]


def labels() -> dict[str, Words]:
    return {kind.code: kind.label for kind in _KINDS.values()}


class Cells:
    """The cells of one line, read one by one; what is wrong is noted with row and heading and reads as None."""

    def __init__(self, line: Line, sheet: str, headings: Mapping[str, str], faults: Faults) -> None:
        self.line, self.sheet, self.headings, self.faults = line, sheet, headings, faults
        self.good = True

    def read(self, name: str, parse: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        try:
            return parse(self.line.values.get(name), *arguments, **options)
        except CellError as error:
            self.fault(name, str(error))
            return None

    def fault(self, name: str, message: Words) -> None:
        self.good = False
        self.faults.add(self.sheet, self.line.number, self.headings.get(name, name), message)
