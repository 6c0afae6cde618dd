"""What hangs on one row, read by one question however many tables it lies in, and only when some of it is read.

A queryset says what a page reads, as ever: `select_related`, `prefetch_related`, `defer`. Django would join or ask once
for each relation, and before it is known whether the reader may act at all. `get_together(queryset, pk=…)` asks for the
row alone; the first relation that is read brings all of them, as JSON that PostgreSQL itself nests, turned back into
rows of the models. `row.region`, `row.lines.all()` and the like then work as after Django's own.

Whole relations only: a `Prefetch` whose queryset filters, or that has a `to_attr`, is refused.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models.constants import LOOKUP_SEP
from django.shortcuts import get_object_or_404

Row = TypeVar("Row", bound=models.Model)


@dataclass
class Relation:
    """One relation of a model, with what of it is not read, and what is read beyond it."""

    field: Any  # a foreign key, a many-to-many field, or the far end of one
    deferred: set[str] = field(default_factory=set)
    beyond: "Relations" = field(default_factory=dict)

    @property
    def model(self) -> type[models.Model]:
        return self.field.related_model

    @property
    def is_many(self) -> bool:
        return bool(self.field.one_to_many or self.field.many_to_many)


Relations = dict[str, Relation]  # by the name under which the rows of a model know them


def get_together(queryset: models.QuerySet[Row], *, at_once: bool = False, **key: object) -> Row:
    """The row of `key`, or 404. `at_once` reads its relations now, for who is known to need them."""
    relations = relations_of(queryset)
    row = get_object_or_404(queryset.select_related(None).prefetch_related(None), **key)
    reading = Reading(row, relations)
    many = {name for name, relation in relations.items() if relation.is_many}
    row._prefetched_objects_cache = Waiting(reading, many)  # type: ignore[attr-defined]  # where managers look first
    single = Waiting(reading, relations.keys() - many)
    row._state.fields_cache = single  # type: ignore[attr-defined]  # and where foreign keys do
    if at_once:
        reading.read()
    return row


class Reading:
    """The relations of one row, all read when one is wanted."""

    def __init__(self, row: models.Model, relations: Relations) -> None:
        self.row, self.relations, self.is_under_way = row, relations, False

    def read(self) -> None:
        self.is_under_way = True  # what is asked of the row meanwhile must not come back here
        try:
            with connection.cursor() as cursor:
                cursor.execute(question(self.row._meta.model, self.relations), [self.row.pk])
                (answer,) = cursor.fetchone()
            attach(self.row, self.relations, json.loads(answer, parse_float=Decimal))
        finally:
            self.is_under_way = False


class Waiting(dict[str, Any]):
    """A cache of relations by name, filled when one of those that it may hold is missing."""

    def __init__(self, reading: Reading, names: set[str]) -> None:
        super().__init__()
        self.reading, self.names = reading, names

    def __missing__(self, name: str) -> Any:
        if self.reading.is_under_way or name not in self.names:
            raise KeyError(name)
        self.reading.read()
        return dict.__getitem__(self, name)


def rows_together(wanted: Mapping[tuple[type[Row], str], Collection[str]]) -> dict[tuple[type[Row], str], list[Row]]:
    """The rows of each model whose attribute is one of these keys (written as texts), by one query for all of them.

    Their structures and bytes are left for who asks for them: a name needs neither an outline nor a sealed number.
    """
    found: dict[tuple[type[Row], str], list[Row]] = {asked: [] for asked in wanted}
    asked, parts, params = list(wanted), [], []
    for rank, (model, attribute) in enumerate(asked):
        key = model._meta.pk if attribute == "pk" else model._meta.get_field(attribute)
        own = ", ".join(f"t.{quoted(column.column)}" for column in plain_columns(model))
        parts.append(
            f"SELECT {rank}, (SELECT row_to_json(own) FROM (SELECT {own}) own)::text FROM {quoted(model._meta.db_table)} t"  # noqa: S608  our own names
            f" WHERE t.{quoted(key.column)} = ANY(%s::{key.rel_db_type(connection)}[])"
        )
        params.append(list(wanted[model, attribute]))
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            for rank, answer in cursor.fetchall():
                model, _attribute = asked[rank]
                found[asked[rank]].append(row_of(model, plain_columns(model), json.loads(answer, parse_float=Decimal)))
    return found


# --- What to read --------------------------------------------------------------------------------------------------
def relations_of(queryset: models.QuerySet) -> Relations:
    """The tree that `select_related`, `prefetch_related` and `defer` draw."""
    found: Relations = {}
    add_selected(queryset, queryset.model, found)
    for lookup in queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # what it was told to read
        inner, path = getattr(lookup, "queryset", None), getattr(lookup, "prefetch_through", lookup)
        if getattr(lookup, "to_attr", None) or (inner is not None and inner.query.where):
            raise NotImplementedError(f"{path}: only a whole relation is read together")
        relation, relations, model = None, found, queryset.model
        for name in path.split(LOOKUP_SEP):
            relation = relations.setdefault(name, Relation(relation_named(model, name)))
            relations, model = relation.beyond, relation.model
        if inner is not None and relation is not None:
            relation.deferred |= {name for name in deferred(inner) if LOOKUP_SEP not in name}
            add_selected(inner, model, relations)
    return found


def add_selected(queryset: models.QuerySet, model: type[models.Model], relations: Relations) -> None:
    """What a queryset joins, without what it defers."""

    def add(model: type[models.Model], relations: Relations, names: dict[str, Any], path: str) -> None:
        for name, inner in names.items():
            relation = relations.setdefault(name, Relation(relation_named(model, name)))
            relation.deferred |= {
                left.removeprefix(f"{path}{name}{LOOKUP_SEP}")
                for left in deferred(queryset)
                if left.rpartition(LOOKUP_SEP)[0] == f"{path}{name}"
            }
            add(relation.model, relation.beyond, inner, f"{path}{name}{LOOKUP_SEP}")

    selected = queryset.query.select_related
    if selected is True:
        raise NotImplementedError("select_related() without names")
    add(model, relations, selected or {}, "")


def deferred(queryset: models.QuerySet) -> frozenset[str]:
    names, are_left_out = queryset.query.deferred_loading
    if not are_left_out:
        raise NotImplementedError("only(): say what is left out instead")
    return frozenset(names)


@cache
def relation_named(model: type[models.Model], accessor: str) -> Any:
    for found in model._meta.get_fields():
        if found.is_relation and accessor == (found.name if found.concrete else found.get_accessor_name()):
            return found
    raise LookupError(f"{model.__name__} has no relation {accessor}")


# --- The question ---------------------------------------------------------------------------------------------------
_QUESTIONS: dict[tuple[Any, ...], str] = {}


def question(model: type[models.Model], relations: Relations) -> str:
    """The SQL, made once for each shape."""
    key = (model, shape(relations))
    if key not in _QUESTIONS:
        aliases = (f"t{number}" for number in range(1, 1000))
        table, pk = quoted(model._meta.db_table), quoted(model._meta.pk.column)
        answer = nested(relations, "t0", model, aliases)
        _QUESTIONS[key] = f"SELECT ({answer})::text FROM {table} t0 WHERE t0.{pk} = %s"  # noqa: S608  our own names
    return _QUESTIONS[key]


def shape(relations: Relations) -> tuple[Any, ...]:
    return tuple((name, *sorted(relation.deferred), shape(relation.beyond)) for name, relation in relations.items())


def nested(relations: Relations, owner: str, model: type[models.Model], aliases: Iterator[str]) -> str:
    pairs = (f"'{name}', ({subquery(relation, owner, model, aliases)})" for name, relation in relations.items())
    return f"json_build_object({', '.join(pairs)})"


def subquery(relation: Relation, owner: str, model: type[models.Model], aliases: Iterator[str]) -> str:
    """The related rows of the row `owner`, each as its own columns and what lies beyond it."""
    alias, found, far = next(aliases), relation.field, relation.model._meta
    source, condition = f"{quoted(far.db_table)} {alias}", ""
    if found.many_to_many:
        through = next(aliases)
        source += f", {quoted(found.remote_field.through._meta.db_table)} {through}"
        condition = (
            f"{through}.{quoted(found.m2m_column_name())} = {owner}.{quoted(model._meta.pk.column)}"
            f" AND {through}.{quoted(found.m2m_reverse_name())} = {alias}.{quoted(far.pk.column)}"
        )
    elif found.concrete:
        condition = f"{alias}.{quoted(found.target_field.column)} = {owner}.{quoted(found.column)}"
    else:
        condition = f"{alias}.{quoted(found.field.column)} = {owner}.{quoted(found.field.target_field.column)}"
    wanted = ", ".join(f"{alias}.{quoted(column.column)}" for column in columns(relation))
    row = f"(SELECT row_to_json(own) FROM (SELECT {wanted}) own)"  # noqa: S608  our own names
    if relation.beyond:
        row = f"json_build_object('row', {row}, 'beyond', {nested(relation.beyond, alias, relation.model, aliases)})"
    if relation.is_many:
        row = f"coalesce(json_agg({row} ORDER BY {order(relation.model, alias)}), '[]'::json)"
    return f"SELECT {row} FROM {source} WHERE {condition}"  # noqa: S608  our own names


def order(model: type[models.Model], alias: str) -> str:
    terms = []
    for name in model._meta.ordering or ["pk"]:
        column = model._meta.pk if name.lstrip("-") == "pk" else model._meta.get_field(name.lstrip("-"))
        terms.append(f"{alias}.{quoted(column.column)}{' DESC' if name.startswith('-') else ''}")
    return ", ".join(terms)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


# --- The answer -----------------------------------------------------------------------------------------------------
def attach(row: models.Model, relations: Relations, answer: dict[str, Any]) -> None:
    for name, relation in relations.items():
        given = answer[name]
        if relation.is_many:
            members = [made(relation, each) for each in given]
            if relation.field.one_to_many:
                for member in members:
                    relation.field.field.set_cached_value(member, row)
            keep(row, name, members)
        elif relation.field.is_cached(row):  # selected with the row: what lies beyond hangs on what is there
            member = relation.field.get_cached_value(row)
            if member is not None and relation.beyond:
                attach(member, relation.beyond, given["beyond"])
        else:
            member = None if given is None else made(relation, given)
            relation.field.set_cached_value(row, member)
            if member is not None and relation.field.one_to_one:
                relation.field.remote_field.set_cached_value(member, row)


def keep(row: models.Model, name: str, members: list[models.Model]) -> None:
    """As `prefetch_related` leaves them: a queryset that has been read, and that can still be filtered."""
    queryset = getattr(row, name).get_queryset()
    queryset._result_cache, queryset._prefetch_done = members, True
    if not hasattr(row, "_prefetched_objects_cache"):
        row._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    row._prefetched_objects_cache[name] = queryset  # type: ignore[attr-defined]


def made(relation: Relation, given: dict[str, Any]) -> models.Model:
    values = given["row"] if relation.beyond else given
    member = row_of(relation.model, columns(relation), values)
    if relation.beyond:
        attach(member, relation.beyond, given["beyond"])
    return member


def row_of(model: type[Row], wanted: list["Column"], values: Mapping[str, Any]) -> Row:
    row = [column.convert(values[column.column]) for column in wanted]
    return model.from_db("default", [column.attname for column in wanted], row)


class Column(NamedTuple):
    """A column that is read: its own name, that of the attribute, and what turns its JSON into the model's value."""

    column: str
    attname: str
    convert: Callable[[Any], Any]


def columns(relation: Relation) -> list[Column]:
    return [column for column in all_columns(relation.model) if column.attname not in relation.deferred]


@cache
def plain_columns(model: type[models.Model]) -> list[Column]:
    """Those that are neither structures nor bytes nor read in a way of their own."""
    return [
        Column(str(column.column), column.attname, column.to_python)
        for column in model._meta.concrete_fields
        if not isinstance(column, models.JSONField | models.BinaryField | models.GeneratedField | SearchVectorField)
        if not hasattr(column, "from_db_value")
    ]


@cache
def all_columns(model: type[models.Model]) -> list[Column]:
    """Those of a model, but for search vectors, which are for the database alone."""
    found = []
    for column in model._meta.concrete_fields:
        kind = column.output_field if isinstance(column, models.GeneratedField) else column
        if isinstance(kind, SearchVectorField):
            continue
        if hasattr(kind, "from_db_value") and not isinstance(kind, models.JSONField):
            raise NotImplementedError(f"{column} is read from the database in its own way")
        convert = with_floats if isinstance(kind, models.JSONField) else kind.to_python
        found.append(Column(column.column, column.attname, convert))
    return found


def with_floats(value: Any) -> Any:
    """A JSON document as its column gives it: only amounts of money are decimals."""
    return json.loads(json.dumps(value, default=float))
