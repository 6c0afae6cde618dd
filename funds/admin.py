"""Reference data of the funds. Envelopes and partners have their own pages, with their own rules."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from funds.models import (
    CapacityCriterion,
    Criterion,
    ExchangeRate,
    Facility,
    FocusArea,
    FormQuestion,
    FormSection,
    Marker,
    MarkerLevel,
    Mechanism,
    ReportingDate,
    RequiredDocument,
    Sector,
    TranchePlan,
)
from sr_portal.accounts.admin_site import ReferenceDataAdmin


class CodedAdmin(ReferenceDataAdmin):
    """Records known by their code, which never changes: everything else points at it."""

    fixed: tuple[str, ...] = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> tuple[str, ...]:
        return self.fixed if obj else ()

    def get_fields(self, request: HttpRequest, obj=None) -> list[str]:
        """What never changes comes first, as the record's name."""
        others = [name for name in super().get_fields(request, obj) if name not in self.fixed]
        return [*self.fixed, *others]


@admin.register(Sector)
class SectorAdmin(CodedAdmin):
    list_display = ("code", "name_fr", "name_en", "group_fr")
    list_filter = ("group_fr",)
    search_fields = ("code", "name_fr__unaccent", "name_en")
    ordering = ("group_fr", "name_fr")


class MechanismForm(forms.ModelForm):
    def _get_validation_exclusions(self) -> set[str]:
        """The code is shown and not typed, but the law of the QIP is checked with it."""
        return super()._get_validation_exclusions() - {"code"}


@admin.register(Mechanism)
class MechanismAdmin(CodedAdmin):
    """A mechanism's rules are set here, and a new one is added here, with what it asks for in the tables below."""

    form = MechanismForm
    fixed = ("code", "funded_by_contributions")  # money hangs on it: see `mechanism_keeps_its_funding`
    list_display = ("code", "name_fr", "ceiling_usd", "max_months", "delegated_usd", "fiscal_year_first_month")


@admin.register(CapacityCriterion)
class CapacityCriterionAdmin(ReferenceDataAdmin):
    list_display = ("name_fr", "name_en", "position", "is_active")


@admin.register(Criterion)
class CriterionAdmin(CodedAdmin):
    list_display = ("name_fr", "mechanism", "weight", "position")
    list_filter = ("mechanism",)
    list_select_related = ("mechanism",)
    fixed = ("code", "mechanism")


class TranchePlanForm(MechanismForm):
    def _get_validation_exclusions(self) -> set[str]:
        """Of whose plan it is never changes, and its shares are checked with it."""
        return super()._get_validation_exclusions() - {"mechanism", "recipient"}


@admin.register(TranchePlan)
class TranchePlanAdmin(CodedAdmin):
    """The shares of a mechanism's tranches for a kind of recipient; agreements already signed keep theirs."""

    form = TranchePlanForm
    list_display = ("mechanism", "recipient_label", "shares_label")
    list_filter = ("mechanism",)
    list_select_related = ("mechanism",)
    fixed = ("mechanism", "recipient")


# --- What a mechanism asks of its proposals -------------------------------------------------------------------------
class AskedAdmin(CodedAdmin):
    """Rows of a mechanism: their code and their mechanism never change, for projects have answered them."""

    list_display: tuple[str, ...] = ("name_fr", "mechanism", "code", "position")
    list_filter = ("mechanism",)
    list_select_related = ("mechanism",)
    fixed = ("mechanism", "code")


@admin.register(Facility)
class FacilityAdmin(AskedAdmin):
    list_display = ("name_fr", "mechanism", "ceiling_usd", "max_months", "position")


@admin.register(RequiredDocument)
class RequiredDocumentAdmin(AskedAdmin):
    list_display = ("name_fr", "mechanism", "step", "position")


admin.site.register((FocusArea, Marker, FormSection), AskedAdmin)


@admin.register(MarkerLevel)
class MarkerLevelAdmin(CodedAdmin):
    list_display = ("name_fr", "marker", "level")
    list_filter = ("marker__mechanism",)
    list_select_related = ("marker__mechanism",)
    fixed = ("marker", "level")


@admin.register(FormQuestion)
class FormQuestionAdmin(CodedAdmin):
    list_display = ("name_fr", "section", "required", "position")
    list_filter = ("section__mechanism",)
    list_select_related = ("section__mechanism",)
    fixed = ("section", "code")


@admin.register(ExchangeRate)
class ExchangeRateAdmin(CodedAdmin):
    """A month's rate stays as it was published: proposals were reckoned with it."""

    list_display = ("month", "xof_per_usd")
    date_hierarchy = "month"
    fixed = ("month",)


@admin.register(ReportingDate)
class ReportingDateAdmin(CodedAdmin):
    """The calendar of reports; a date that changes moves the deadlines of the projects under way."""

    list_display = ("mechanism", "kind", "day", "month")
    list_filter = ("mechanism",)
    list_select_related = ("mechanism",)
    fixed = ("mechanism",)
