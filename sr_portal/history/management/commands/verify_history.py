"""`manage.py verify_history`: recompute every seal; name what was changed, removed or added. Exit code 1 if any."""

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sr_portal.history import verification


class Command(BaseCommand):
    help = "Recompute the chained hashes of the history and compare every record with its last event."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--receipt", action="store_true", help="print a receipt to keep outside this server")
        parser.add_argument("--against", metavar="RECEIPT", help="check that everything a kept receipt covers is here")
        parser.add_argument("--most", type=int, default=200, help="name at most so many faults (all are counted)")

    def handle(self, *args: object, **options) -> None:
        found = 0
        for fault in verification.faults():
            found += 1
            if found <= options["most"]:
                self.stdout.write(str(fault))
        if options["against"]:
            try:
                kept = verification.matches(options["against"])
            except ValueError as error:
                raise CommandError(_("Ce n’est pas un reçu de verify_history.")) from error
            if not kept:
                found += 1
                self.stdout.write(_("Le reçu ne correspond plus : des sceaux qu’il couvrait manquent ou ont changé."))
        for table, columns in verification.gone_columns().items():
            self.stdout.write(
                _("%(table)s : colonnes retirées depuis (%(columns)s), lignes anciennes non recalculables.")
                % {"table": table, "columns": ", ".join(sorted(columns))}
            )
        sealed = verification.sealed_events()
        if found:
            message = ngettext("%(count)d anomalie.", "%(count)d anomalies.", found) % {"count": found}
            self.stdout.write(self.style.ERROR(message))
            sys.exit(1)
        message = ngettext("%(count)d événement, intact.", "%(count)d événements, tous intacts.", sealed)
        self.stdout.write(self.style.SUCCESS(message % {"count": sealed}))
        if options["receipt"]:
            self.stdout.write(verification.receipt())
