"""Django's entry for the history of every record."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    name = "sr_portal.history"
    label = "history"
    verbose_name = _("Historique")
