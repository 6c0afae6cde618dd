"""What a request asks for, read from its address: every parameter is known and readable, or the answer is 400."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from sr_portal.web.keyset import CursorSerializer

from . import changes
from .problems import Fault, Problem, nearest

MOST = 500
USUAL = 100
PAGING = ("page_size", "cursor", "fields", "updated_since")
ALIKE = 3


@dataclass(frozen=True)
class Asked:
    """What is common to all lists. `fields` empty means all; `mark` is set for an incremental pull."""

    size: int = USUAL
    cursor: str = ""
    fields: tuple[str, ...] = ()
    mark: changes.Mark | None = None
    filters: QueryDict = field(default_factory=QueryDict)


def read(query: QueryDict, *, columns: Sequence[str], filters: Iterable[str], kind: str = "") -> Asked:
    """Raises `Problem` for a name that is unknown or a value that cannot be read; all faults at once."""
    known = [*PAGING, *filters]
    faults = unknown(query, known)
    if faults:
        raise Problem("unknown-parameter", faults=faults)
    faults = [
        Fault(name, _("« %(name)s » se donne une seule fois.") % {"name": name})
        for name in PAGING
        if len(query.getlist(name)) > 1
    ]
    faults += _nulls(query)
    size, wanted = _size(query.get("page_size"), faults), _columns(query.get("fields"), columns, faults)
    if faults:
        raise Problem("invalid-parameter", faults=faults)
    given = QueryDict(mutable=True)
    for name, values in query.lists():
        if name not in PAGING:
            given.setlist(name, values)
    mark = _mark(query.get("updated_since"), kind, query)
    return Asked(size, query.get("cursor", ""), wanted, mark, given)


def read_one(query: QueryDict, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that are asked of a single record."""
    if faults := unknown(query, ["fields"]):
        raise Problem("unknown-parameter", faults=faults)
    faults = []
    wanted = _columns(query.get("fields"), columns, faults)
    if faults:
        raise Problem("invalid-parameter", faults=faults)
    return wanted


def read_filters(query: QueryDict, names: Sequence[str]) -> QueryDict:
    """The filters of a list that has no pages."""
    if faults := unknown(query, names):
        raise Problem("unknown-parameter", faults=faults)
    if faults := _nulls(query):
        raise Problem("invalid-parameter", faults=faults)
    return query


def _nulls(query: QueryDict) -> list[Fault]:
    return [
        Fault(name, _("Le caractère nul n’est pas permis."))
        for name, values in query.lists()
        if any("\x00" in value for value in values)
    ]


def unknown(query: QueryDict, known: Sequence[str]) -> list[Fault]:
    return [
        Fault(name, _("Le paramètre « %(name)s » n’existe pas ici.") % {"name": name}, nearest(name, known))
        for name in query
        if name not in known
    ]


def _size(text: str | None, faults: list[Fault]) -> int:
    if text is None:
        return USUAL
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST and len(text) < 9):
        faults.append(
            Fault("page_size", _("La taille d’une page est un nombre de 1 à %(most)d.") % {"most": MOST}, (str(MOST),))
        )
        return USUAL
    return int(text)


def _columns(text: str | None, columns: Sequence[str], faults: list[Fault]) -> tuple[str, ...]:
    if text is None:
        return ()
    wanted = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in wanted:
        if name not in columns:
            said = _("Le champ « %(name)s » n’existe pas ici.") % {"name": name[:80]}
            faults.append(Fault("fields", said, nearest(name, columns)))
    return wanted


def _mark(text: str | None, kind: str, query: QueryDict) -> changes.Mark | None:
    """`start`, a mark given out before, a date of the mission or an instant."""
    if text is None:
        return None
    if not kind:
        raise Problem(
            "invalid-parameter", faults=[Fault("updated_since", _("Cette liste se lit en entier : elle est courte."))]
        )
    clash = [name for name in ("cursor", "tri") if query.get(name)]
    if clash:
        said = _("Une reprise suit l’ordre des changements : « %(name)s » ne s’y ajoute pas.") % {"name": clash[0]}
        raise Problem("invalid-parameter", faults=[Fault(clash[0], said)])
    if text == "start":
        return changes.Mark()
    try:
        if mark := changes.parse(text):
            return mark
    except changes.AnotherLine as error:
        said = _("Ce repère vient d’une autre vie de la base : reprenez tout avec updated_since=start.")
        raise Problem("stale-cursor", said, [Fault("updated_since", said, ("start",))]) from error
    moment = _moment(text)
    if moment is None:
        said = _("Donnez « start », un repère reçu, une date (2026-11-23) ou un instant (2026-11-23T08:00:00Z).")
        raise Problem("invalid-parameter", faults=[Fault("updated_since", said, ("start",))])
    return changes.mark_of(kind, moment)


def _moment(text: str) -> dt.datetime | None:
    try:
        if day := parse_date(text):
            return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
        moment = parse_datetime(text.replace(" ", "+"))
        if moment is None:
            return None
        moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


# --- Filters: those of the pages, strict ----------------------------------------------------------------------------
def check_form(form: forms.Form, given: QueryDict) -> Mapping[str, Any]:
    """The cleaned data of a page's filters. Where the page would pass over a value, the API refuses it."""
    if form.is_valid():
        return form.cleaned_data
    faults = []
    for name, errors in form.errors.items():
        if name == "__all__":
            faults += [Fault("", str(message)) for message in errors]
            continue
        choices = codes_of(form.fields[name])
        near = tuple(one for value in given.getlist(name) if value not in choices for one in nearest(value, choices))
        faults += [Fault(name, str(message), near[:ALIKE] or tuple(choices[:ALIKE])) for message in errors]
    raise Problem("invalid-parameter", faults=faults)


def codes_of(form_field: forms.Field) -> list[str]:
    """The values that a choice takes, families opened; empty for a field of free text."""
    if not isinstance(form_field, forms.ChoiceField):
        return []
    found: list[str] = []
    for code, label in form_field.choices:
        found += [str(inner) for inner, _label in label] if isinstance(label, list | tuple) else [str(code)]
    return [code for code in found if code]


# --- Cursors --------------------------------------------------------------------------------------------------------
def _salt(resource: str, order: str, filters: QueryDict) -> str:
    """A cursor serves the list that gave it out: the same records, order and filters."""
    told = "&".join(f"{name}={value}" for name, values in sorted(filters.lists()) for value in sorted(values))
    return f"api:{resource}:{order}:{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def seal_cursor(resource: str, order: str, filters: QueryDict, position: tuple[Any, Any]) -> str:
    return signing.dumps(list(position), salt=_salt(resource, order, filters), serializer=CursorSerializer)


def open_cursor(resource: str, order: str, filters: QueryDict, text: str) -> tuple[Any, Any]:
    try:
        value, key = signing.loads(text, salt=_salt(resource, order, filters), serializer=CursorSerializer)
    except (signing.BadSignature, ValueError, TypeError) as error:
        said = _("Ce curseur n’est pas de cette liste : suivez « next » tel quel, ou reprenez sans « cursor ».")
        raise Problem("invalid-parameter", faults=[Fault("cursor", said)]) from error
    return value, key
