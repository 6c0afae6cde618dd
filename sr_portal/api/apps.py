"""Django's entry for the machinery of the public API: tokens, problems, pages, changes, its document."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "sr_portal.api"
    label = "api"
    verbose_name = _("Données ouvertes et API")
