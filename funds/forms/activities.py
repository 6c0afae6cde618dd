"""Forms of the register of the partners' activities."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from funds.models import ActivitySource, ActivityStatus, Organisation, PartnerActivity, Sector
from funds.services.activities import TYPED, version_of
from regions.forms.serving import offer_all_priorities
from regions.models import Cercle, Priority, Region
from sr_portal.web.fields import AmountField, MoneyField

COUNTRY = "-"  # in the address: what concerns the whole country


class ActivityFilter(forms.Form):
    """What list, map and exports are filtered by, in the address."""

    q = forms.CharField(
        label=_("Rechercher"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Mots, lieu ou organisation"), "autocomplete": "off"}
        ),
    )
    region = forms.ChoiceField(label=_("Région"), required=False)
    secteur = forms.ChoiceField(label=_("Secteur"), required=False)
    etat = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Tous")), *ActivityStatus.choices])
    source = forms.ChoiceField(label=_("Source"), required=False, choices=[("", _("Toutes")), *ActivitySource.choices])
    organisation = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    priorite = forms.ModelChoiceField(
        label=_("Priorité"), required=False, queryset=Priority.objects.all(), widget=forms.HiddenInput
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        regions, sectors = reference_choices()
        self.fields["region"].choices = [("", _("Toutes")), *regions, (COUNTRY, _("Tout le pays"))]
        self.fields["secteur"].choices = [("", _("Tous")), *sectors]


def reference_choices() -> tuple[list[tuple[str, str]], list[tuple[str, list[tuple[str, str]]]]]:
    """Regions, and sectors by family, in the reader's language; one query for both."""
    from django.db.models import CharField, F, Value

    english = (get_language() or "fr").startswith("en")
    name, group = ("name_en", "group_en") if english else ("name_fr", "group_fr")
    nothing = Value("", CharField())
    found = (
        Region.objects.order_by()
        .values_list(nothing, F("name"), F("code"), F("rank"))
        .union(Sector.objects.order_by().values_list(F(group), F(name), F("code"), Value(0)))
    )
    rows = list(found)
    regions = [
        (code, label) for _group, label, code, _rank in sorted((r for r in rows if not r[0]), key=lambda r: r[3])
    ]
    families: dict[str, list[tuple[str, str]]] = {}
    for family, label, code, _rank in sorted((r for r in rows if r[0]), key=lambda r: r[:2]):
        families.setdefault(family, []).append((code, label))
    return regions, list(families.items())


class ActivityForm(forms.ModelForm):
    """What the register says of an activity; `seen` is the version that its editor had before their eyes."""

    amount = MoneyField(label=_("Montant"), required=False, min_value=0, max_digits=16, decimal_places=2)
    amount_usd = MoneyField(
        label=_("Équivalent en USD"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("Laissez vide pour USD, XOF et EUR : le taux ONU du mois de début s’applique."),
    )
    latitude = AmountField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, max_digits=8, decimal_places=5
    )
    longitude = AmountField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, max_digits=8, decimal_places=5
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = PartnerActivity
        fields = TYPED
        widgets = {
            **dict.fromkeys(
                ("implementer", "funder", "title", "locality", "external_id", "currency"),
                forms.TextInput(attrs={"autocomplete": "off"}),
            ),
            "description": forms.Textarea(attrs={"rows": 4}),
            "starts_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "ends_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "beneficiaries": forms.NumberInput(attrs={"min": 0}),
        }
        help_texts = {
            "implementer": _("Qui le fait sur le terrain, si ce n’est pas l’organisation elle-même."),
            "own_fund": _("Son argent est alors compté avec nos projets, et non une seconde fois ici."),
            "priority": _("Du plan en vigueur dans la région de l’activité."),
            "currency": _("USD, EUR, XOF ou un autre code de trois lettres."),
            "external_id": _("Le numéro que l’organisation donne elle-même à cette activité."),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = (
            Organisation.objects.current().by_name().only("name", "acronym").order_by("name_key", "pk")
        )
        self.fields["organisation"].empty_label = _("Choisir")
        self.fields["region"].queryset = Region.objects.without_outline().order_by("rank")
        self.fields["region"].empty_label = _("Tout le pays")
        self.fields["cercle"].queryset = (
            Cercle.objects.select_related("region").defer("region__outline").order_by("region__rank", "name")
        )
        self.fields["cercle"].label_from_instance = lambda cercle: f"{cercle.name} ({cercle.region.name})"
        self.fields["sector"].queryset = Sector.objects.order_by("group_fr", "name_fr")
        offer_all_priorities(self.fields["priority"], self.instance.priority_id)
        self.fields["own_fund"].empty_label = _("Non")
        if self.instance.pk:
            self.fields["seen"].initial = version_of(self.instance)

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].strip().upper()

    def _post_clean(self) -> None:
        """The service checks the row whole, with what it reckons: here only the types."""
