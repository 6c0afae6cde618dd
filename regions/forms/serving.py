"""The choice of a priority to serve: those of the plan in force in a region."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regions.models import Priority


def offer_priorities(field: forms.ModelChoiceField, region_id: int | None, chosen: int | None = None) -> None:
    """Offer those in force in the region, and the one already chosen, even when its plan is no longer in force."""
    found = Priority.objects.to_choose(region_id)
    if chosen is not None:
        found = (found | Priority.objects.filter(pk=chosen).select_related("axis")).in_order()
    field.queryset = found
    field.empty_label = _("Aucune") if region_id else _("Choisissez d’abord la région")


def offer_all_priorities(field: forms.ModelChoiceField, chosen: int | None = None) -> None:
    """Offer those of every plan in force, by region, where the region is chosen in the same form."""
    offer_where(field, Q(plan__status="validated") | Q(pk=chosen))
    field.empty_label = _("Aucune")


def offer_where(field: forms.ModelChoiceField, wanted: Q) -> None:
    """Offer those of several plans, each with its region."""
    field.queryset = (
        Priority.objects.filter(wanted)
        .select_related("plan__region", "axis")
        .defer("plan__region__outline", "plan__summary")
        .order_by("plan__region__rank", "plan_id", *Priority._meta.ordering)
    )
    field.label_from_instance = lambda priority: f"{priority.plan.region.name} · {priority}"  # type: ignore[method-assign]
