"""Reading the history of several records at once: who changed what, when, from where, before and after.

    changes_of(project, records_of(BudgetLine, project=project.pk), person="12", cursor=request.GET.get("suite", ""))

takes as many queries for one record as for a hundred: two for the events, one for each kind of record named in them.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing
from django.db import models
from django.utils.translation import gettext as _

from sr_portal.history.events import Records, conditions_for, events_sql, merge, records_of, run
from sr_portal.history.values import Names, is_blank, readable, title_field

__all__ = ["Changes", "Records", "changes_of", "records_of"]

PAGE_SIZE = 25
SALT = "history.reading"


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str

    @property
    def is_long(self) -> bool:
        return len(self.before) > 120 or len(self.after) > 120


@dataclass(frozen=True)
class Entry:
    """One event: `kind` is created, changed or deleted."""

    moment: dt.datetime
    actor: str
    address: str
    url: str
    request_id: str
    model: str
    name: str
    kind: str
    changes: list[Change]

    @property
    def is_long(self) -> bool:
        """A record written, or deleted, whole: shown folded. What was changed is always in sight."""
        return self.kind != "changed" and len(self.changes) > 4

    @property
    def kind_label(self) -> str:
        return {"created": _("Création"), "changed": _("Modification"), "deleted": _("Suppression")}[self.kind]


@dataclass(frozen=True)
class Choice:
    """A kind of record, by its label « app.model », with its fields that changed, « app.model.column »."""

    key: str
    label: str
    fields: list[tuple[str, str]]


@dataclass(frozen=True)
class Changes:
    """One page of entries, latest first; `people` and `objects` are the choices of the filter, of the whole history."""

    entries: list[Entry]
    next_cursor: str = ""
    previous_cursor: str = ""
    notice: str = ""
    people: list[tuple[str, str]] = dataclass_field(default_factory=list)
    objects: list[Choice] = dataclass_field(default_factory=list)
    person: str = ""
    chosen_field: str = ""

    @property
    def has_other_pages(self) -> bool:
        return bool(self.next_cursor or self.previous_cursor)

    @property
    def is_filtered(self) -> bool:
        return bool(self.person or self.chosen_field)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """(key, « Record – field ») of every field that ever changed."""
        found = [(key, f"{choice.label} – {label}") for choice in self.objects for key, label in choice.fields]
        return sorted(found, key=lambda pair: pair[1].casefold())


def changes_of(
    *sources: models.Model | Records, person: str = "", field: str = "", cursor: str = "", page_size: int = PAGE_SIZE
) -> Changes:
    """A page of what happened to `sources`. `person` is a user's number, or "-" for the system itself.

    `field` is one of the keys of the answer's `objects`: a kind of record « app.model » or one field of it,
    « app.model.column ». Unknown values find nothing; a cursor that was not made here gives the first page, with a
    notice.
    """
    wanted = merge(sources)
    if not wanted:
        return Changes([])
    position, notice = _position(cursor)
    events, params = events_sql(wanted)
    conditions, chosen = conditions_for(person, field)
    way = "ASC" if position and position.back else "DESC"
    if position:
        operator = ">" if position.back else "<"
        conditions.append(f"(moment, rank, event_id) {operator} (%(moment)s::timestamptz, %(rank)s, %(event)s)")
        chosen |= {"moment": position.moment, "rank": position.rank, "event": position.event}
    rows = run(
        f"""{events} SELECT model, moment, kind, context, changes, own, rank, event_id, apart FROM changed
            WHERE {" AND ".join(conditions)}
            ORDER BY moment {way}, rank {way}, event_id {way} LIMIT %(limit)s""",  # noqa: S608  conditions are constants
        {**params, **chosen, "limit": page_size + 1},
    )
    facets = run(
        f"""{events} SELECT DISTINCT model, jsonb_object_keys(changes), NULL, NULL FROM changed UNION ALL
            SELECT NULL, NULL, COALESCE(NULLIF(context->>'user', ''), '-'), max(context->>'user_name')
            FROM changed WHERE told GROUP BY 3""",  # noqa: S608  the same
        params,
    )
    more, rows = len(rows) > page_size, rows[:page_size]
    if position and position.back:
        rows.reverse()
    later = bool(position) and (more or not position.back)
    earlier = more or bool(position and position.back)
    ends = [_cursor_at(*place) for place in ((True, rows[0]), (False, rows[-1]))] if rows else ["", ""]
    # Django leaves the jsonb of a raw cursor as text.
    rows = [(*row[:3], json.loads(row[3] or "{}"), json.loads(row[4]), row[5], row[8]) for row in rows]
    models_by_label = {source.model._meta.label_lower: source.model for source in wanted}
    names = _named(rows, facets, models_by_label)
    return Changes(
        entries=[_entry(models_by_label[row[0]], row, names) for row in rows],
        previous_cursor=ends[0] if later else "",
        next_cursor=ends[1] if earlier else "",
        notice=notice,
        people=_people(facets, names),
        objects=_objects(facets, models_by_label),
        person=person,
        chosen_field=field,
    )


@dataclass(frozen=True)
class Position:
    """Where a page begins: after (or, going back, before) this event."""

    back: bool
    moment: str
    rank: int
    event: int


def _cursor_at(back: bool, row: tuple) -> str:
    return signing.dumps([back, row[1].isoformat(), row[6], row[7]], salt=SALT)


def _position(cursor: str) -> tuple[Position | None, str]:
    if not cursor:
        return None, ""
    try:
        back, moment, rank, event = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None, _("L’adresse de cette page n’est plus valable : voici le début de l’historique.")
    return Position(bool(back), str(moment), int(rank), int(event)), ""


def _named(rows: list[tuple], facets: list[tuple], models_by_label: Mapping[str, type[models.Model]]) -> Names:
    """The names of everybody and everything that the page speaks of."""
    names = Names()
    for label, _moment, _kind, context, changes, _own, title in rows:
        if apart := title_field(models_by_label[label]):
            names.want_of(models_by_label[label], str(apart.column), [title])
        names.want(get_user_model(), (context or {}).get("user"))
        for column, pair in changes.items():
            names.want_of(models_by_label[label], column, pair)
    for _label, _column, user, _name in facets:
        if user and user != "-":
            names.want(get_user_model(), user)
    names.fetch()
    return names


def _entry(model: type[models.Model], row: tuple, names: Names) -> Entry:
    _label, moment, kind, context, changes, own, title = row
    apart = title_field(model)
    context = context or {}
    shown = {item.column: item for item in model._meta.concrete_fields}
    lines = [
        Change(
            _capital(shown[column].verbose_name), *(readable(shown[column], value, names) for value in changes[column])
        )
        for column in sorted(changes, key=list(shown).index)
        if not all(is_blank(value) for value in changes[column])
    ]
    return Entry(
        moment=moment,
        actor=_actor(context.get("user"), context.get("user_name"), names),
        address=context.get("address") or "",
        url=context.get("url") or "",
        request_id=context.get("request_id") or "",
        model=_capital(model._meta.verbose_name),
        name=readable(apart, title, names) if apart and title else own,
        kind={"insert": "created", "delete": "deleted"}.get(kind, "changed"),
        changes=lines,
    )


def _actor(user: Any, name: str | None, names: Names) -> str:
    """The name at the time; else today's; else the system, for commands and migrations."""
    if name:
        return name
    return names.of(get_user_model(), user) if user else _("Système")


def _people(facets: list[tuple], names: Names) -> list[tuple[str, str]]:
    people = [
        (user, _("Système") if user == "-" else _actor(user, name, names)) for _l, _c, user, name in facets if user
    ]
    return sorted(people, key=lambda pair: pair[1].casefold())


def _objects(facets: list[tuple], models_by_label: Mapping[str, type[models.Model]]) -> list[Choice]:
    """In the order in which the records were asked for."""
    columns: dict[str, set[str]] = {}
    for label, column, _user, _name in facets:
        if column:
            columns.setdefault(label, set()).add(column)
    found = []
    for label, model in models_by_label.items():
        fields = [
            (f"{label}.{item.column}", str(item.verbose_name))
            for item in model._meta.concrete_fields
            if item.column in columns.get(label, ())
        ]
        if fields:
            found.append(Choice(label, _capital(model._meta.verbose_name), fields))
    return found


def _capital(text: Any) -> str:
    text = str(text)
    return text[:1].upper() + text[1:]
