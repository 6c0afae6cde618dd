"""Statements that PostgreSQL plans once a connection instead of once a question: for long ones that are asked often.

Planning a statement of many joins takes longer than running it for a page of rows. Such a statement is prepared
(PREPARE) when a connection meets it first, and then only carried out. Its plan no longer knows the values, so it is for
statements whose plan does not hang on them: rows by their keys, sums of a few cells.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

MOST_KEPT = 24  # of one connection: a plan of forty columns takes some hundred kilobytes of its server's memory

_kept: WeakKeyDictionary[Any, OrderedDict[tuple[str, ...], str]] = WeakKeyDictionary()
_numbers = itertools.count(1)


def fetch(sql: str, types: Sequence[str], values: Sequence[Any]) -> list[tuple]:
    """The rows of `sql`, in which `$1`, `$2`… stand for `values` of these SQL types; a `%` in it is a `%`.

    Behind a pooler of transactions (`DISABLE_SERVER_SIDE_CURSORS`), where the next statement may meet another server
    process, the statement is sent whole each time. Raises what the database raises.
    """
    with connection.cursor() as cursor:
        if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            written = _written_out(sql, types)
            cursor.execute(written, {f"v{number}": value for number, value in enumerate(values, start=1)})
            return cursor.fetchall()
        before, name = _prepared(sql, types)
        given = f"({', '.join(['%s'] * len(values))})" if values else ""
        # In one go with its first use: a question stays one trip to the database.
        cursor.execute(f"{before.replace('%', '%%')}EXECUTE {name}{given}", values)
        _kept[connection.connection][sql, *types] = name
        return cursor.fetchall()


def _prepared(sql: str, types: Sequence[str]) -> tuple[str, str]:
    """What has to be said before the statement can be carried out, empty when it is known; and its name."""
    known = _kept.setdefault(connection.connection, OrderedDict())
    if name := known.get((sql, *types)):
        known.move_to_end((sql, *types))
        return "", name
    name = f"portal_{next(_numbers)}"
    taken = f" ({', '.join(types)})" if types else ""
    before = f"PREPARE {name}{taken} AS {sql}; "
    if len(known) >= MOST_KEPT:
        _statement, oldest = known.popitem(last=False)
        before = f"DEALLOCATE {oldest}; {before}"
    return before, name


def _written_out(sql: str, types: Sequence[str]) -> str:
    """With placeholders of the driver; the highest number first, since `$1` begins `$12`."""
    sql = sql.replace("%", "%%")
    for number, kind in reversed(list(enumerate(types, start=1))):
        sql = sql.replace(f"${number}", f"%(v{number})s::{kind}")
    return sql
