"""Replaces Django's default admin site by the portal's; apps register their reference data in `admin.py`."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "sr_portal.accounts.admin_site.PortalAdminSite"
