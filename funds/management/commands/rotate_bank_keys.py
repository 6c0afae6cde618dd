"""`manage.py rotate_bank_keys`: after a new key was put first in FIELD_ENCRYPTION_KEYS, encrypt everything with it."""

import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from funds.services import bank_keys


class Command(BaseCommand):
    help = (
        "Encrypt account numbers, bank proofs and webhooks' secrets again with the first key of FIELD_ENCRYPTION_KEYS. Run it again until "
        "nothing is left to change; then the older keys may go. Exit code 1 when something could not be opened."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        labels = {
            _("Comptes"): bank_keys.rotate_accounts,
            _("Attestations"): bank_keys.rotate_files,
            _("Webhooks"): bank_keys.rotate_webhooks,
        }
        failed = False
        for label, rotate in labels.items():
            counts: Counter[str] = Counter()
            for outcome in rotate():
                counts[outcome.state] += 1
                if outcome.state == "failed":
                    self.stderr.write(f"{outcome.name}: {outcome.reason}")
            failed |= counts["failed"] > 0
            self.stdout.write(
                _("%(label)s : %(changed)s rechiffrés, %(current)s déjà à jour, %(failed)s illisibles.")
                % {
                    "label": label,
                    "changed": counts["changed"],
                    "current": counts["current"],
                    "failed": counts["failed"],
                }
            )
        if failed:
            self.stdout.write(self.style.ERROR(_("Gardez les anciennes clés : tout n’a pas pu être rechiffré.")))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(_("Seule la première clé sert désormais.")))
