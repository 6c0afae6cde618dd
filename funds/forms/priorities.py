"""Choosing a priority of a regional plan in force: the field that prospects and concept notes share."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from regions.models import Priority
from regions.rules import PRIORITY_REGION_MESSAGE


class PriorityField(forms.ModelChoiceField):
    """The priorities of the plans in force, those of each region together; `keeping` is one chosen before."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Priority.objects.none(), required=False, empty_label=_("Aucune"), **options)

    def offer(self, keeping: int | None = None) -> None:
        found = Priority.objects.filter(Q(plan__status="validated") | Q(pk=keeping)).select_related("plan__region")
        self.queryset = found.defer("plan__region__outline", "description").order_by(
            "plan__region__rank", "axis__number", "code"
        )

    def label_from_instance(self, priority: Priority) -> str:
        return f"{priority.plan.region.name} · {priority.code} – {Truncator(priority.title).chars(80)}"


def check_priority(form: forms.Form, region_field: str = "region") -> None:
    """The region of the record is that of its priority; left empty, it is taken from there."""
    data = form.cleaned_data
    priority, region = data.get("priority"), data.get(region_field)
    if priority is None:
        return
    if region is None and region_field not in form.errors:
        data[region_field] = priority.plan.region
    elif region is not None and region.pk != priority.plan.region_id:
        form.add_error("priority", PRIORITY_REGION_MESSAGE)
