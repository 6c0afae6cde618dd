"""Reading the history of several records at once: who changed what, when, from where, before and after.

    changes_of(project, records_of(BudgetLine, project=project.pk), person="12", page=2)

takes as many queries for one record as for a hundred: two for the events, one for each kind of record named in them.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, models
from django.utils.translation import gettext as _

from sr_portal.history.values import Names, is_blank, readable

PAGE_SIZE = 25
OWN_NAMES = ("title", "name", "label", "original_name", "statement")


@dataclass(frozen=True)
class Records:
    """The events of `model` whose column `column` is one of `values`: rows deleted since are among them."""

    model: type[models.Model]
    column: str
    values: tuple[str, ...]


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
    def kind_label(self) -> str:
        return {"created": _("Création"), "changed": _("Modification"), "deleted": _("Suppression")}[self.kind]


@dataclass(frozen=True)
class Changes:
    """One page of entries, latest first; `people` and `fields` are the choices of the filter, of the whole history."""

    entries: list[Entry]
    page: int
    has_next: bool
    people: list[tuple[str, str]] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    person: str = ""
    chosen_field: str = ""

    @property
    def previous_page(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self) -> int | None:
        return self.page + 1 if self.has_next else None


def records_of(model: type[models.Model], **where: Any) -> Records:
    """Every record of `model` that has, or ever had, this value (or one of these values) in one field.

    `records_of(BudgetLine, project=7)`, `records_of(Answer, screening=[3, 4])`.
    """
    ((name, value),) = where.items()
    values = value if isinstance(value, list | tuple | set | frozenset | models.QuerySet) else [value]
    column = next(item.column for item in model._meta.concrete_fields if item.name == name)
    return Records(model, str(column), tuple(str(getattr(item, "pk", item)) for item in values))


def changes_of(
    *sources: models.Model | Records, person: str = "", field: str = "", page: int = 1, page_size: int = PAGE_SIZE
) -> Changes:
    """A page of what happened to `sources`. `person` is a user's number, or "-" for the system itself.

    `field` is one of the keys of the answer's `fields`, « app.model.column ». Unknown values find nothing.
    """
    wanted = _merge(sources)
    if not wanted:
        return Changes([], 1, False)
    page = max(page, 1)
    events, params = _events_sql(wanted)
    conditions, chosen = ["changes <> '{}'::jsonb"], dict(params)
    if person:
        conditions.append("COALESCE(NULLIF(context->>'user', ''), '-') = %(person)s")
        chosen["person"] = person
    if field:
        label, _dot, column = field.rpartition(".")
        conditions.append("model = %(label)s AND jsonb_exists(changes, %(column)s)")
        chosen |= {"label": label, "column": column}
    chosen |= {"limit": page_size + 1, "offset": (page - 1) * page_size}
    rows = _run(
        f"""{events} SELECT model, moment, kind, context, changes, own FROM changed WHERE {" AND ".join(conditions)}
            ORDER BY moment DESC, rank DESC, event_id DESC LIMIT %(limit)s OFFSET %(offset)s""",  # noqa: S608  conditions are the constants above
        chosen,
    )
    facets = _run(
        f"""{events} SELECT DISTINCT model, jsonb_object_keys(changes), NULL, NULL FROM changed UNION ALL
            SELECT NULL, NULL, COALESCE(NULLIF(context->>'user', ''), '-'), max(context->>'user_name')
            FROM changed WHERE changes <> '{{}}'::jsonb GROUP BY 3""",  # noqa: S608  the same
        params,
    )
    # Django leaves the jsonb of a raw cursor as text.
    rows = [(*row[:3], json.loads(row[3] or "{}"), json.loads(row[4]), row[5]) for row in rows]
    models_by_label = {source.model._meta.label_lower: source.model for source in wanted}
    names = Names()
    for label, _moment, _kind, context, changes, _own in rows[:page_size]:
        names.want(get_user_model(), (context or {}).get("user"))
        for column, pair in changes.items():
            names.want_of(models_by_label[label], column, pair)
    for _label, _column, user, _name in facets:
        if user and user != "-":
            names.want(get_user_model(), user)
    names.fetch()
    return Changes(
        entries=[_entry(models_by_label[row[0]], row, names) for row in rows[:page_size]],
        page=page,
        has_next=len(rows) > page_size,
        people=_people(facets, names),
        fields=_fields(facets, models_by_label),
        person=person,
        chosen_field=field,
    )


def _merge(sources: Iterable[models.Model | Records]) -> list[Records]:
    merged: dict[tuple[type[models.Model], str], list[str]] = {}
    for source in sources:
        if isinstance(source, models.Model):
            source = Records(type(source)._meta.concrete_model or type(source), "pgh_obj_id", (str(source.pk),))
        merged.setdefault((source.model, source.column), []).extend(source.values)
    return [Records(model, column, tuple(values)) for (model, column), values in merged.items() if values]


def _events_sql(wanted: list[Records]) -> tuple[str, dict[str, Any]]:
    """The events asked for, each with the fields it changed as {column: [before, after]}."""
    quote, parts = connection.ops.quote_name, []
    params: dict[str, Any] = {}
    for rank, source in enumerate(wanted):
        event = event_model_of(source.model)
        kind = next(f for f in event._meta.concrete_fields if f.column == source.column).db_type(connection)
        params |= {f"values{rank}": list(source.values), f"shown{rank}": event_columns(source.model)}
        parts.append(
            f"""SELECT '{source.model._meta.label_lower}' AS model, {-rank} AS rank, e.pgh_id AS event_id,
                e.pgh_created_at AS moment, e.pgh_label AS kind, e.pgh_context AS context, to_jsonb(e) AS now,
                lag(to_jsonb(e)) OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_id) AS was, %(shown{rank})s AS shown
            FROM {quote(event._meta.db_table)} e WHERE e.{quote(source.column)} = ANY(%(values{rank})s::{kind}[])"""  # noqa: S608
        )
    names = ", ".join(f"now->>'{name}'" for name in OWN_NAMES)
    sql = f"""WITH events AS ({" UNION ALL ".join(parts)}), changed AS (
        SELECT model, rank, event_id, moment, kind, context, COALESCE({names}, '') AS own, COALESCE((
            SELECT jsonb_object_agg(c, CASE kind WHEN 'insert' THEN jsonb_build_array(NULL, now->c)
                WHEN 'delete' THEN jsonb_build_array(now->c, NULL) ELSE jsonb_build_array(was->c, now->c) END)
            FROM unnest(shown) c WHERE CASE WHEN kind = 'update' THEN now->c IS DISTINCT FROM was->c
                ELSE now->c NOT IN ('null', '""', '[]', '{{}}') END), '{{}}') AS changes
        FROM events)"""  # noqa: S608  the names put in are the models' own
    return sql, params


def event_model_of(model: Any) -> type[models.Model]:
    return model.pgh_event_model


def event_columns(model: type[models.Model]) -> list[str]:
    """The columns of a model's events worth showing: not its number, nor what the database computes itself."""
    kept = {field.name for field in event_model_of(model)._meta.fields}
    hidden = set(getattr(model, "history_hides", ())) | {"version", "updated_at"}
    return [
        str(field.column)
        for field in model._meta.local_concrete_fields
        if not field.primary_key and not getattr(field, "generated", False) and field.name not in hidden
        if field.name in kept
    ]


def _entry(model: type[models.Model], row: tuple, names: Names) -> Entry:
    _label, moment, kind, context, changes, own = row
    context = context or {}
    shown = {item.column: item for item in model._meta.local_concrete_fields}
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
        name=own,
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


def _fields(facets: list[tuple], models_by_label: Mapping[str, type[models.Model]]) -> list[tuple[str, str]]:
    found = []
    for label, column, _user, _name in facets:
        if column:
            model = models_by_label[label]
            item = next(item for item in model._meta.local_concrete_fields if item.column == column)
            text = f"{_capital(model._meta.verbose_name)} – {item.verbose_name}"
            found.append((f"{label}.{column}", text))
    return sorted(set(found), key=lambda pair: pair[1].casefold())


def _capital(text: Any) -> str:
    text = str(text)
    return text[:1].upper() + text[1:]


def _run(sql: str, params: Mapping[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
