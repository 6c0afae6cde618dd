"""How a value kept in an event is shown to people: choices by label, records by name, dates and numbers written out."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from sr_portal.web.templatetags.portal import day, moment, number, usd
from sr_portal.web.together import rows_together

_namers: dict[type[models.Model], Callable[[Any], str]] = {}


_through: dict[type[models.Model], str] = {}


def named_by(model: type[models.Model], namer: Callable[[Any], str], *, through: str = "") -> None:
    """Say how the history writes the records of a model whose `str` is not for people, such as a role's group.

    `through` is the foreign key whose record the namer reads too: they are fetched together for all.
    """
    _namers[model] = namer
    if through:
        _through[model] = through


Wanted = tuple[type[models.Model], Any]  # a model, and the key of one of its records

_writers: dict[tuple[type[models.Model], str], Callable[..., Any]] = {}
_wants: dict[tuple[type[models.Model], str], Callable[[Any], Iterable[Wanted]]] = {}
_titles: dict[type[models.Model], str] = {}
_targets: dict[tuple[type[models.Model], str], type[models.Model]] = {}


def written_as(
    model: type[models.Model],
    name: str,
    writer: Callable[..., Any],
    *,
    wants: Callable[[Any], Iterable[Wanted]] | None = None,
) -> None:
    """Say how a field that keeps codes or a structure is written, such as a point of a checklist.

    `writer` is given the value; where `wants` says which records the value speaks of, their `Names` as well.
    """
    _writers[model, name] = writer
    if wants:
        _wants[model, name] = wants


def pointing_to(model: type[models.Model], name: str, target: type[models.Model]) -> None:
    """Say that a field which is no foreign key keeps the numbers of records of `target`, such as a list of people."""
    _targets[model, name] = target


def titled_by(model: type[models.Model], name: str) -> None:
    """Say which field tells the records of a model apart, where none of them is a title."""
    _titles[model] = name


def title_field(model: type[models.Model]) -> models.Field | None:
    name = _titles.get(model)
    return next((item for item in model._meta.concrete_fields if item.name == name), None) if name else None


class Names:
    """Names of the records that events point to, fetched once for each kind of record."""

    def __init__(self) -> None:
        self._wanted: dict[tuple[type[models.Model], str], set[str]] = defaultdict(set)
        self._found: dict[tuple[type[models.Model], str], dict[str, str]] = {}

    def want(self, model: type[models.Model], key: Any, attribute: str = "pk") -> None:
        if key not in (None, ""):
            self._wanted[model, attribute].add(str(key))

    def want_of(self, model: type[models.Model], column: str, values: list[Any]) -> None:
        """Ask for the names of `values` if `column` of `model` points to records."""
        field = next(item for item in model._meta.concrete_fields if item.column == column)
        if isinstance(field, models.ForeignKey):
            for value in values:
                self.want(field.related_model, value, _key_of(field))
        elif target := _targets.get((field.model, field.name)):
            for value in values:
                for key in value or []:
                    self.want(target, key)
        elif wants := _wants.get((field.model, field.name)):
            for value in filter(None, values):
                for target, key in wants(value):
                    self.want(target, key)

    def fetch(self) -> None:
        """One query however many kinds of records, and one for those through which some of them are named."""
        found = rows_together(self._wanted)
        self._fetch_through([row for rows in found.values() for row in rows if type(row) in _through])
        for (model, attribute), rows in found.items():
            namer = _namers.get(model, str)
            self._found[model, attribute] = {str(getattr(row, attribute)): namer(row) for row in rows}

    @staticmethod
    def _fetch_through(rows: list[models.Model]) -> None:
        beyond: dict[tuple[type[models.Model], str], set[str]] = defaultdict(set)
        fields = {type(row): row._meta.get_field(_through[type(row)]) for row in rows}
        for row in rows:
            field = fields[type(row)]
            beyond[field.related_model, field.target_field.attname].add(str(getattr(row, field.attname)))
        found = {
            (model, str(getattr(other, attribute))): other
            for (model, attribute), others in rows_together(beyond).items()
            for other in others
        }
        for row in rows:
            field = fields[type(row)]
            setattr(row, field.name, found.get((field.related_model, str(getattr(row, field.attname)))))

    def of(self, model: type[models.Model], key: Any, attribute: str = "pk") -> str:
        """The record's name, or its number when it was deleted since."""
        name = self._found.get((model, attribute), {}).get(str(key))
        return name or _("n° %(number)s (supprimé depuis)") % {"number": key}


def _key_of(field: models.ForeignKey) -> str:
    return "pk" if field.target_field.primary_key else field.target_field.attname


def is_blank(value: Any) -> bool:
    return value is None or value in ("", [], {})


def readable(field: models.Field, value: Any, names: Names) -> str:
    """`value` as an event's JSON holds it, written for people; empty for nothing."""
    if is_blank(value):
        return ""
    if isinstance(field, models.ForeignKey):
        return names.of(field.related_model, value, _key_of(field))
    if target := _targets.get((field.model, field.name)):
        return ", ".join(names.of(target, key) for key in value)
    if writer := _writers.get((field.model, field.name)):
        return str(writer(value, names) if (field.model, field.name) in _wants else writer(value))
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list):
        inner = getattr(field, "base_field", field)
        return ", ".join(readable(inner, item, names) for item in value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        instant = parse_datetime(value)
        if instant and instant.tzinfo is None:
            instant = instant.replace(tzinfo=dt.UTC)
        return moment(instant) if instant else str(value)
    if isinstance(field, models.DateField):
        return day(parse_date(value)) or str(value)
    if isinstance(field, models.DecimalField):
        return usd(value) if field.name.endswith("_usd") else number(value)
    if isinstance(field, models.IntegerField):
        return number(value)
    return str(value)
