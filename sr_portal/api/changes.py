"""What changed since when: a log that triggers write in the writer's own transaction, read so that nothing is missed.

`updated_at` is set before its commit, and two transactions may commit in the other order: who pulls « later than what
I saw last » would miss the slower one. Here a change's place is the number of its transaction, and only what lies below
the oldest transaction still running is given out: of those, none can appear any more. A record that changed again is
given at its last place only. See docs/decisions (« Changes are ordered by their transactions »).

Where webhooks plug in: a delivery job keeps, for each subscription, the `Mark` of the last change it sent, and asks
`since(kind, mark, most)` for what comes next; the mark moves only once the receiver has answered. Whether the
subscriber may see the record is asked of the resource (`Resource.rows(reader)`), at the time of sending.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pgtrigger
from django.db import connection, models, transaction
from django.utils.crypto import get_random_string

KEPT_DAYS = 2  # an overtaken change is kept as long as an answer may rest in somebody's cache


# --- Writing: by triggers -------------------------------------------------------------------------------------------
def touches(kind: str, column: str = "id", *, extra: str = "") -> pgtrigger.Trigger:
    """A trigger: whenever a row is written, the record of `kind` whose key is in `column` has changed.

    For a row that moves from one record to another, both have. `extra` is PL/pgSQL to run as well.
    """
    return pgtrigger.Trigger(
        name=f"touches_{kind}",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN RETURN NULL; END IF;
            IF TG_OP <> 'INSERT' THEN PERFORM api_touch('{kind}', OLD.{column}); END IF;
            IF TG_OP <> 'DELETE' THEN PERFORM api_touch('{kind}', NEW.{column}); END IF;
            {extra}
            RETURN NULL;
        """,
    )


def spreads(kind: str, rows: str, *columns: str) -> pgtrigger.Trigger:
    """A trigger: when one of `columns` changes, so have the records of `kind` that show it.

    `rows` is a SELECT of their keys, in which NEW is the row: « SELECT id FROM projects_project WHERE region_id = NEW.id ».
    """
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return pgtrigger.Trigger(
        name=f"spreads_to_{kind}",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf(*columns),
        func=f"IF {changed} THEN PERFORM api_touch('{kind}', k.id) FROM ({rows}) AS k(id); END IF; RETURN NULL;",
    )


def register(table: Mapping[type[models.Model], tuple[pgtrigger.Trigger, ...]]) -> None:
    """Gives each model its triggers; called once, when the app that owns the table is ready."""
    for model, triggers in table.items():
        pgtrigger.register(*triggers)(model)


def fill_sql(kind: str, table: str, at: str = "now()") -> str:
    """For migrations: every record that is there already changed once, now. Triggers may have been first: no matter."""
    return (
        f"INSERT INTO api_change (kind, object_id, position, at) SELECT '{kind}', id, api_position(), {at} FROM {table}"  # noqa: S608
        " ON CONFLICT DO NOTHING"
    )


# --- Marks ----------------------------------------------------------------------------------------------------------
MARK = re.compile(r"^([a-z0-9]{12})-(\d{1,18})-(\d{1,18})$")


class AnotherLine(ValueError):
    """The mark was given out by another life of the database: what changed since cannot be told."""


@dataclass(frozen=True, order=True)
class Mark:
    """A place in the log: everything up to (position, key) is behind it. Its text is opaque to clients."""

    position: int = 0
    key: int = 0

    def text(self, line: str) -> str:
        return f"{line}-{self.position}-{self.key}"


def line() -> str:
    """The name of this life of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT line FROM api_timeline WHERE id = 1")
        return cursor.fetchone()[0]


def parse(text: str) -> Mark | None:
    """The mark that this text is; None when it is none. Raises `AnotherLine`."""
    match = MARK.match(text)
    if match is None:
        return None
    if match[1] != line():
        raise AnotherLine
    return Mark(int(match[2]), int(match[3]))


def mark_of(kind: str, at: dt.datetime) -> Mark:
    """Before the first change since that moment; at the horizon when there was none.

    Later changes may have a smaller number when their transaction began earlier: from the smallest of them on.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE((SELECT min(position) FROM api_change WHERE kind = %s AND at >= %s), api_horizon()) - 1",
            [kind, at],
        )
        return Mark(max(0, cursor.fetchone()[0]), 2**62)


# --- Reading --------------------------------------------------------------------------------------------------------
# What is ready to be given out: below the horizon, and not overtaken by a later change, be it below or above it.
READY = """
    SELECT c.object_id, c.position, c.at FROM api_change c
    WHERE c.kind = %s AND (c.position, c.object_id) > (%s, %s) AND c.position < api_horizon()
    AND NOT EXISTS (SELECT 1 FROM api_change l WHERE l.kind = c.kind AND l.object_id = c.object_id
                    AND l.position > c.position)
    ORDER BY c.position, c.object_id LIMIT %s
"""


def since(kind: str, mark: Mark, most: int) -> list[tuple[int, Mark, dt.datetime]]:
    """The next records of `kind` that changed after `mark`, at most `most`: (key, its mark, when)."""
    with connection.cursor() as cursor:
        cursor.execute(READY, [kind, mark.position, mark.key, most])
        return [(key, Mark(position, key), at) for key, position, at in cursor.fetchall()]


def version_sql(kind: str, key: str = "") -> str:
    """SQL of a text that differs when what is visible of the log does: the whole of a kind, or of the record `key`, SQL too.

    Of a kind: the highest place below the horizon, which all that lies below has in common, and each place above it.
    Two moments with the same text saw the same changes; while somebody writes, the text may differ for nothing.
    """
    here = f"FROM api_change WHERE kind = '{kind}' AND"
    if key:
        return f"SELECT count(*) || '/' || COALESCE(max(position), 0) {here} object_id = {key}"
    return f"""SELECT (SELECT COALESCE(max(position), 0) {here} position < api_horizon()) || '/'
        || COALESCE((SELECT md5(string_agg(position || '.' || object_id, ',' ORDER BY position, object_id))
                     {here} position >= api_horizon()), '')"""


# --- Keeping --------------------------------------------------------------------------------------------------------
def forget_overtaken() -> int:
    """Deletes the changes that a later one of the same record has overtaken for good. How many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM api_change c WHERE c.at < now() - make_interval(days => %s) AND c.position < api_horizon()"
            " AND EXISTS (SELECT 1 FROM api_change l WHERE l.kind = c.kind AND l.object_id = c.object_id"
            " AND l.position > c.position AND l.position < api_horizon())",
            [KEPT_DAYS],
        )
        return cursor.rowcount


@transaction.atomic
def go_on() -> bool:
    """After the rows came from another server (a restored backup, an upgrade), numbers go on above those that are there.

    Also gives the line a new name then, so that marks of the other life are refused with 409 instead of missing what
    happened. To be called before anybody writes; True when it had to act.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(position), 0) - api_position() FROM api_change")
        ahead = cursor.fetchone()[0]
        if ahead <= 0:
            return False
        cursor.execute(
            "UPDATE api_timeline SET base = base + %s, line = %s WHERE id = 1",
            [ahead + 1, get_random_string(12, "abcdefghijklmnopqrstuvwxyz0123456789")],
        )
        return True
