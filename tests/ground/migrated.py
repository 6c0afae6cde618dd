"""Databases that are made once for each state of what they are made of, and copied for every run of the tests."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from psycopg2 import sql

from sr_portal.web.quick_migrations import quick_migrations

from .clones import clone_database, connected_to, outside

PREFIX = "portal_migrated_"
MADE_OF = ("*/migrations/*.py", "sr_portal/*/migrations/*.py", "*/data/*", "uv.lock")
LOCK = 0x53_52_2D_54  # any number, the same for every process: "SR-T"


def fingerprint(patterns: Iterable[str] = MADE_OF) -> str:
    """Of all that decides what a database holds: by default our migrations, what they read, and the libraries'."""
    found = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in Path(settings.BASE_DIR).glob(pattern)}):
        found.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def exists(cursor, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def copy_migrated(name: str, *, keep: bool) -> None:
    """The database `name`, as the migrations leave it. With `keep`, one that is there already stays as it is."""
    with outside() as cursor:
        if keep and exists(cursor, name):
            return
        template = made_once(PREFIX, fingerprint(), "template0", migrate)
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    clone_database(template, name)


def migrate() -> None:
    with quick_migrations():
        call_command("migrate", interactive=False, run_syncdb=True, verbosity=0)
        call_command("createcachetable", verbosity=0)


def made_once(prefix: str, state: str, template: str, make: Callable[[], None]) -> str:
    """The name of the database `prefix` + `state`; where it is missing, `make` fills a copy of `template`.

    It has another name until it is whole. Those of former states go. Of two processes at once one makes it, the other
    waits: the lock ends with the session.
    """
    name, unfinished = prefix + state, f"{prefix}unfinished"
    with outside() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if exists(cursor, name):
            return name
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        for former in {unfinished, *(former for (former,) in cursor.fetchall())}:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(former)))
        clone_database(template, unfinished)
        with connected_to(unfinished):
            make()
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
        )
    return name
