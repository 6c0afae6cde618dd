"""Django's entry for people and roles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "sr_portal.accounts"
    label = "accounts"
    verbose_name = _("Personnes et rôles")

    def ready(self) -> None:
        from sr_portal.accounts import rules  # noqa: F401  registers the permissions
