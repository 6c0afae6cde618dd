"""Bring the database to the state that the portal needs, however many processes ask at once."""

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection

from sr_portal.web import mission_day, publisher
from sr_portal.web.quick_migrations import quick_migrations

PREPARE_LOCK = 0x53_52_2D_50  # any number, the same for everybody: "SR-P"


class Command(BaseCommand):
    help = "Migrate, create the cache table and, with --demo, load the sample data, under one advisory lock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the sample data when they are missing")
        parser.add_argument("--from-nothing", action="store_true", help="erase every table first (demo only)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["from_nothing"] and settings.PORTAL_ENV == "production":
            raise CommandError("Refused: PORTAL_ENV is production, and --from-nothing erases every table.")
        with connection.cursor() as cursor:
            # Two first migrations at once would collide. The lock ends with the session, however it ends.
            cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARE_LOCK])
            if options["from_nothing"]:
                cursor.execute("DROP SCHEMA public CASCADE")
                cursor.execute("CREATE SCHEMA public")
        try:
            with quick_migrations() if options["demo"] else nullcontext():
                call_command("migrate", interactive=False, verbosity=options["verbosity"])
            call_command("createcachetable", verbosity=0)
            call_command("go_on_with_changes", stdout=self.stdout)
            mission_day.install(connection)
            publisher.install(connection)
            if options["demo"]:
                call_command("seed_demo", stdout=self.stdout)
        finally:
            if not connection.needs_rollback and connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARE_LOCK])
