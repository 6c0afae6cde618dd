"""What people are asked of a regional plan and of its parts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regions import access
from regions.models import Axis, Indicator, Plan, PlanStatus, Priority, Region
from regions.services.plans import AXIS_FIELDS, INDICATOR_FIELDS, MEASURED, PLAN_FIELDS, PRIORITY_FIELDS
from sr_portal.web.fields import AmountField, MoneyField

from .seen import SeenForm, area, day_input


class PlanFilter(forms.Form):
    region = forms.ModelChoiceField(
        label=_("Région"), required=False, queryset=Region.objects.none(), to_field_name="code", empty_label=_("Toutes")
    )
    etat = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Tous")), *PlanStatus.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.without_outline().order_by("rank")


class PlanForm(SeenForm):
    class Meta:
        model = Plan
        fields = PLAN_FIELDS
        widgets = {
            "starts_on": day_input(),
            "ends_on": day_input(),
            "summary": area(6),
            "change_note": area(3),
            "lead": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {"lead": _("Qui conduit le plan : le gouvernorat, un comité régional…")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.number == 1:
            del self.fields["change_note"]

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name, "") for name in self._meta.fields}


class NewPlanForm(PlanForm):
    """Where the plan applies is said once."""

    region = forms.ModelChoiceField(label=_("Région"), queryset=Region.objects.none(), empty_label=_("Choisir"))
    field_order = ("region", *PLAN_FIELDS)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = Region.objects.filter(access.writable_regions(user)).without_outline().order_by("rank")
        self.fields["region"].queryset = regions


class AxisForm(SeenForm):
    class Meta:
        model = Axis
        fields = AXIS_FIELDS
        widgets = {"description": area(4)}

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields["number"].initial = max((axis.number for axis in plan.axes.all()), default=0) + 1


class PriorityForm(SeenForm):
    need_usd = MoneyField(
        label=_("Besoin estimé"), min_value=0, max_digits=14, decimal_places=2,
        help_text=_("Ce qu’il faudrait en tout sur la période du plan, quel que soit qui le finance."),
    )  # fmt: skip
    theme = forms.ChoiceField(
        label=_("Thème"),
        required=False,
        help_text=_("La famille de secteurs, comme pour l’affectation des contributions."),
    )

    class Meta:
        model = Priority
        fields = PRIORITY_FIELDS
        widgets = {"description": area(4), "lead": forms.TextInput(attrs={"autocomplete": "off"})}
        help_texts = {
            "code": _("Tel que le plan l’imprime : 1.2 ou P3."),
            "lead": _("Le service ou l’organisation qui conduit cette priorité."),
        }

    def __init__(self, *args: Any, plan: Plan, themes: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["axis"].queryset = Axis.objects.filter(plan=plan)
        self.fields["axis"].empty_label = _("Choisir")
        self.fields["theme"].choices = [("", _("Aucun")), *themes]

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().upper()


def measure(label: Any, required: bool = True) -> AmountField:
    return AmountField(label=label, required=required, max_digits=14, decimal_places=2)


class IndicatorForm(SeenForm):
    baseline = measure(_("Valeur de départ"))
    target = measure(_("Cible"))
    latest = measure(_("Dernière valeur"), required=False)

    class Meta:
        model = Indicator
        fields = INDICATOR_FIELDS
        widgets = {"baseline_on": day_input(), "target_on": day_input(), "latest_on": day_input()}
        help_texts = {"unit": _("%, kilomètres, ménages, jours…")}

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["priority"].queryset = Priority.objects.filter(plan=plan).in_order()
        self.fields["priority"].empty_label = _("Choisir")


class MeasureForm(SeenForm):
    latest = measure(_("Dernière valeur"))

    class Meta:
        model = Indicator
        fields = MEASURED
        widgets = {"latest_on": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["latest_on"].required = True


class DocumentForm(forms.Form):
    document = forms.FileField(
        label=_("Document"), help_text=_("PDF, Word ou image. Le fichier précédent reste conservé au dossier.")
    )
