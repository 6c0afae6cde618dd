"""What a resource of the API is, as data: its rows, its columns, its filters. Lists, the document and tests read this.

The app that owns the tables says it (`regions.api`, `funds.api`, `projects.api`); nothing here knows what a project is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .asking import check_form
from .problems import Fault, Problem, nearest
from .reader import Reader

Text = str | Promise
JsonType = Mapping[str, Any]  # a JSON Schema (2020-12), as OpenAPI 3.1 takes it


@dataclass(frozen=True)
class Column:
    """`sql` is an expression over the resource's tables; `published_sql` what partners get in its place, when other.

    `schema` is the JSON Schema of the value, `says` its meaning for the documentation, with the unit.
    """

    name: str
    sql: str
    schema: JsonType
    says: Text
    example: Any = None
    published_sql: str | None = None

    def for_reader(self, reader: Reader) -> str:
        return self.sql if self.published_sql is None or not reader.published_only else self.published_sql


class Filtering(Protocol):
    """Filters of a list: the same form as its page. `apply` raises `Problem` for what cannot be read."""

    @property
    def fields(self) -> Mapping[str, forms.Field]: ...  # by name, as declared: no choices read from the database

    @property
    def words(self) -> tuple[str, ...]: ...  # what `tri` takes

    @property
    def logged(self) -> frozenset[str]: ...  # filters that read only what the log of changes follows

    def by_log(self, given: QueryDict) -> bool: ...  # whether the log tells that a list asked like this changed

    def apply(self, rows: models.QuerySet, reader: Reader, given: QueryDict) -> models.QuerySet: ...

    def order(self, given: QueryDict) -> str: ...


@dataclass(frozen=True)
class FormFilters:
    """Filters that a page declares as a form, and applies by a function of its cleaned data.

    `orders` are the words of `tri` with the field of the keyset, the first the usual one; `logged` are the filters that
    read nothing but what the log of changes follows (`tests/api/test_etags.py`): with another one, an ETag is of the content.
    """

    form_class: type[forms.Form]
    narrow: Callable[[models.QuerySet, Mapping[str, Any], Reader], models.QuerySet]
    orders: tuple[tuple[str, str, Text], ...]
    logged: frozenset[str] = frozenset()

    def by_log(self, given: QueryDict) -> bool:
        return not set(given) & set(self.fields) - self.logged

    @property
    def fields(self) -> Mapping[str, forms.Field]:
        return self.form_class.base_fields

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for word, _field, _label in self.orders)

    def apply(self, rows: models.QuerySet, reader: Reader, given: QueryDict) -> models.QuerySet:
        if not set(given) & set(self.fields):
            return rows
        return self.narrow(rows, check_form(self.form_class(given), given), reader)

    def order(self, given: QueryDict) -> str:
        words = {word: field_ for word, field_, _label in self.orders}
        wanted = given.get("tri") or self.orders[0][0]
        if wanted not in words:
            said = _("« %(word)s » n’est pas un tri de cette liste.") % {"word": wanted[:80]}
            raise Problem("invalid-parameter", faults=[Fault("tri", said, nearest(wanted, words) or tuple(words))])
        return words[wanted]


@dataclass(frozen=True)
class Resource:
    """One list of the API and its single records.

    `source` is SQL after FROM: the model's table under `alias`, and what is joined to it by unique keys, so that
    PostgreSQL leaves out the joins that no asked column reads. `rows` are those that the reader may read; `may` says
    whether they may ask at all (403 when not). `kind` names the resource in the log of changes; empty for lists that
    are short and read whole. `was_shown` gives, of the keys of records that are not shown now, those that partners were shown once.
    """

    name: str
    title: Text
    says: Text
    model: type[models.Model]
    alias: str
    source: str
    columns: tuple[Column, ...]
    rows: Callable[[Reader], models.QuerySet]
    filtering: Filtering
    may: Callable[[Reader], bool] = lambda reader: True
    kind: str = ""
    lookup: str = "pk"  # the field by which a record is found in an address
    lookup_says: Text = ""
    was_shown: Callable[[list[int]], set[int]] = lambda keys: set()
    tag: Text = ""
    also: tuple[str, ...] = field(default=())  # kinds whose changes show here too: part of the ETag

    @property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def select(self, reader: Reader, wanted: tuple[str, ...] = ()) -> str:
        """The columns as the body of a SELECT, in their own order; the key is always one of them."""
        chosen = [column for column in self.columns if not wanted or column.name in wanted]
        return ", ".join(f'{column.for_reader(reader)} AS "{column.name}"' for column in chosen)


# --- JSON Schemas of the values -------------------------------------------------------------------------------------
TEXT: JsonType = {"type": "string"}
LONG_TEXT: JsonType = {"type": "string"}
WHOLE: JsonType = {"type": "integer"}
KEY: JsonType = {"type": "integer", "minimum": 1}
MONEY: JsonType = {"type": "number"}
DEGREES: JsonType = {"type": "number"}
YES_NO: JsonType = {"type": "boolean"}
DAY: JsonType = {"type": "string", "format": "date"}
INSTANT: JsonType = {"type": "string", "format": "date-time"}


def maybe(schema: JsonType) -> JsonType:
    """That, or null."""
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else {"anyOf": [schema, {"type": "null"}]}


def one_of(choices: type[models.TextChoices]) -> JsonType:
    """The codes of a list of choices: the list of codes tells what they mean."""
    return {"type": "string", "enum": list(choices.values)}


def thing(**properties: JsonType) -> JsonType:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": True,  # a later version of v1 may add a field
    }


def list_of(schema: JsonType) -> JsonType:
    return {"type": "array", "items": schema}
