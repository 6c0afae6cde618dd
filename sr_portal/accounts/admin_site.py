"""The reference data pages: Django's admin, for administrators who have signed in through the portal's own door."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from . import rules


class PortalAdminSite(admin.AdminSite):
    site_header = _("Données de référence")
    site_title = _("Portail S&R")
    index_title = _("Données de référence")

    def has_permission(self, request: HttpRequest) -> bool:
        return rules.may_manage_people(request.user)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """Never Django's own form: it knows neither the second factor nor the rate limits."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or request.get_full_path())

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Reference data only: groups, second factors and identities that libraries bring here stay closed."""
        if admin_class is not None and issubclass(admin_class, ReferenceDataAdmin):
            super().register(model_or_iterable, admin_class, **options)


class ReferenceDataAdmin(admin.ModelAdmin):
    """The base of every page of reference data: administrators add and change; nothing is deleted here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rules.may_manage_people(request.user)

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return rules.may_manage_people(request.user)

    has_add_permission = has_module_permission
    has_change_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
