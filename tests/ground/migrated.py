"""The migrated database, made once for each state of the migrations, and copied for every run of the tests."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from psycopg2 import sql

from sr_portal.web.quick_migrations import quick_migrations

from .clones import connected_to, outside

PREFIX = "portal_migrated_"
MADE_OF = ("*/migrations/*.py", "sr_portal/*/migrations/*.py", "*/data/*", "uv.lock")
LOCK = 0x53_52_2D_54  # any number, the same for every process: "SR-T"


def fingerprint() -> str:
    """Of all that decides what a migrated database holds: our migrations, what they read, and the libraries'."""
    found = hashlib.sha256()
    for path in sorted(path for pattern in MADE_OF for path in Path(settings.BASE_DIR).glob(pattern)):
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
        # Two processes at once: one migrates, the other waits and copies. The lock ends with the session.
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        template = PREFIX + fingerprint()
        if not exists(cursor, template):
            make(cursor, template)
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def make(cursor, template: str) -> None:
    """Migrate an empty database, under another name until it is whole; those of former migrations go."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
    unfinished = f"{PREFIX}unfinished"
    for former in {unfinished, *(name for (name,) in cursor.fetchall())}:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(former)))
    cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(unfinished)))
    with connected_to(unfinished), quick_migrations():
        call_command("migrate", interactive=False, run_syncdb=True, verbosity=0)
        call_command("createcachetable", verbosity=0)
    cursor.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(template))
    )
