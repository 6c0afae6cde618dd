"""What people are asked of studies, and how their list is searched."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from funds.models import Organisation
from projects.models import Project
from projects.services.studies import FINDING_FIELDS, STUDY_FIELDS, finding_version, study_version
from regions.forms.seen import SeenForm, area, day_input
from regions.forms.serving import offer_where
from regions.models import KeyFinding, Region, Study

MOST_PROJECTS = 50  # named on one finding


def regions() -> Any:
    return Region.objects.without_outline().order_by("rank")


class StudyFilter(forms.Form):
    q = forms.CharField(
        label=_("Rechercher"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Mots du titre, du résumé, d’un constat"), "autocomplete": "off"}),
    )  # fmt: skip
    region = forms.ModelChoiceField(
        label=_("Région"), required=False, queryset=None, to_field_name="code", empty_label=_("Toutes")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions()


class StudyForm(SeenForm):
    regions = forms.ModelMultipleChoiceField(
        label=_("Régions"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucune : l’étude porte sur tout le pays."),
    )  # fmt: skip
    institutions = forms.ModelMultipleChoiceField(
        label=_("Institutions partenaires"), queryset=None, required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Du registre ; maintenez Ctrl pour en choisir plusieurs."),
    )  # fmt: skip

    class Meta:
        model = Study
        fields = (*STUDY_FIELDS, "regions")
        widgets = {
            "starts_on": day_input(),
            "ends_on": day_input(),
            "published_on": day_input(),
            "abstract": area(8),
            "other_institutions": area(2),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regions"].queryset = regions()
        found = Organisation.objects.current().by_name().only("name", "acronym").order_by("name_key", "pk")
        self.fields["institutions"].queryset = found
        if self.instance.pk:
            self.fields["institutions"].initial = list(
                self.instance.institutions.values_list("organisation_id", flat=True)
            )

    @staticmethod
    def version(record: Study) -> str:
        return study_version(record)

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*STUDY_FIELDS, "regions", "institutions")}


class FindingForm(SeenForm):
    priorities = forms.ModelMultipleChoiceField(
        label=_("Priorités concernées"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    references = forms.CharField(
        label=_("Projets concernés"), required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Leurs références, séparées par des espaces ou des virgules : QIP-GAO-2026-0001."),
    )  # fmt: skip

    class Meta:
        model = KeyFinding
        fields = FINDING_FIELDS
        widgets = {"statement": area(4), "recommendation": area(3)}

    def __init__(self, *args: Any, study: Study, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.unseen = user, Project.objects.none()
        places = {place.region_id for place in study.places.all()}
        here = Q(plan__region__in=places) if places else Q()
        kept = Q(pk__in=self.instance.priorities.values("pk")) if self.instance.pk else Q(pk__in=[])
        offer_where(self.fields["priorities"], (Q(plan__status="validated") & here) | kept)
        if self.instance.pk:
            self.fields["priorities"].initial = list(self.instance.priorities.values_list("pk", flat=True))
            linked = Project.objects.filter(finding_bearings__finding=self.instance)
            seen = linked.visible_to(user)
            self.unseen = linked.exclude(pk__in=seen.values("pk"))
            self.fields["references"].initial = ", ".join(
                seen.exclude(reference=None).order_by("reference").values_list("reference", flat=True)
            )
        else:
            self.fields["number"].initial = max((one.number for one in study.findings.all()), default=0) + 1

    @staticmethod
    def version(record: KeyFinding) -> str:
        return finding_version(record)

    def clean_references(self) -> list[Project]:
        """The projects that they name, among those that the writer may read."""
        wanted = [word.upper() for word in re.split(r"[\s,;]+", self.cleaned_data["references"]) if word]
        if len(wanted) > MOST_PROJECTS:
            raise ValidationError(_now("Nommez %(most)s projets au plus.") % {"most": MOST_PROJECTS})
        found = {
            one.reference: one
            for one in Project.objects.visible_to(self.user).filter(reference__in=wanted).only("reference")
        }
        if unknown := [word for word in dict.fromkeys(wanted) if word not in found]:
            raise ValidationError(_now("Référence inconnue : %(names)s.") % {"names": ", ".join(unknown)})
        return list(found.values())

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        said = {name: data[name] for name in FINDING_FIELDS}
        return said | {"priorities": data["priorities"], "projects": [*data["references"], *self.unseen.only("pk")]}


class StudyDocumentForm(forms.Form):
    label = forms.CharField(label=_("Intitulé du document"), max_length=150)
    document = forms.FileField(label=_("Fichier"))


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Motif du retrait"), max_length=250)
