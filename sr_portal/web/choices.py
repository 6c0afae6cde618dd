"""What several filters of a list offer, read together by one query.

A `ModelChoiceField` reads its own table each time that it is drawn; it offers `choices` instead once they are set:

    offer(self, mecanisme=Offered(funded(), "code", "name_fr"), donateur=Offered(donors(), "pk", "name"))
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language


@dataclass(frozen=True)
class Offered:
    """The rows that a filter offers: the columns (or expressions) of the key and of the name, and what sorts them.

    Without `rank` they are sorted by name, as a reader sorts.
    """

    rows: QuerySet
    key: Any
    name: Any
    rank: Any = None


def offer(form: forms.Form, **asked: Offered) -> None:
    """Give each of these fields its choices, after the empty one that it has; one query."""
    found: dict[str, list[tuple[Any, str, str, str]]] = {name: [] for name in asked}
    first, *others = (_lines(name, one) for name, one in asked.items())
    for name, rank, key, label in first.union(*others):
        found[name].append((rank, without_accents(label), key, label))
    for name, rows in found.items():
        field: Any = form.fields[name]
        empty = getattr(field, "empty_label", None)
        field.choices = [
            *([] if empty is None else [("", empty)]),
            *((key, label) for *_by, key, label in sorted(rows)),
        ]


def _lines(name: str, asked: Offered) -> QuerySet:
    rank = Value(0, IntegerField()) if asked.rank is None else _expression(asked.rank)
    key, label = (Cast(_expression(one), CharField()) for one in (asked.key, asked.name))
    return asked.rows.order_by().values_list(Value(name, CharField()), Cast(rank, IntegerField()), key, label)


def _expression(one: Any) -> Any:
    return F(one) if isinstance(one, str) else one


def in_language(name: str) -> str:
    """The column of a name in two languages that the reader reads."""
    return f"{name}_en" if (get_language() or "fr").startswith("en") else f"{name}_fr"


def without_accents(text: str) -> str:
    """The key by which a reader sorts: « Élevage » among the E."""
    return unicodedata.normalize("NFD", text.casefold()).encode("ascii", "ignore").decode()
