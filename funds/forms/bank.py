"""Forms of the bank details: entered, read with a reason, verified or rejected, retired."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from funds.models import BankAccount, Organisation
from funds.services import bank as services
from sr_portal.documents.checks import ACCEPT

TYPED = forms.TextInput(attrs={"autocomplete": "off"})


class BankAccountForm(forms.ModelForm):
    """`account_number` is a RIB, an IBAN or a local number, as typed; `confirms_shared` is asked for when it must be."""

    account_number = forms.CharField(
        label=_("Numéro de compte"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        help_text=_(
            "RIB de 24 caractères (banque, guichet, compte, clé) ou IBAN, recopié de l’attestation ; les espaces ne "
            "comptent pas. Il sera chiffré, et masqué sauf ses quatre derniers caractères."
        ),
    )
    proof = forms.FileField(
        label=_("RIB ou attestation bancaire"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=format_lazy(
            _("Document de la banque qui porte le numéro et le titulaire : PDF ou photo nette, {limit} au plus."),
            limit=filesizeformat(settings.MAX_UPLOAD_BYTES),
        ),
    )
    confirms_shared = forms.BooleanField(
        label=_("Le numéro est exact : deux partenaires se servent de ce compte, je l’explique dans la note."),
        required=False,
    )

    class Meta:
        model = BankAccount
        fields = ["holder_name", "bank_name", "branch", "country", "currency", "bic", "note"]
        widgets = {
            "holder_name": TYPED,
            "bank_name": TYPED,
            "branch": TYPED,
            "bic": TYPED,
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "holder_name": _("Tel que la banque l’écrit. Un partenaire est payé sur un compte à son propre nom."),
            "note": _("Ce que la personne qui vérifie doit savoir."),
        }

    def __init__(self, *args, organisation: Organisation, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder_name"].initial = organisation.name
        self.fields["bic"].max_length = None
        self.fields["bic"].validators = []
        self.fields["bic"].widget.attrs["maxlength"] = 20

    def clean(self):
        data = super().clean()
        if data.get("account_number") and data.get("country"):
            try:
                services.parsed_number({"bic": "", **data})
            except forms.ValidationError as error:
                self.add_error(None, error)
        if data.get("confirms_shared") and not data.get("note", "").strip():
            self.add_error("note", _("Expliquez pourquoi deux partenaires se servent du même compte."))
        return data

    def _post_clean(self) -> None:
        """The service builds and validates the record: this form has neither its number nor its proof."""

    @property
    def asks_about_sharing(self) -> bool:
        return "confirms_shared" in self.errors or bool(self.data.get("confirms_shared"))


class ReadingForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi lisez-vous ce numéro ?"),
        max_length=250,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Par exemple : comparaison avec l’attestation avant de vérifier ; ordre de virement de la tranche 1 du "
            "projet GAO-2026-0012. Le motif reste au registre des lectures, avec votre nom et l’heure."
        ),
    )


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Résultat de la comparaison"),
        choices=[
            ("verify", _("Le titulaire, la banque et le numéro sont ceux du document : vérifier")),
            ("reject", _("Quelque chose ne va pas : rejeter")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Motif du rejet"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce qui ne va pas : la personne qui a saisi le compte le lira. N’y écrivez pas le numéro."),
    )


class RetirementForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif du retrait"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Par exemple : compte fermé, changement de banque annoncé par lettre. N’y écrivez pas le numéro."),
    )
