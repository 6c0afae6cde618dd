"""The places. Outlines are replaced by `manage.py load_boundaries`, not by hand."""

from django.contrib import admin
from django.http import HttpRequest

from regions.models import Cercle, Region
from sr_portal.accounts.admin_site import ReferenceDataAdmin


@admin.register(Region)
class RegionAdmin(ReferenceDataAdmin):
    list_display = ("name", "code", "abbreviation", "capital", "population", "population_year", "pcode")
    ordering = ("rank",)

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).defer("outline")

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> tuple[str, ...]:
        return ("code", "abbreviation", "outline_source") if obj else ("outline_source",)


@admin.register(Cercle)
class CercleAdmin(ReferenceDataAdmin):
    list_display = ("name", "region", "pcode", "pcode_version")
    list_filter = ("region",)
    list_select_related = ("region",)
    search_fields = ("name__unaccent", "pcode")
