"""Forms of contributions: the pledge, the signature, what comes in, papers, and the reasons of what is undone."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from funds.models import Contribution, Mechanism, Organisation, PaperKind, Stage
from funds.services.contributions import PLEDGED, SIGNED_KEEPS, Given
from funds.services.versions import version_of
from funds.themes import themes
from regions.models import Region
from sr_portal.documents.checks import ACCEPT
from sr_portal.spreadsheets.cells import key as key_of
from sr_portal.web import clock
from sr_portal.web.choices import Offered, in_language
from sr_portal.web.fields import AmountField, MoneyField

STAGES = [
    ("annoncees", Stage.PLEDGED), ("signees", Stage.SIGNED), ("en-cours", Stage.PARTLY_RECEIVED),
    ("recues", Stage.RECEIVED), ("retirees", Stage.WITHDRAWN),
]  # fmt: skip
RATE_HELP = _("Unités de cette monnaie pour 1 USD, taux opérationnel des Nations Unies ; vide en USD.")


def regions() -> Any:
    return Region.objects.defer("outline").order_by("rank")


def donors() -> Any:
    return Organisation.objects.filter(is_donor=True).order_by("name")


def file_field(label: Any, *, required: bool = True) -> forms.FileField:
    return forms.FileField(
        label=label, required=required, allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=format_lazy(_("PDF ou photo nette, {limit} au plus."), limit=filesizeformat(settings.MAX_UPLOAD_BYTES)),
    )  # fmt: skip


def day_field(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


def rate_field() -> AmountField:
    return AmountField(
        label=_("Taux"), required=False, max_digits=14, decimal_places=6, min_value=0, help_text=RATE_HELP
    )


class ContributionFilter(forms.Form):
    q = forms.CharField(label=_("Chercher"), required=False, max_length=80)
    mecanisme = forms.ChoiceField(label=_("Mécanisme"), required=False)
    donateur = forms.ChoiceField(label=_("Donateur"), required=False)
    etape = forms.ChoiceField(
        label=_("Étape"), required=False, choices=[("", _("Toutes")), *((word, stage.label) for word, stage in STAGES)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = filter_choices()
        for name in ("mecanisme", "donateur"):
            self.fields[name].choices = [("", _("Tous")), *found[name]]


def filter_choices() -> dict[str, list[tuple[str, str]]]:
    """The mechanisms that contributions fund and the donors, by field of the filter; one query for both."""
    english = (get_language() or "fr").startswith("en")
    name = Coalesce(NullIf(F("name_en"), Value("")), F("name_fr")) if english else F("name_fr")
    text = CharField()
    mechanisms = funded().order_by().values_list(Value("mecanisme", text), F("code"), name)
    givers = donors().order_by().values_list(Value("donateur", text), Cast("pk", text), F("name"))
    found: dict[str, list[tuple[str, str]]] = {"mecanisme": [], "donateur": []}
    for field, key, label in sorted(mechanisms.union(givers, all=True), key=lambda row: key_of(row[2])):
        found[field].append((key, label))
    return found


def funded() -> Any:
    return Mechanism.objects.filter(funded_by_contributions=True)


def offered_funds() -> Offered:
    return Offered(funded(), "code", in_language("name"))


def offered_donors() -> Offered:
    """With their acronym, as an organisation is written."""
    named = Concat("name", Value(" ("), "acronym", Value(")"))
    return Offered(donors(), "pk", Case(When(acronym="", then=F("name")), default=named))


def offered_regions() -> Offered:
    return Offered(regions(), "code", "name", rank="rank")


def check_rate(form: forms.Form, currency: str, rate: str, rate_on: str, day: str) -> None:
    """A foreign amount has a rate and its day, no later than the money; USD need none."""
    data = form.cleaned_data
    if currency == "USD":
        if data.get(rate) not in (None, 1):
            form.add_error(rate, _("Un montant en USD n’a pas de taux : 1 USD pour 1 USD."))
        return
    if not data.get(rate) and rate not in form.errors:
        form.add_error(rate, _("Indiquez le taux : combien d’unités pour 1 USD."))
    if data.get(rate_on) and data.get(day) and data[rate_on] > data[day]:
        form.add_error(rate_on, _("Le taux ne peut être postérieur à l’opération."))


class PledgeForm(forms.ModelForm):
    """What a donor promised; `seen` is the version that the writer had before their eyes."""

    theme = forms.ChoiceField(label=_("Thème"), required=False)
    pledged_amount = MoneyField(label=_("Montant annoncé"), max_digits=16, decimal_places=2, min_value=0)
    pledged_on = day_field(_("Annoncée le"))
    pledged_rate = rate_field()
    pledged_rate_on = day_field(_("Date du taux"), required=False)
    paper = file_field(_("Lettre d’annonce"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Contribution
        fields = list(PLEDGED)
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        labels = {"region": _("Région"), "donor": _("Donateur")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["donor"].queryset = donors()
        self.fields["mechanism"].queryset = funded()
        self.fields["region"].queryset = regions()
        self.fields["region"].empty_label = _("Toutes : non affectée à une région")
        self.fields["donor"].empty_label = self.fields["mechanism"].empty_label = _("Choisir")
        self.fields["theme"].choices = [("", _("Tous : non affectée à un thème")), *themes().items()]
        record = self.instance
        if record.pk:
            self.fields["seen"].initial = version_of(record)
            del self.fields["reference"], self.fields["paper"]
            if record.signed_on:
                for name in set(self.fields) - {*SIGNED_KEEPS, "seen"}:
                    del self.fields[name]
        else:
            self.fields["pledged_on"].initial = clock.today()
            self.fields["pledged_rate"].initial = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "currency" in self.fields:
            check_rate(self, data.get("currency", ""), "pledged_rate", "pledged_rate_on", "pledged_on")
        return data

    def _post_clean(self) -> None:
        """The service checks the row under its lock: this form only reads."""

    @property
    def values(self) -> dict[str, Any]:
        data = {name: self.cleaned_data.get(name, getattr(self.instance, name, None)) for name in PLEDGED}
        if "currency" in self.fields:
            data["pledged_rate"] = data["pledged_rate"] or 1
            data["pledged_rate_on"] = data["pledged_rate_on"] or data["pledged_on"]
        return data


class GivenForm(forms.Form):
    """An amount in the donor's currency on a day, with its rate where it is not in USD."""

    day = "on"

    amount = MoneyField(label=_("Montant"), max_digits=16, decimal_places=2, min_value=0)
    rate = rate_field()
    rate_on = day_field(_("Date du taux"), required=False)

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        self.contribution = contribution
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = format_lazy(_("Montant ({currency})"), currency=contribution.currency)
        if contribution.currency == "USD":
            del self.fields["rate"], self.fields["rate_on"]
        self.fields[self.day].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "rate" in self.fields:
            check_rate(self, self.contribution.currency, "rate", "rate_on", self.day)
        return data

    @property
    def given(self) -> Given:
        data = self.cleaned_data
        return Given(data["amount"], data[self.day], data.get("rate"), data.get("rate_on"))


class SignatureForm(GivenForm):
    day = "signed_on"
    signed_on = day_field(_("Signée le"))
    agreement = file_field(_("Accord signé"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput)
    field_order = ["amount", "signed_on", "rate", "rate_on", "agreement", "seen"]

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        stands = contribution
        initial = {"seen": version_of(stands), "amount": stands.signed_amount or stands.pledged_amount}
        if stands.signed_on:
            initial |= {"signed_on": stands.signed_on, "rate": stands.signed_rate, "rate_on": stands.signed_rate_on}
        super().__init__(*args, contribution=contribution, **{**kwargs, "initial": initial | kwargs.get("initial", {})})


class ReceiptForm(GivenForm):
    day = "received_on"
    received_on = day_field(_("Reçu le"))
    reference = forms.CharField(label=_("Référence du virement"), max_length=60)
    proof = file_field(_("Preuve (avis de crédit)"))
    field_order = ["reference", "amount", "received_on", "rate", "rate_on", "proof"]


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("Nature"), choices=PaperKind.choices)
    paper = file_field(_("Fichier"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Motif"), max_length=250, widget=forms.Textarea(attrs={"rows": 3}))
