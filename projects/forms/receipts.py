"""What is asked of who enters a receipt, of who judges it, and of who looks for one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.filters import day_input
from projects.models import AgreedLine, Instalment, Payment, Receipt, ReceiptState
from projects.services.receipts import Piece
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day, number, usd

from .money import TYPED, SumForm, file_field, month_rate_text


class ReceiptForm(SumForm):
    """A receipt against an instalment and a line; the amount is the part that the project bears."""

    instalment = forms.TypedChoiceField(label=gettext_lazy("Tranche"), coerce=int)
    line = forms.TypedChoiceField(label=gettext_lazy("Ligne du budget"), coerce=int)
    number = forms.CharField(label=gettext_lazy("Numéro de la pièce"), max_length=60, widget=TYPED)
    supplier = forms.CharField(label=gettext_lazy("Fournisseur ou bénéficiaire"), max_length=150, widget=TYPED)
    issued_on = forms.DateField(label=gettext_lazy("Date de la pièce"), widget=day_input())
    description = forms.CharField(
        label=gettext_lazy("Objet"), max_length=250, required=False, widget=TYPED,
        help_text=gettext_lazy("Ce qui est payé : par exemple « 40 sacs de ciment »."),
    )  # fmt: skip
    document = file_field(gettext_lazy("Pièce numérisée"), gettext_lazy("La facture, le reçu ou l’état d’émargement."))

    def __init__(
        self, data: Any = None, files: Any = None, *, instalments: Sequence[Instalment], lines: Sequence[AgreedLine],
        rate=None, paid: Payment | None = None, initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, files, initial={"currency": "XOF", **(initial or {})})
        self.instalments = {instalment.position: instalment for instalment in instalments}
        self.lines = {line.pk: line for line in lines}
        self.fields["instalment"].choices = [
            (position, _("Tranche %(rank)s – %(state)s") % {"rank": position, "state": row.state_label.label.lower()})
            for position, row in self.instalments.items()
        ]
        self.fields["line"].choices = [("", _("Choisir")), *((pk, f"{row.label} ({_('reste')} {usd(row.left_usd)})") for pk, row in self.lines.items())]  # fmt: skip
        self.fields["amount"].help_text = _("La part que le projet supporte ; l’apport de la communauté n’y entre pas.")
        if paid is not None:
            source = _("Taux auquel la tranche a été payée, le %(day)s : 1 USD = %(rate)s XOF.")
            self.propose_rate(paid.rate, paid.rate_on, source % {"day": day(paid.paid_on), "rate": number(paid.rate)})
        elif rate is not None:
            self.propose_rate(rate.xof_per_usd, rate.month, month_rate_text(rate.month, rate.xof_per_usd))
        else:
            self.propose_rate(None, None, "")

    @property
    def piece(self) -> Piece:
        data = self.cleaned_data
        return Piece(data["number"], data["supplier"], data["issued_on"], self.stated, data["description"])

    @property
    def chosen(self) -> tuple[Instalment, AgreedLine]:
        return self.instalments[self.cleaned_data["instalment"]], self.lines[self.cleaned_data["line"]]

    def clean_issued_on(self):
        issued = self.cleaned_data["issued_on"]
        if issued > clock.today():
            raise forms.ValidationError(_("La date de la pièce est dans l’avenir."))
        return issued


class JudgementForm(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_lazy("Résultat de la vérification"),
        choices=[
            ("accept", gettext_lazy("La pièce est conforme : l’accepter")),
            ("reject", gettext_lazy("Elle ne convient pas : la rejeter")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez : accepter ou rejeter.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Motif du rejet"), required=False, max_length=250, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Qui a saisi la pièce le lira : dites ce qui manque ou ce qui ne va pas."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, receipt: Receipt) -> None:
        super().__init__(data)
        if receipt.state == ReceiptState.ACCEPTED:  # what was accepted can only be rejected
            self.fields["decision"].widget = forms.HiddenInput()
            self.fields["decision"].initial = "reject"
            self.fields["reason"].required = True

    @property
    def accepts(self) -> bool:
        return self.cleaned_data["decision"] == "accept"


class ReceiptFilterForm(forms.Form):
    """The filters of the list's address; a value that cannot be read filters nothing."""

    etat = forms.ChoiceField(label=gettext_lazy("État"), required=False)
    tranche = forms.TypedChoiceField(label=gettext_lazy("Tranche"), required=False, coerce=int, empty_value=None)
    ligne = forms.TypedChoiceField(label=gettext_lazy("Ligne"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, positions: Sequence[int], lines: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["etat"].choices = [("", _("Tous")), *ReceiptState.choices]
        self.fields["tranche"].choices = [("", _("Toutes")), *((rank, str(rank)) for rank in positions)]
        self.fields["ligne"].choices = [("", _("Toutes")), *lines]
