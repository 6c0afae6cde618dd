"""Statements that PostgreSQL plans once a connection instead of once a question: for long ones that are asked often.

Planning a statement of many joins takes longer than running it for a page of rows. Such a statement is prepared
(PREPARE) when a connection meets it first, and then only carried out; after five times PostgreSQL keeps a plan that no
longer knows the values. So it is for statements whose plan does not hang on them, and of few variants: rows by their
keys, sums of a few cells.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import Error, connection

MOST_KEPT = 24  # of one connection: a plan of forty columns takes some hundred kilobytes of its server's memory
# What becomes of a prepared statement elsewhere: a column's type was changed, it was deallocated, it is there already.
OUTDATED, GONE, THERE = "0A000", "26000", "42P05"

_kept: WeakKeyDictionary[Any, OrderedDict[str, None]] = WeakKeyDictionary()


def fetch(sql: str, types: Sequence[str], values: Sequence[Any]) -> list[tuple]:
    """The rows of `sql`, in which `$1`, `$2`… stand for `values` of these SQL types; a `%` in it is a `%`.

    Behind a pooler of transactions (`DATABASE_POOLED`), where the next statement may meet another server process, it is
    `fetch_once`. Raises what the database raises.
    """
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return fetch_once(sql, types, values)
    try:
        return _fetch(sql, types, values)
    except Error as error:
        state = getattr(error.__cause__, "pgcode", None)
        if state not in (OUTDATED, GONE, THERE):
            raise
        _forget(sql, types)
        if connection.in_atomic_block:  # which the error has ended
            raise
        return fetch_once(sql, types, values)


def fetch_once(sql: str, types: Sequence[str], values: Sequence[Any]) -> list[tuple]:
    """The same of a statement that is rarely the same: sent whole, and planned for these values."""
    with connection.cursor() as cursor:
        cursor.execute(_written_out(sql, types), {f"v{number}": value for number, value in enumerate(values, start=1)})
        return cursor.fetchall()


def _fetch(sql: str, types: Sequence[str], values: Sequence[Any]) -> list[tuple]:
    name = _name(sql, types)
    with connection.cursor() as cursor:
        known = _kept.setdefault(connection.connection, OrderedDict())
        if name not in known:
            _prepare(cursor.cursor, known, name, sql, types)
        known.move_to_end(name)
        given = f"({', '.join(['%s'] * len(values))})" if values else ""
        cursor.execute(f"EXECUTE {name}{given}", values)
        return cursor.fetchall()


def _prepare(cursor: Any, known: OrderedDict[str, None], name: str, sql: str, types: Sequence[str]) -> None:
    """By the driver's own cursor: it asks nothing, so it is not counted among the questions of a page."""
    with connection.wrap_database_errors:
        while len(known) >= MOST_KEPT:
            oldest = next(iter(known))
            cursor.execute(f"DEALLOCATE {oldest}")
            del known[oldest]
        taken = f" ({', '.join(types)})" if types else ""
        cursor.execute(f"PREPARE {name}{taken} AS {sql}")
    known[name] = None


def _name(sql: str, types: Sequence[str]) -> str:
    """By its content, so that a name can never stand for another statement, whoever prepared it."""
    return f"portal_{hashlib.sha256(chr(31).join((sql, *types)).encode()).hexdigest()[:32]}"


def _forget(sql: str, types: Sequence[str]) -> None:
    """Out of step with the server: it is prepared again when it is met again, once the server has let it go too."""
    name = _name(sql, types)
    _kept.get(connection.connection, OrderedDict()).pop(name, None)
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [name])
        if cursor.fetchone():
            cursor.execute(f"DEALLOCATE {name}")


def _written_out(sql: str, types: Sequence[str]) -> str:
    """With placeholders of the driver; the highest number first, since `$1` begins `$12`."""
    sql = sql.replace("%", "%%")
    for number, kind in reversed(list(enumerate(types, start=1))):
        sql = sql.replace(f"${number}", f"%(v{number})s::{kind}")
    return sql
