"""Forms of the envelopes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funds.models import Envelope, Mechanism
from funds.rules import fiscal_year_bounds
from sr_portal.web import clock
from sr_portal.web.fields import MoneyField
from sr_portal.web.templatetags.portal import usd


class EnvelopeForm(forms.Form):
    mechanism = forms.ModelChoiceField(label=_("Mécanisme"), queryset=Mechanism.objects.all(), empty_label=_("Choisir"))
    fiscal_year = forms.TypedChoiceField(label=Envelope._meta.get_field("fiscal_year").verbose_name, coerce=int)
    amount_usd = MoneyField(label=_("Montant"), min_value=0, max_digits=12, decimal_places=2)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        this = clock.today().year
        self.fields["fiscal_year"].choices = [(year, str(year)) for year in range(this - 1, this + 3)]
        self.fields["fiscal_year"].initial = this
        self.fields["fiscal_year"].help_text = Envelope._meta.get_field("fiscal_year").help_text

    def clean(self):
        data = super().clean()
        mechanism, year = data.get("mechanism"), data.get("fiscal_year")
        if mechanism and year:
            _first, last = fiscal_year_bounds(year, mechanism.fiscal_year_first_month)
            if last < clock.today():
                self.add_error("fiscal_year", _("Cet exercice est terminé."))
            elif Envelope.objects.filter(mechanism=mechanism, fiscal_year=year).exists():
                self.add_error("fiscal_year", _("Ce mécanisme a déjà une enveloppe pour cet exercice."))
        return data


class AmountForm(forms.Form):
    """`seen_usd` is what its editor had before their eyes."""

    amount_usd = MoneyField(label=_("Montant"), min_value=0, max_digits=12, decimal_places=2)
    seen_usd = forms.DecimalField(widget=forms.HiddenInput, localize=False)

    def __init__(self, *args, envelope: Envelope, **kwargs) -> None:
        initial = {"amount_usd": envelope.amount_usd, "seen_usd": envelope.amount_usd}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["amount_usd"].help_text = _("Au moins %(reserved)s, déjà réservés par des projets approuvés.") % {
            "reserved": usd(envelope.reserved_usd)
        }
