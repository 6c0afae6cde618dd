"""Pages of a long list by key instead of by offset: page 10,000 costs what page 1 costs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, IntegerField, OrderBy, Q, QuerySet, Value
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .templatetags.portal import number

SIZE = 50
PARAMETER = "suite"
KEY, WHOLE = "keyset_value", "keyset_whole"
MOST_COUNTED = 10_000


class RowCompare(Func):
    """`(a, b) < (c, d)` or `>`: a row comparison, which walks an index on (a, b)."""

    output_field = BooleanField()
    arity = 4

    def __init__(self, *expressions: Any, operator: str, **extra: Any) -> None:
        super().__init__(*expressions, operator=operator, **extra)

    def as_sql(self, compiler: Any, connection: Any, **_ignored: Any) -> tuple[str, list[Any]]:
        parts, params = [], []
        for expression in self.source_expressions:
            sql, values = compiler.compile(expression)
            parts.append(sql)
            params.extend(values)
        operator = self.extra["operator"]
        return f"({parts[0]}, {parts[1]}) {operator} ({parts[2]}, {parts[3]})", params


@dataclass(frozen=True)
class Way:
    """How the list is walked: back from the cursor or on, toward lower values or higher, with empty values or not."""

    backward: bool
    toward_low: bool
    nullable: bool


@dataclass
class KeysetPage:
    """One page of a queryset ordered by (field, pk), empty values last. Cursors are signed texts for the address."""

    rows: list[Any] = field(default_factory=list)
    next_cursor: str = ""
    previous_cursor: str = ""
    notice: str = ""
    parameter: str = PARAMETER
    count: Count | None = None

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_other_pages(self) -> bool:
        return bool(self.next_cursor or self.previous_cursor)

    @classmethod
    def of(
        cls,
        queryset: QuerySet,
        cursor: str = "",
        *,
        order: str = "-pk",
        size: int = SIZE,
        parameter: str = PARAMETER,
        count: bool = False,
    ) -> KeysetPage:
        """The page after (or before) `cursor`; `order` is a field, "-" before it for descending.

        The field may be a lookup through relations or an annotation. Rows are whatever the queryset gives (objects, or
        dicts that hold "pk" or "id"). A cursor that was not made here for this order gives the first page and a notice.
        With `count`, `page.count` says how many rows the whole list has, as `counted` does, by the same query.
        """
        name, descending = order.removeprefix("-"), order.startswith("-")
        salt = f"keyset:{queryset.model._meta.label_lower}:{order}"
        target = queryset.query.chain().resolve_ref(name).output_field
        pk_target = queryset.model._meta.pk
        notice, backward, position = "", False, None
        if cursor:
            try:
                went_back, value, pk = signing.loads(cursor, salt=salt, serializer=CursorSerializer)
                position = (None if value is None else target.to_python(value), pk_target.to_python(pk))
                backward = bool(went_back)
            except (signing.BadSignature, ValidationError, ValueError, TypeError):
                notice = _("L’adresse de cette page n’est plus valable : voici le début de la liste.")
        way = Way(backward, descending != backward, can_be_null(queryset, name, target))
        rows = queryset.annotate(**{KEY: F(name)})
        if count:
            rows = rows.annotate(**{WHOLE: how_many(queryset)})
        if position is not None:
            rows = rows.filter(beyond(name, (target, pk_target), position, way))
        nulls = {"nulls_first" if backward else "nulls_last": True} if way.nullable else {}
        first = OrderBy(F(name), descending=way.toward_low, **nulls)
        found = list(rows.order_by(first, OrderBy(F("pk"), descending=way.toward_low))[: size + 1])
        more, found = len(found) > size, found[:size]
        if backward:
            found.reverse()

        def cursor_at(row: Any, back: bool) -> str:
            value, pk = (
                (row[KEY], row.get("pk", row.get("id"))) if isinstance(row, dict) else (getattr(row, KEY), row.pk)
            )
            return signing.dumps([back, value, pk], salt=salt, serializer=CursorSerializer)

        page = cls(rows=found, notice=notice, parameter=parameter)
        if count:  # a page past the end of the list holds no row that says it
            page.count = capped_at(getattr(found[0], WHOLE), MOST_COUNTED) if found else counted(queryset)
        if found:
            if more or backward:
                page.next_cursor = cursor_at(found[-1], False)
            if (backward and more) or (position is not None and not backward):
                page.previous_cursor = cursor_at(found[0], True)
        return page


def filters_of(request: HttpRequest) -> str:
    """The filters of the address as « ?a=b », for a file or another view of the same rows: no cursor, nothing empty."""
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    for name in [name for name in query if not any(query.getlist(name))]:
        del query[name]
    return f"?{query.urlencode()}" if query else ""


class CursorSerializer:
    """JSON that writes dates and decimals as text; the field itself reads them back, to the microsecond."""

    def dumps(self, obj: Any) -> bytes:
        return json.dumps(obj, default=str, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def can_be_null(queryset: QuerySet, name: str, target: Any) -> bool:
    return "__" in name or name in queryset.query.annotations or target.null


def beyond(name: str, fields: tuple[Any, Any], position: tuple[Any, Any], way: Way) -> Q:
    """The rows past the position in the direction of travel; rows without a value stand after all the others."""
    value, pk = position
    if value is None:
        past = Q(**{f"{name}__isnull": True, "pk__lt" if way.toward_low else "pk__gt": pk})
        return past | Q(**{f"{name}__isnull": False}) if way.backward else past
    operator = "<" if way.toward_low else ">"
    past = Q(RowCompare(F(name), F("pk"), Value(value, fields[0]), Value(pk, fields[1]), operator=operator))
    return past | Q(**{f"{name}__isnull": True}) if way.nullable and not way.backward else past


@dataclass(frozen=True)
class Count:
    """A number of rows, exact up to the cap."""

    number: int
    capped: bool

    def __str__(self) -> str:
        return f"{number(self.number)}+" if self.capped else number(self.number)

    def __int__(self) -> int:
        return self.number


def counted(queryset: QuerySet, cap: int = MOST_COUNTED) -> Count:
    """How many rows, at most `cap`: a big list is never counted whole."""
    return capped_at(queryset.order_by()[: cap + 1].count(), cap)


def capped_at(found: int, cap: int) -> Count:
    return Count(min(found, cap), found > cap)


def how_many(queryset: QuerySet) -> Func:
    """The same number as a column, which the database works out once for all rows: one more than the cap at most."""
    keys = ArraySubquery(queryset.order_by().values("pk")[: MOST_COUNTED + 1])
    return Func(keys, function="cardinality", output_field=IntegerField())
