"""Reference data of the projects: the template clauses of the agreement. Everything else has its own pages."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from projects.models import AgreementClause
from sr_portal.accounts.admin_site import ReferenceDataAdmin


@admin.register(AgreementClause)
class AgreementClauseAdmin(ReferenceDataAdmin):
    """A clause that no longer serves is taken out of force; agreements already prepared keep the text that they had."""

    list_display = ("kind", "mechanism", "position", "active")
    list_filter = ("kind", "mechanism", "active")
    list_select_related = ("mechanism",)
    ordering = ("kind", "position")

    def formfield_for_dbfield(self, db_field, request: HttpRequest, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("text_fr", "text_en"):
            field.widget = forms.Textarea(attrs={"rows": 14, "cols": 100})
        return field
