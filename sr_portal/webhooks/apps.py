"""Django's entry for what is told to partners' programs as it changes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "sr_portal.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")
