"""Django's entry for the places where the section works."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    name = "regions"
    verbose_name = _("Régions")

    def ready(self) -> None:
        from regions.api import changes

        changes.declare()
