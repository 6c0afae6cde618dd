"""What is asked of who moves the money of an instalment, or corrects an entry."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.filters import day_input
from projects.models import Currency, Instalment
from projects.rules.amounts import Sum, in_xof
from projects.services.payments import Movement, refundable_usd
from sr_portal.documents.checks import ACCEPT
from sr_portal.web import clock
from sr_portal.web.fields import AmountField, MoneyField
from sr_portal.web.templatetags.portal import number, usd

from .road import LONG

TYPED = forms.TextInput(attrs={"autocomplete": "off"})


def file_field(label, help_text, *, required: bool = True) -> forms.FileField:
    return forms.FileField(
        label=label, required=required, allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=format_lazy("{text} {limit}", text=help_text, limit=format_lazy(
            gettext_lazy("PDF ou photo nette, {limit} au plus."), limit=filesizeformat(settings.MAX_UPLOAD_BYTES)
        )),
    )  # fmt: skip


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ce que doivent savoir ceux qui autorisent et paient."),
    )  # fmt: skip


class PlainForm(forms.Form):
    """Nothing to fill in: the page says what will happen, the button does it."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Motif"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Il reste au dossier, avec votre nom et l’heure."),
        error_messages={"required": gettext_lazy("Indiquez le motif.")},
    )  # fmt: skip


class ShortReasonForm(ReasonForm):
    """For the reasons that the database keeps on the record's own row, in 250 characters."""

    reason = forms.CharField(
        label=gettext_lazy("Motif"), max_length=250, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Il reste au dossier, avec votre nom et l’heure."),
        error_messages={"required": gettext_lazy("Indiquez le motif.")},
    )  # fmt: skip


class SumForm(forms.Form):
    """An amount in USD, or in XOF with its rate: `stated` is the sum that the services take."""

    currency = forms.ChoiceField(
        label=gettext_lazy("Monnaie"), choices=Currency.choices, widget=forms.RadioSelect, initial=Currency.XOF
    )
    amount = MoneyField(label=gettext_lazy("Montant"), max_digits=14, decimal_places=2)
    rate = AmountField(label=gettext_lazy("XOF pour 1 USD"), max_digits=10, decimal_places=4, required=False)
    rate_on = forms.DateField(label=gettext_lazy("Date du taux"), required=False, widget=day_input())

    @property
    def stated(self) -> Sum:
        data = self.cleaned_data
        return Sum(data["amount"], data["currency"], data.get("rate"), data.get("rate_on"))

    def propose_rate(self, rate: Decimal | None, on: dt.date | None, source: str) -> None:
        """Fill the rate in, and say where it comes from."""
        if rate is None or on is None:
            self.fields["rate"].help_text = _("Aucun taux n’est connu du portail : recopiez celui des Nations Unies.")
            return
        self.initial.setdefault("rate", rate)
        self.initial.setdefault("rate_on", on)
        self.fields["rate"].help_text = source

    def both_amounts(self, amount_usd: Decimal, rate: Decimal | None) -> None:
        """Propose the whole of `amount_usd` in the currency chosen; the script swaps it when the other one is."""
        local = in_xof(amount_usd, rate) if rate else None
        attrs = self.fields["amount"].widget.attrs
        attrs["data-usd"] = number(amount_usd)
        if local is not None:
            attrs["data-xof"] = number(local)
        in_francs = self.initial.get("currency") == Currency.XOF
        self.initial.setdefault("amount", local if in_francs and local is not None else amount_usd)


def month_rate_text(day: dt.date, rate: Decimal) -> str:
    return _("Taux des Nations Unies du mois : 1 USD = %(rate)s XOF.") % {"rate": number(rate)}


class MovementForm(SumForm):
    """Money that moved: reference and day beside the amount."""

    reference = forms.CharField(label=gettext_lazy("Référence du paiement"), max_length=60, widget=TYPED)
    paid_on = forms.DateField(label=gettext_lazy("Date"), widget=day_input())
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, files: Any = None, *, instalment: Instalment, currency: str, rate) -> None:
        super().__init__(data, files, initial={"currency": currency, "paid_on": clock.today()})
        self.instalment = instalment
        self.propose_rate(
            rate.xof_per_usd if rate else None, rate.month if rate else None,
            month_rate_text(rate.month, rate.xof_per_usd) if rate else "",
        )  # fmt: skip
        self.propose(rate.xof_per_usd if rate else None)

    def propose(self, rate: Decimal | None) -> None:
        raise NotImplementedError

    @property
    def movement(self) -> Movement:
        data = self.cleaned_data
        return Movement(data["reference"], data["paid_on"], self.stated, data["note"])


class PaymentForm(MovementForm):
    proof = file_field(
        gettext_lazy("Ordre ou avis de virement"), gettext_lazy("Le document de la banque, s’il existe déjà."),
        required=False,
    )  # fmt: skip
    signed_receipt = file_field(
        gettext_lazy("Reçu signé du partenaire"), gettext_lazy("Il peut être joint plus tard."), required=False
    )

    def propose(self, rate: Decimal | None) -> None:
        left = self.instalment.unpaid_usd
        text = _("Il reste %(left)s à payer de cette tranche.") % {"left": usd(left)}
        if rate:
            text = _("Il reste %(left)s à payer de cette tranche, soit %(local)s XOF au taux du mois.") % {
                "left": usd(left),
                "local": number(in_xof(left, rate)),
            }
        self.fields["amount"].help_text = text
        self.both_amounts(left, rate)


class RefundForm(MovementForm):
    proof = file_field(gettext_lazy("Preuve du remboursement"), gettext_lazy("Relevé ou avis de la banque."))

    def propose(self, rate: Decimal | None) -> None:
        left = refundable_usd(self.instalment)
        self.fields["reference"].label = _("Référence du remboursement")
        self.fields["amount"].help_text = _(
            "En positif. %(left)s au plus : ce qui est payé et ni justifié ni remboursé."
        ) % {"left": usd(left)}
        self.both_amounts(left, rate)


class SignedReceiptForm(forms.Form):
    receipt = file_field(gettext_lazy("Reçu signé du partenaire"), gettext_lazy("Daté et signé, avec le montant reçu."))
