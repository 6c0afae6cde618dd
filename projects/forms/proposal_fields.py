"""The fields of each step of a proposal. A draft may lack most of them: what a submission demands is elsewhere."""

from itertools import groupby

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from funds import likeness
from funds.models import Mechanism, Organisation, OrganisationKind, Sector
from funds.rules import LONGEST_MONTHS, QIP
from projects import rules
from projects.models import Project, Sponsor
from projects.models.projects import DIRECT, INDIRECT
from regions.forms.serving import offer_priorities
from regions.models import Cercle, Region
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from sr_portal.web.choices import without_accents

from .proposal_base import CoordinateField, CountField, StepForm, area, read_once


def sector_choices():
    """Sectors grouped by family, in the reader's language."""
    english = (get_language() or "fr").startswith("en")
    rows = [(s.group_en if english else s.group_fr, s.code, s.name) for s in Sector.objects.all()]
    rows.sort(key=lambda row: (without_accents(row[0]), without_accents(row[2])))
    groups = [(group, [(code, name) for _g, code, name in items]) for group, items in groupby(rows, lambda row: row[0])]
    return [("", _("Choisir…")), *groups]


def regions_open_to(user):
    """Where this user may propose."""
    scope = user.scopes.get(Role.PROPOSER)
    return Region.objects.filter(scope.as_q("pk")).by_code().defer("outline") if scope else Region.objects.none()


class CreateForm(StepForm):
    """What a draft needs to exist."""

    class Meta:
        model = Project
        fields = ("title", "mechanism", "region", "sponsor")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = _("Ce que l’on fait, où et pour qui : « Forage équipé à Labbezanga ».")
        self.fields["mechanism"].queryset = Mechanism.objects.all()
        self.fields["mechanism"].empty_label = None
        self.initial["mechanism"] = QIP  # nine proposals in ten
        self.fields["region"].queryset = regions = regions_open_to(self.user)
        self.fields["region"].empty_label = None if len(regions) == 1 else _("Choisir…")
        self.fields["sponsor"].choices = [("", _("Choisir…")), *Sponsor.choices]
        read_once(self.fields["mechanism"], self.fields["region"])


class EssentialsForm(StepForm):
    step = "essentials"
    latitude = CoordinateField(label=_("Latitude"), required=False, max_digits=8, decimal_places=5)
    longitude = CoordinateField(label=_("Longitude"), required=False, max_digits=8, decimal_places=5)

    class Meta:
        model = Project
        fields = (
            "title", "mechanism", "sponsor", "sector", "region", "cercle", "locality", "latitude", "longitude",
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mechanism"].empty_label = None
        self.fields["sector"].choices = sector_choices()
        self.fields["sponsor"].choices = [("", _("Choisir…")), *Sponsor.choices]
        self.fields["cercle"].empty_label = _("Choisir…")
        region = self.fields["region"]
        region.queryset = (regions_open_to(self.user) | Region.objects.filter(pk=self.instance.region_id)).defer(
            "outline"
        )
        region.empty_label = None
        self.fields["cercle"].queryset = Cercle.objects.of_region(self.chosen_region())
        self.fields["latitude"].help_text = _("En degrés décimaux : 16,27167.")
        self.fields["longitude"].help_text = _("Négative à l’ouest de Greenwich : -0,04472.")
        self.fields["locality"].help_text = _("Commune, quartier ou village.")
        if self.instance.reference:
            region.disabled = self.fields["mechanism"].disabled = True
            region.help_text = _("La référence est donnée : la région et le mécanisme ne changent plus.")
        read_once(self.fields["mechanism"], region)

    def clean(self):
        data = super().clean()
        if data.get("mechanism", self.instance.mechanism) != self.instance.mechanism:
            self.instance.facility = self.instance.focus_area = None  # those of the other one; the service drops them
        return data

    def chosen_region(self) -> int | None:
        """The region as typed, else as stored: the cercles offered are its own."""
        if self.is_bound and not self.instance.reference:
            typed = self.data.get("region", "")
            return int(typed) if typed.isdecimal() else None
        return self.instance.region_id


class NeedForm(StepForm):
    step = "need"

    class Meta:
        model = Project
        fields = ("need", "need_expressed_by", "objective", "confidence", "priority")
        widgets = {"need": area(7), "objective": area(4), "confidence": area(5)}
        help_texts = {
            "need": _("Ce qui manque, depuis quand, et ce que cela change pour la population."),
            "need_expressed_by": _("La communauté, le maire, le préfet, une association… et à quelle occasion."),
            "objective": _("Le changement que l’on verra à la fin du projet."),
            "confidence": _("En quoi le projet renforce la confiance dans le processus de paix et dans la mission."),
            "priority": _("Celle du plan régional en vigueur que le projet sert d’abord : son budget y sera compté."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_priorities(self.fields["priority"], self.instance.region_id, self.instance.priority_id)
        read_once(self.fields["priority"])


class PlanForm(StepForm):
    step = "plan"
    starts_on = forms.DateField(
        label=_("Début souhaité"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    duration_months = CountField(
        label=_("Durée (mois)"), required=False, empty=None, min_value=1, max_value=LONGEST_MONTHS
    )

    class Meta:
        model = Project
        fields = ("starts_on", "duration_months")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        longest = rules.longest_months(self.instance.mechanism, self.instance.facility)
        told = _("En mois entiers, {months} au plus pour ce fonds.") if longest else _("En mois entiers.")
        self.fields["duration_months"].help_text = format_lazy(told, months=longest)


class PeopleForm(StepForm):
    step = "people"

    class Meta:
        model = Project
        fields = (*DIRECT, *INDIRECT, "displaced", "disabled")
        field_classes = dict.fromkeys(fields, CountField)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = False
            field.needed = name.startswith("direct")
            field.validators.append(MaxValueValidator(30_000_000))
        for name in ("displaced", "disabled"):
            self.fields[name].help_text = _("Parmi les bénéficiaires directs.")

    def clean(self):
        data = super().clean()
        direct = sum(data.get(name) or 0 for name in DIRECT)
        for name in ("displaced", "disabled"):
            if (data.get(name) or 0) > direct:
                self.add_error(name, _("Ce nombre dépasse celui des bénéficiaires directs."))
        return data


class PartnerField(forms.ModelChoiceField):
    """The registry, each partner with where its vetting stands."""

    def label_from_instance(self, partner) -> str:
        if partner.excluded:
            return _("%(name)s – exclu") % {"name": partner}
        if partner.is_cleared(clock.today()):
            return str(partner)
        return _("%(name)s – à vérifier") % {"name": partner}


class PartnerForm(StepForm):
    """The partner of the registry, or a new one that waits to be vetted."""

    step = "partner"
    partner = PartnerField(
        label=_("Partenaire de mise en œuvre"), queryset=Organisation.objects.none(), required=False,
        empty_label=_("Choisir dans le registre…"),
    )  # fmt: skip
    new_name = forms.CharField(label=_("Nom"), max_length=200, required=False)
    new_acronym = forms.CharField(label=_("Sigle"), max_length=30, required=False)
    new_kind = forms.ChoiceField(label=_("Type"), required=False)
    new_contact_name = forms.CharField(label=_("Personne à contacter"), max_length=120, required=False)
    new_contact_phone = forms.CharField(label=_("Téléphone"), max_length=40, required=False)
    new_contact_email = forms.EmailField(label=_("Adresse électronique"), required=False)
    is_another = forms.BooleanField(label=_("C’est une autre organisation que celles-là"), required=False)
    take = forms.ModelChoiceField(queryset=Organisation.objects.none(), required=False, widget=forms.HiddenInput)
    NEW = ("new_name", "new_acronym", "new_kind", "new_contact_name", "new_contact_phone", "new_contact_email")

    class Meta:
        model = Project
        fields = ("partner", "coordination")
        widgets = {"coordination": area(5)}
        help_texts = {
            "coordination": _("Qui intervient déjà au même endroit ou dans le même secteur, et comment on s’accorde.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = Organisation.objects.implementing() | Organisation.objects.filter(pk=self.instance.partner_id)
        self.fields["partner"].queryset = known.by_name().order_by("name_key", "pk")
        self.fields["take"].queryset = known
        self.alike: list[Organisation] = []
        kinds = [choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.DONOR]
        self.fields["new_kind"].choices = [("", _("Choisir…")), *kinds]
        for name in ("new_name", "new_kind"):
            self.fields[name].needed = True

    @property
    def proposes_new(self) -> bool:
        return any(self[name].value() for name in self.NEW)

    def clean(self):
        data = super().clean()
        if taken := data.get("take"):  # the one of the registry, offered beside a name that is like its own
            data.update(dict.fromkeys(self.NEW, ""), partner=taken)
            return data
        if not any(data.get(name) for name in self.NEW) or any(name in self.errors for name in self.NEW):
            return data
        for name in ("new_name", "new_kind"):
            if not data.get(name):
                self.add_error(name, _("Indiquez-le pour proposer un nouveau partenaire."))
        if self.errors:
            return data
        known = Organisation.objects.filter(name__iexact=data["new_name"]).select_related("merged_into").first()
        known = known.merged_into or known if known else None
        if known is not None and (known.excluded or not known.is_implementing):
            self.add_error("new_name", _("Une organisation porte déjà ce nom et ne peut pas mener ce projet."))
        if known is None and not data.get("is_another"):
            offered = self.fields["take"].queryset
            self.alike = [one for one in likeness.alike(data["new_name"], data["new_acronym"]) if one in offered]
            if self.alike:
                self.add_error(
                    "new_name", _("Le registre a déjà un nom proche : prenez-le, ou cochez que c’en est une autre.")
                )
        data["partner"] = known or Organisation(
            **{name.removeprefix("new_"): data[name] for name in self.NEW},
            region=self.instance.region,
            is_implementing=True,
        )
        return data

    def _post_clean(self):
        # A partner that is not stored yet cannot be put on the row: the service stores both.
        partner = self.cleaned_data.get("partner")
        if partner is not None and partner.pk is None:
            self.cleaned_data["partner"] = None
        super()._post_clean()
        self.cleaned_data["partner"] = partner


class BudgetForm(StepForm):
    """The budget has no field of its own: its lines are its table."""

    step = "budget"

    class Meta:
        model = Project
        fields = ()


class CareForm(StepForm):
    step = "care"

    class Meta:
        model = Project
        fields = (
            "gender", "environment", "do_no_harm", "security_forces", "due_diligence", "works", "land",
            "sustainability", "maintained_by", "visibility", "visibility_risk",
        )  # fmt: skip
        widgets = {
            name: area(4)
            for name in ("gender", "environment", "do_no_harm", "due_diligence", "land", "sustainability", "visibility")
        }
        help_texts = {
            "gender": _("Place des femmes et des jeunes dans le choix, les travaux et l’usage."),
            "environment": _("Eau, bois, énergie, déchets : effets attendus et mesures prises."),
            "do_no_harm": _(
                "Tensions possibles autour du projet, personnes exposées, et ce que l’on fait pour l’éviter."
            ),
            "due_diligence": _("À remplir si des forces de sécurité en bénéficient : évaluation et mesures."),
            "land": _("À remplir si l’on construit : propriétaire, titre ou attestation, accord écrit."),
            "sustainability": _("Ce qui fera durer l’ouvrage ou l’activité après la remise."),
            "maintained_by": _("Qui signe pour l’entretien : mairie, comité de gestion, service technique…"),
            "visibility": _("Panneau, inauguration, radios locales… ou pourquoi s’en abstenir."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("due_diligence", "land"):
            self.fields[name].needed = True
