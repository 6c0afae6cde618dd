"""Django's entry for the files of every record."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "sr_portal.documents"
    label = "documents"
    verbose_name = _("Documents")
