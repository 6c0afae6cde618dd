"""The columns that a kind of file has: what each is called, how its heading is recognised, how a template shows it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sr_portal.spreadsheets.cells import key
from sr_portal.spreadsheets.writing import workbook

Words = str | Promise


def _nothing(_record: Any) -> str:
    return ""


@dataclass(frozen=True)
class Column:
    """`name` is the field that it fills; `label` its heading in the template; `others` headings met in other files.

    `value` gives, from a record, what an export writes there.
    """

    name: str
    label: Words
    value: Callable[[Any], Any] = _nothing
    required: bool = False
    help: Words = ""
    example: Any = ""
    others: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        return {key(self.label), key(self.name), *map(key, self.others)}


def guessed(
    columns: Sequence[Column], heading: Sequence[str], remembered: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Field → place of its column (from 0): the heading remembered for it, else one that is its name or an alias."""
    places: dict[str, int] = {}
    keys = [key(text) for text in heading]
    for column in columns:
        known = (remembered or {}).get(column.name)
        found = [rank for rank, text in enumerate(keys) if text and text == known]
        found += [rank for rank, text in enumerate(keys) if text in column.keys]
        free = [rank for rank in found if rank not in places.values()]
        if free:
            places[column.name] = free[0]
    return places


def template(sheets: Iterable[tuple[Words, Sequence[Column]]], lists: Iterable[tuple[str, str, str]]) -> bytes:
    """An XLSX to fill: a sheet with its headings for each kind, what each column takes, and the codes that it knows."""
    sheets = list(sheets)
    filled = [(str(title), [[str(column.label) for column in columns]]) for title, columns in sheets]
    notes: list[list[Any]] = [[_("Feuille"), _("Colonne"), _("Obligatoire"), _("Ce qu’elle contient"), _("Exemple")]]
    for title, columns in sheets:
        for column in columns:
            needed = _("oui") if column.required else _("non")
            notes.append([str(title), str(column.label), needed, str(column.help), column.example])
    codes = [[_("Liste"), _("Code"), _("Libellé")], *map(list, lists)]
    return workbook([*filled, (_("Notice"), notes), (_("Listes"), codes)])
