"""Django's entry for the page machinery."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "sr_portal.web"
    label = "web"
    verbose_name = _("Pages")
