"""`manage.py check_summaries`: recompute what the dashboards are made of and compare. Exit code 1 when something differs."""

import sys

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.summary.checking import differences


class Command(BaseCommand):
    help = "Recompute the sums of the dashboards and name every difference from what the database keeps."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="count everything anew when something differs")
        parser.add_argument("--most", type=int, default=200, help="name at most so many differences (all are counted)")

    def handle(self, *args: object, **options) -> None:
        found = 0
        for difference in differences():
            found += 1
            if found <= options["most"]:
                self.stdout.write(str(difference))
        if not found:
            self.stdout.write(self.style.SUCCESS(_("Les sommes sont exactes.")))
            return
        told = ngettext("%(count)d écart.", "%(count)d écarts.", found) % {"count": found}
        self.stdout.write(self.style.ERROR(told))
        if not options["repair"]:
            sys.exit(1)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rebuild_facts()")
        self.stdout.write(self.style.SUCCESS(_("Tout a été recompté.")))
