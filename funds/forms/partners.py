"""Forms of the registry of partners and of interests."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funds import likeness
from funds.models import CapacityCriterion, Interest, Organisation, OrganisationKind, VettingStatus
from funds.services.partners import DESCRIBED, ROLES, version_of
from regions.models import Region
from sr_portal.web import clock

# How a partner stands today, as the list filters it: word of the address → label.
STANDINGS = [
    ("en-regle", _("Vérification en cours de validité")),
    ("a-verifier", _("À vérifier")),
    ("echue", _("Vérification échue")),
    ("non-conforme", _("Non conforme")),
    ("exclu", _("Exclu")),
]


SCORES = [(0, _("0 – absente")), (1, _("1 – faible")), (2, _("2 – suffisante")), (3, _("3 – bonne"))]
# Word of the address → role, and the same as the list offers them.
ROLE_WORDS = {"donateur": "is_donor", "ptf": "is_ptf", "mise-en-oeuvre": "is_implementing"}
ROLE_CHOICES = [
    (word, Organisation._meta.get_field(role).verbose_name.capitalize()) for word, role in ROLE_WORDS.items()
]


class PartnerFilter(forms.Form):
    q = forms.CharField(
        label=_("Rechercher"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Nom ou sigle"), "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Rôle"), required=False, choices=[("", _("Tous")), *ROLE_CHOICES])
    type = forms.ChoiceField(label=_("Type"), required=False, choices=[("", _("Tous")), *OrganisationKind.choices])
    region = forms.ModelChoiceField(
        label=_("Région du siège"),
        required=False,
        queryset=Region.objects.defer("outline").order_by("rank"),
        to_field_name="code",
        empty_label=_("Toutes"),
    )
    verification = forms.ChoiceField(label=_("Vérification"), required=False, choices=[("", _("Toutes")), *STANDINGS])


class PartnerForm(forms.ModelForm):
    """What the registry says of a partner; `seen` is the version that its editor had before their eyes."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    is_another = forms.BooleanField(label=_("C’est bien une autre organisation"), required=False)
    alike: list[Organisation] = []  # those of the registry whose name is near the one that was typed

    class Meta:
        model = Organisation
        fields = DESCRIBED
        widgets = {
            name: forms.TextInput(attrs={"autocomplete": "off"})
            for name in ("name", "acronym", "iati_ref", "contact_name", "contact_phone", "address")
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.defer("outline").order_by("rank")
        self.fields["region"].empty_label = _("Nationale ou hors du pays")
        self.fields["kind"].choices = [("", _("Choisir…")), *self.fields["kind"].choices[1:]]
        self.fields["contact_phone"].widget.input_type = "tel"
        if self.instance.pk:
            self.fields["seen"].initial = version_of(self.instance)

    @property
    def roles(self) -> list[forms.BoundField]:
        return [self[role] for role in ROLES]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Organisation.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Une organisation porte déjà ce nom."))
        return name

    def clean(self) -> dict:
        """A new record asks to be told apart from those that are named nearly alike."""
        data = super().clean()
        if self.instance.pk is None and data.get("name"):
            self.alike = likeness.alike(data["name"], data.get("acronym", ""))
            if self.alike and not data.get("is_another"):
                self.add_error(
                    "is_another", _("Le registre a déjà un nom proche : vérifiez, puis cochez si c’en est une autre.")
                )
        return data


class VettingForm(forms.Form):
    vetting_status = forms.ChoiceField(label=_("Résultat"), choices=VettingStatus.choices, widget=forms.RadioSelect)
    vetted_on = forms.DateField(
        label=_("Vérifié le"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("La vérification vaut douze mois à partir de ce jour."),
    )
    vetting_note = forms.CharField(
        label=_("Note de vérification"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Ce qui a été vérifié : existence légale, compte bancaire à son nom, expérience, listes de sanctions."
        ),
    )
    late_reports = forms.IntegerField(
        label=_("Rapports en retard d’avant le portail"),
        min_value=0,
        max_value=99,
        help_text=Organisation._meta.get_field("late_reports").help_text,
    )
    document_1 = forms.FileField(
        label=_("Document"),
        required=False,
        help_text=_("Récépissé, statuts, comptes, listes consultées : PDF ou photo."),
    )
    document_2 = forms.FileField(label=_("Autre document"), required=False)
    document_3 = forms.FileField(label=_("Autre document"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    @property
    def uploads(self) -> list:
        return [
            self.cleaned_data[name]
            for name in ("document_1", "document_2", "document_3")
            if self.cleaned_data.get(name)
        ]

    def __init__(self, *args, partner: Organisation, **kwargs) -> None:
        initial = {
            "vetting_status": partner.vetting_status,
            "vetted_on": partner.vetted_on or clock.today(),
            "vetting_note": partner.vetting_note,
            "late_reports": partner.late_reports,
            "seen": version_of(partner),
        }
        super().__init__(*args, initial=initial, **kwargs)


class AssessmentForm(forms.Form):
    """A score and a remark for each criterion in force, then the conclusion."""

    assessed_on = forms.DateField(
        label=_("Évalué le"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), initial=clock.today
    )
    valid_months = forms.IntegerField(label=_("Valable (mois)"), min_value=1, max_value=60, initial=24)
    conclusion = forms.CharField(label=_("Conclusion"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, criteria: list[CapacityCriterion], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[f"score_{criterion.pk}"] = forms.TypedChoiceField(
                label=criterion.name, help_text=criterion.help, choices=SCORES, coerce=int, widget=forms.RadioSelect,
                error_messages={"required": _("Notez ce critère.")},
            )  # fmt: skip
            self.fields[f"note_{criterion.pk}"] = forms.CharField(label=_("Remarque"), required=False, max_length=500)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"score_{one.pk}"], self[f"note_{one.pk}"]) for one in self.criteria]

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("assessed_on", "valid_months", "conclusion")}

    @property
    def scores(self) -> dict:
        data = self.cleaned_data
        return {one: (data[f"score_{one.pk}"], data[f"note_{one.pk}"]) for one in self.criteria}


class ExclusionForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif de l’exclusion"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Il sera montré à tous ceux qui lisent le registre."),
    )
    until = forms.DateField(
        label=_("Jusqu’au"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Vide : jusqu’à ce que quelqu’un la lève."),
    )


class InterestForm(forms.ModelForm):
    class Meta:
        model = Interest
        fields = ["organisation", "nature"]
        labels = {"organisation": _("Partenaire")}
        help_texts = {
            "nature": _("Par exemple : membre du bureau, parent d’un dirigeant, ancien employeur, fournisseur."),
        }

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.user = user
        self.fields["organisation"].queryset = (
            Organisation.objects.current().by_name().only("name", "acronym").order_by("name_key", "pk")
        )
        self.fields["organisation"].empty_label = _("Choisir")

    def _get_validation_exclusions(self):
        """The one who declares is known: the rule of one declaration a partner is checked with it."""
        return super()._get_validation_exclusions() - {"user"}
