"""The form that carries money over."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sr_portal.web.fields import MoneyField
from sr_portal.web.templatetags.portal import usd


class CarryForm(forms.Form):
    """`seen_usd` is what was unreserved before the eyes of who confirms; `most` what may be carried, USD."""

    amount_usd = MoneyField(
        label=gettext_lazy("Montant à reporter"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    seen_usd = forms.DecimalField(widget=forms.HiddenInput, localize=False)

    def __init__(self, data=None, *, available: Decimal, most: Decimal) -> None:
        super().__init__(data, initial={"amount_usd": most, "seen_usd": available})
        self.fields["amount_usd"].help_text = _("Au plus %(most)s.") % {"most": usd(most)}
