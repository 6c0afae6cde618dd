"""Tables given out: what each column is called, holds and means, once for CSV, XLSX, HXL and the data package."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import BaseExpression
from django.utils import timezone
from django.utils.functional import Promise

Words = str | Promise
CHUNK = 2_000


class Kind(StrEnum):
    """What a column holds; but for `AMOUNT`, money of two decimals, the values are the types of Frictionless."""

    TEXT = "string"
    INTEGER = "integer"
    AMOUNT = "amount"
    NUMBER = "number"
    DAY = "date"
    MOMENT = "datetime"
    YES_NO = "boolean"


@dataclass(frozen=True)
class Field:
    """`name` is for machines, `label` for people. `source` is a lookup, or an expression over the table's rows.

    `said` makes what is written of what was read, such as the label of a code.
    """

    name: str
    label: Words
    source: str | BaseExpression = ""
    kind: Kind = Kind.TEXT
    help: Words = ""
    hxl: str = ""
    said: Callable[[Any], Any] | None = None

    @property
    def key(self) -> str:
        return self.source if isinstance(self.source, str) and self.source else f"told_{self.name}"

    def told(self, value: Any) -> Any:
        if value is None:
            return None
        if self.said is not None:
            value = self.said(value)
        if self.kind is Kind.MOMENT and isinstance(value, dt.datetime):
            return timezone.localtime(value, dt.UTC)
        if self.kind is Kind.DAY and isinstance(value, dt.datetime):
            return timezone.localdate(value, timezone.get_default_timezone())
        return str(value) if self.kind is Kind.TEXT else value


@dataclass(frozen=True)
class Table:
    """`name` is that of its file. `rows(found)` are read in chunks through a cursor of the database: memory stays flat."""

    name: str
    title: Words
    about: Words
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()

    def rows(self, found: QuerySet, *, order: Sequence[str] = ("pk",)) -> Iterator[list[Any]]:
        """One list for each record of `found`, in the order of the fields."""
        made = {field.key: field.source for field in self.fields if not isinstance(field.source, str)}
        keys = list(dict.fromkeys(field.key for field in self.fields))  # a code and its label are read once
        listed = found.annotate(**made).order_by(*order).values_list(*keys)
        tellers = [(keys.index(field.key), field.told) for field in self.fields]
        for row in listed.iterator(chunk_size=CHUNK):
            yield [tell(row[place]) for place, tell in tellers]

    def headed(self, rows: Iterable[Sequence[Any]], *, by_label: bool = False, hxl: bool = False) -> Iterator[Sequence]:
        """The rows under their heading (names, or labels) and, when asked, the row of HXL tags."""
        yield [str(field.label) if by_label else field.name for field in self.fields]
        if hxl:
            yield [field.hxl for field in self.fields]
        yield from rows
