"""What the programme officer types of the word of headquarters."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.proposal_annexes import UploadForm
from sr_portal.web import clock
from sr_portal.web.fields import MoneyField


class ClearanceForm(forms.Form):
    reference = forms.CharField(label=_("Référence de l’accord"), max_length=60)
    cleared_on = forms.DateField(
        label=_("Date de l’accord"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    amount_usd = MoneyField(
        label=_("Montant accordé"), max_digits=12, decimal_places=2, min_value=Decimal("0.01"),
        help_text=_("Le siège accorde jusqu’à ce montant ; au-delà, il faut un nouvel accord."),
    )  # fmt: skip
    file = forms.FileField(label=_("Lettre ou message du siège"), max_length=200)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = UploadForm.base_fields["files"].help_text

    def clean_cleared_on(self):
        day = self.cleaned_data["cleared_on"]
        if day > clock.today():
            raise forms.ValidationError(_("Cette date est dans l’avenir."))
        return day
