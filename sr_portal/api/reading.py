"""Rows of a resource as JSON that PostgreSQL writes: two statements a page, whatever hangs on each row.

The queryset of the resource chooses keys, filtered and in order; a static SELECT of the resource's columns, planned once
a connection, makes each row's JSON; the bytes go out as they came. That is the `json_agg` floor of quality.md P1, less the
aggregate and the planning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import F, OrderBy
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from sr_portal.web import prepared
from sr_portal.web.keyset import KEY, Way, beyond, can_be_null

from . import asking, changes
from .problems import Fault, Problem
from .reader import Reader
from .resources import Resource


@dataclass
class Page:
    """`rows` are JSON texts; `next_cursor` or `mark` lead on; `removed` are keys that an incremental pull lost."""

    rows: list[str] = field(default_factory=list)
    next_cursor: str = ""
    mark: changes.Mark | None = None
    has_more: bool = False
    removed: list[int] = field(default_factory=list)


def page_of(resource: Resource, reader: Reader, asked: asking.Asked) -> Page:
    """One page of the list in the asked order; the position is taken from the cursor."""
    rows = resource.filtering.apply(resource.rows(reader), reader, asked.filters)
    if asked.mark is not None:
        return _changed(resource, reader, asked, rows)
    order = resource.filtering.order(asked.filters)
    keys = _run(*_sql(_keys(resource, rows, order, asked)))
    more, keys = len(keys) > asked.size, keys[: asked.size]
    cursor = ""
    if more:
        key, value = keys[-1]
        cursor = asking.seal_cursor(resource.name, order, asked.filters, (value, key))
    found = written(resource, reader, asked.fields, [key for key, _value in keys])
    return Page([text for _key, text in found], next_cursor=cursor, has_more=more)


def written(resource: Resource, reader: Reader, fields: tuple[str, ...], keys: list[Any]) -> list[tuple]:
    """(key, JSON) of each of these records that the reader may read now, in the order of `keys`.

    Whether they may is asked once more, in the statement that reads the row: a record may have been hidden since its
    key was chosen. The statement is the same for all keys, so PostgreSQL plans it once a connection; not of chosen
    columns, of which there are too many choices.
    """
    if not keys:
        return []
    pk = resource.model._meta.pk
    readable = _mogrified(resource.rows(reader).order_by().values_list("pk"))
    ask = prepared.fetch_once if fields else prepared.fetch
    return ask(
        f"""SELECT page.k, (SELECT row_to_json(r) FROM (SELECT {resource.select(reader, fields)}) AS r)::text
        FROM unnest($1) WITH ORDINALITY AS page(k, place) JOIN {_from(resource)}
        WHERE page.k IN ({readable}) ORDER BY page.place""",  # noqa: S608
        [f"{pk.rel_db_type(connection)}[]"],
        [keys],
    )


def key_of(resource: Resource, reader: Reader, key: str) -> Any:
    """The primary key of the record of that address, or None."""
    keys = _found(resource, reader, key)
    return None if keys is None else keys.values_list("pk", flat=True).first()


def _found(resource: Resource, reader: Reader, key: str) -> models.QuerySet | None:
    if "\x00" in key:
        return None
    field_ = resource.model._meta.pk if resource.lookup == "pk" else resource.model._meta.get_field(resource.lookup)
    try:
        value = field_.to_python(key)
        field_.run_validators(value)
    except ValidationError:
        return None
    return resource.rows(reader).filter(**{resource.lookup: value})


def _from(resource: Resource) -> str:
    """The resource's tables, joined to the page of keys."""
    first, _space, rest = resource.source.strip().partition("\n")
    return f"{first} ON {resource.alias}.{resource.model._meta.pk.column} = page.k {rest}"


def _keys(resource: Resource, rows: models.QuerySet, order: str, asked: asking.Asked) -> models.QuerySet:
    """The keys of the page in order, one more than asked; empty values last, as on the pages."""
    name, descending = order.removeprefix("-"), order.startswith("-")
    target = rows.query.chain().resolve_ref(name).output_field
    pk_target = rows.model._meta.pk
    way = Way(backward=False, toward_low=descending, nullable=can_be_null(rows, name, target))
    rows = rows.annotate(**{KEY: F(name)})
    if asked.cursor:
        value, key = asking.open_cursor(resource.name, order, asked.filters, asked.cursor)
        try:
            position = (None if value is None else target.to_python(value), pk_target.to_python(key))
        except (ValidationError, ValueError, TypeError) as error:
            raise Problem("invalid-parameter", faults=[Fault("cursor", _("Ce curseur ne se lit pas."))]) from error
        rows = rows.filter(beyond(name, (target, pk_target), position, way))
    nulls = {"nulls_last": True} if way.nullable else {}
    first = OrderBy(F(name), descending=descending, **nulls)
    ordered = rows.order_by(first, OrderBy(F("pk"), descending=descending))
    return ordered.values_list("pk", KEY)[: asked.size + 1]


def _changed(resource: Resource, reader: Reader, asked: asking.Asked, rows: models.QuerySet) -> Page:
    """The next slice of the log of changes, and what of it this reader is shown: in one statement, at one moment.

    A slice holds at most a page of changes; records that the reader is not shown take a place in it and are left out.
    """
    mark = asked.mark or changes.Mark()
    shown = rows.filter(pk__in=RawSQL("SELECT k FROM page", ())).order_by().values_list("pk")
    sql, params = _sql(shown)
    found = _run(
        f"""WITH slice AS ({changes.READY}), page AS (SELECT object_id AS k, position FROM slice),
        shown AS MATERIALIZED (SELECT k FROM ({sql}) AS q(k))
        SELECT page.k, page.position,
            CASE WHEN shown.k IS NOT NULL
            THEN (SELECT row_to_json(r) FROM (SELECT {resource.select(reader, asked.fields)}) AS r)::text END
        FROM page LEFT JOIN shown ON shown.k = page.k LEFT JOIN {_from(resource)}
        ORDER BY page.position, page.k""",  # noqa: S608
        [resource.kind, mark.position, mark.key, asked.size + 1, *params],
    )
    more, found = len(found) > asked.size, found[: asked.size]
    lost = [key for key, _position, text in found if text is None]
    return Page(
        rows=[text for _key, _position, text in found if text is not None],
        mark=changes.Mark(found[-1][1], found[-1][0]) if found else mark,
        has_more=more,
        removed=sorted(resource.was_shown(lost)) if lost else [],
    )


def version_of(resource: Resource, key: int | None = None) -> str:
    """What the ETag of an answer is made of: see `changes.version_sql`."""
    sql = version_sql_of(resource, "" if key is None else "$1")
    return prepared.fetch(f"SELECT {sql}", ["bigint"], [key])[0][0]


def version_sql_of(resource: Resource, key: str = "") -> str:
    """An expression of SQL; `key` is that of the record's key, empty for a list."""
    kinds = (resource.kind, *resource.also)
    return " || '|' || ".join(f"({changes.version_sql(kind, key if kind == resource.kind else '')})" for kind in kinds)


def _mogrified(rows: models.QuerySet) -> str:
    """The statement of the queryset with its values in it."""
    return connection.ops.compose_sql(*_sql(rows))


def _sql(rows: models.QuerySet) -> tuple[str, Any]:
    """The statement of the queryset, also where it is known beforehand to find nothing (« in my area » without one)."""
    return rows.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()


def _run(sql: str, params: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
