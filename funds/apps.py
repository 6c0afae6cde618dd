"""Django's entry for the section's funds and partners."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundsConfig(AppConfig):
    name = "funds"
    verbose_name = _("Fonds et partenaires")

    def ready(self) -> None:
        from funds import merging
        from funds.api import changes
        from funds.imports import activities, iati
        from funds.services.activities import known_twice

        changes.declare()
        activities.declare()
        iati.declare()
        merging.obstacle(known_twice)
