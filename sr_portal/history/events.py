"""The events of several records as one SQL query: what each changed, read from the event tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from sr_portal.history.values import title_field

OWN_NAMES = ("title", "name", "label", "original_name", "statement")


@dataclass(frozen=True)
class Records:
    """The events of `model` whose column `column` is one of `values`: rows deleted since are among them."""

    model: type[models.Model]
    column: str
    values: tuple[str, ...]
    tells_column: bool = False  # whether a page says which of the values each record has


def records_of(model: type[models.Model], *, tells_field: bool = False, **where: Any) -> Records:
    """Every record of `model` that has, or ever had, this value (or one of these values) in one field.

    `records_of(BudgetLine, project=7)`, `records_of(Answer, screening=[3, 4])`. `tells_field`: the field itself is
    told too, where the page is not about what it points to.
    """
    ((name, value),) = where.items()
    values = value if isinstance(value, list | tuple | set | frozenset | models.QuerySet) else [value]
    field = next(item for item in model._meta.concrete_fields if item.name == name)
    column = "pgh_obj_id" if field.primary_key else field.column  # the same number, and the one that has an index
    return Records(model, str(column), tuple(str(getattr(item, "pk", item)) for item in values), tells_field)


def merge(sources: Iterable[models.Model | Records]) -> list[Records]:
    merged: dict[tuple[type[models.Model], str, bool], list[str]] = {}
    for source in sources:
        if isinstance(source, models.Model):
            source = Records(type(source)._meta.concrete_model or type(source), "pgh_obj_id", (str(source.pk),))
        merged.setdefault((source.model, source.column, source.tells_column), []).extend(source.values)
    return [Records(model, column, tuple(values), told) for (model, column, told), values in merged.items() if values]


def events_sql(wanted: list[Records]) -> tuple[str, dict[str, Any]]:
    """The events asked for, each with the fields it changed as {column: [before, after]}."""
    quote, parts = connection.ops.quote_name, []
    params: dict[str, Any] = {}
    for rank, source in enumerate(wanted):
        event = event_model_of(source.model)
        kind = next(f for f in event._meta.concrete_fields if f.column == source.column).db_type(connection)
        apart = title_field(source.model)
        hidden = "" if source.tells_column else source.column  # the page is about it
        shown = [column for column in event_columns(source.model) if column != hidden]
        params |= {f"values{rank}": list(source.values), f"shown{rank}": shown}
        params |= {f"title{rank}": str(apart.column) if apart else ""}
        parts.append(
            f"""SELECT '{source.model._meta.label_lower}' AS model, {-rank} AS rank, e.pgh_id AS event_id,
                e.pgh_created_at AS moment, e.pgh_label AS kind, e.pgh_context AS context, to_jsonb(e) AS now,
                lag(to_jsonb(e)) OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_id) AS was, %(shown{rank})s AS shown,
                %(title{rank})s AS title
            FROM {quote(event._meta.db_table)} e WHERE e.{quote(source.column)} = ANY(%(values{rank})s::{kind}[])"""  # noqa: S608
        )
    names = ", ".join(f"now->>'{name}'" for name in OWN_NAMES)
    sql = f"""WITH events AS ({" UNION ALL ".join(parts)}), changed AS (
        SELECT model, rank, event_id, moment, kind, context, COALESCE({names}, '') AS own,
        now->>title AS apart, changes, changes <> '{{}}' OR cardinality(array_remove(shown, title)) = 0 AS told
        FROM events CROSS JOIN LATERAL (SELECT COALESCE((
            SELECT jsonb_object_agg(c, CASE kind WHEN 'insert' THEN jsonb_build_array(NULL, now->c)
                WHEN 'delete' THEN jsonb_build_array(now->c, NULL) ELSE jsonb_build_array(was->c, now->c) END)
            FROM unnest(shown) c WHERE CASE WHEN kind = 'update' THEN now->c IS DISTINCT FROM was->c
                ELSE c <> title AND now->c NOT IN ('null', '""', '[]', '{{}}') END), '{{}}') AS changes) AS c)"""  # noqa: S608  the names put in are the models' own
    return sql, params


def event_model_of(model: Any) -> type[models.Model]:
    return model.pgh_event_model


def event_columns(model: type[models.Model]) -> list[str]:
    """The columns of a model's events worth showing: not its number, nor what the database computes itself."""
    kept = {field.name for field in event_model_of(model)._meta.fields}
    hidden = set(getattr(model, "history_hides", ())) | {"version", "updated_at"}
    return [
        str(field.column)
        for field in model._meta.concrete_fields
        if not field.primary_key and not getattr(field, "generated", False) and field.name not in hidden
        if field.name in kept
    ]


def conditions_for(person: str, field: str) -> tuple[list[str], dict[str, Any]]:
    conditions, chosen = ["told"], {}
    if person:
        conditions.append("COALESCE(NULLIF(context->>'user', ''), '-') = %(person)s")
        chosen["person"] = person.replace("\x00", "")
    app, _dot, rest = field.replace("\x00", "").partition(".")
    model, _dot, column = rest.partition(".")
    if field:
        conditions.append("model = %(label)s")
        chosen["label"] = f"{app}.{model}"
    if column:
        conditions.append("jsonb_exists(changes, %(column)s)")
        chosen["column"] = column
    return conditions, chosen


def run(sql: str, params: Mapping[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
