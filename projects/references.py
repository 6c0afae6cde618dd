"""The reference tables as pages need them, kept until one of them changes: the regions, and what filters offer of all."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import CharField, F, IntegerField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat
from django.utils.translation import get_language

from funds.models import MarkerLevel, Mechanism, Sector
from regions.models import Region
from sr_portal.web import prepared
from sr_portal.web.choices import without_accents

Choices = dict[str, list[Any]]  # (code, label), or (family, its codes and labels)
# Rows are compared whole, but for the outlines of regions, which are long; and by which transaction wrote them and where
# they lie, so that a version that was left never returns, with whatever was read beside it in between: rows of these
# tables are changed, never deleted.
VERSION = """SELECT md5(concat_ws('|',
    (SELECT string_agg(concat_ws(' ', code, name, rank, label_lat, label_lon, xmin, ctid), ',' ORDER BY id) FROM regions_region),
    (SELECT string_agg(concat_ws(' ', m::text, m.xmin, m.ctid), ',' ORDER BY m.code) FROM funds_mechanism m),
    (SELECT string_agg(concat_ws(' ', s::text, s.xmin, s.ctid), ',' ORDER BY s.code) FROM funds_sector s),
    (SELECT string_agg(concat_ws(' ', k::text, k.xmin, k.ctid), ',' ORDER BY k.id) FROM funds_marker k),
    (SELECT string_agg(concat_ws(' ', l::text, l.xmin, l.ctid), ',' ORDER BY l.id) FROM funds_markerlevel l)))"""


@dataclass(frozen=True)
class References:
    """`version` changes when one of the tables does. `regions` are in their order, without outlines, each with a `print`
    that changes when it is written. Shared by all who ask: not to be changed."""

    version: str
    choices: Choices
    regions: tuple[Region, ...]

    @cached_property
    def sectors(self) -> dict[str, str]:
        """Sector's code → its name."""
        lines = self.choices["secteur"]
        return {code: name for _family, pairs in lines for code, name in (pairs if isinstance(pairs, list) else [])}


_kept: dict[bool, References] = {}  # in English or not


def reference_choices() -> Choices:
    """Regions, mechanisms, sectors and the levels of markers by code, in the reader's language; not to be changed."""
    return references().choices


def references() -> References:
    """As the tables are now, in the reader's language: one query, and more when one of them has changed."""
    english = (get_language() or "fr").startswith("en")
    version = _version()
    while (kept := _kept.get(english)) is None or kept.version != version:
        made = References(version, _choices(english), _regions())
        if (version := _version()) == made.version:  # nobody wrote while they were read
            _kept[english] = made
            return made
    return kept


def _version() -> str:
    return prepared.fetch(VERSION, (), ())[0][0]


def _regions() -> tuple[Region, ...]:
    written = RawSQL("regions_region.xmin::text || regions_region.ctid::text", (), CharField())
    return tuple(Region.objects.defer("outline").annotate(print=written).order_by("rank", "pk"))


def _choices(english: bool) -> Choices:
    name, group = ("name_en", "group_en") if english else ("name_fr", "group_fr")

    def lines(model, kind: int, label, code, family, rank):
        return model.objects.order_by().values_list(
            Value(kind, IntegerField()),
            family,
            rank,
            F(label) if isinstance(label, str) else label,
            F(code) if isinstance(code, str) else code,
            named=False,
        )

    nothing, zero = Value("", CharField()), Value(0, IntegerField())
    found = lines(Region, 0, "name", "code", nothing, F("rank")).union(
        lines(Mechanism, 1, name, "code", nothing, zero),
        lines(Sector, 2, name, "code", F(group), zero),
        lines(
            MarkerLevel, 3, Concat(Cast("level", CharField()), Value(" – "), F(name)), Cast("pk", CharField()),
            Concat("marker__mechanism_id", Value(", "), f"marker__{name}", output_field=CharField()), F("level"),
        ),
    )  # fmt: skip
    choices: Choices = {"region": [], "mecanisme": [], "secteur": [], "marqueur": []}
    names = tuple(choices)
    ordered = sorted(found, key=lambda row: (row[0], without_accents(row[1]), row[2], without_accents(row[3])))
    for (kind, family), lines_of in groupby(ordered, key=lambda row: row[:2]):
        pairs = [(code, label) for *_rest, label, code in lines_of]
        choices[names[kind]] += [(family, pairs)] if family else pairs
    return choices
