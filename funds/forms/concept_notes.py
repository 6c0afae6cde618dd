"""Forms of concept notes, one for each section, and the filters of their list."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funds import concept_note_rules as rules
from funds.forms.contributions import donors, funded, offered_donors, offered_funds, offered_regions, regions
from funds.forms.priorities import PriorityField
from funds.models import ConceptNote, NoteStatus, OutlineCategory
from funds.services.concept_notes import BUDGET, section_version
from funds.themes import offered_themes, themes
from sr_portal.web.choices import offer
from sr_portal.web.fields import MoneyField

BLANK_ROWS = 3


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class NoteFilter(forms.Form):
    q = forms.CharField(label=_("Chercher"), required=False, max_length=80)
    etat = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Tous")), *NoteStatus.choices])
    region = forms.ModelChoiceField(
        label=_("Région"), required=False, queryset=None, to_field_name="code", empty_label=_("Toutes")
    )
    theme = forms.ChoiceField(label=_("Thème"), required=False)
    mecanisme = forms.ModelChoiceField(label=_("Mécanisme"), required=False, queryset=None, empty_label=_("Tous"))
    donateur = forms.ModelChoiceField(label=_("Donateur"), required=False, queryset=None, empty_label=_("Tous"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions()
        self.fields["mecanisme"].queryset = funded()
        self.fields["donateur"].queryset = donors().only("name", "acronym")
        offer(
            self, region=offered_regions(), theme=offered_themes(), mecanisme=offered_funds(), donateur=offered_donors()
        )
        self.fields["theme"].choices = [("", _("Tous")), *self.fields["theme"].choices]


class SectionForm(forms.ModelForm):
    """One section of a note; `seen` is the version of that section that the writer had before their eyes."""

    section = ""
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = section_version(self.instance, self.section)

    def _post_clean(self) -> None:
        """The service checks the row under its lock: this form only reads."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class EssentialsForm(SectionForm):
    section = "essentials"
    theme = forms.ChoiceField(label=_("Thème"), required=False)
    priority = PriorityField(label=_("Priorité d’un plan régional"))
    regions = forms.ModelMultipleChoiceField(
        label=_("Régions"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucune : la note concerne tout le pays."),
    )  # fmt: skip
    donors = forms.ModelMultipleChoiceField(
        label=_("Donateurs"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("À qui la note s’adresse ; il en faut un avant de la partager."),
    )  # fmt: skip
    field_order = ["title", "mechanism", "priority", "regions", "theme", "months", "donors", "seen"]

    class Meta:
        model = ConceptNote
        fields = rules.SECTIONS["essentials"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mechanism"].queryset = funded()
        self.fields["mechanism"].empty_label = _("Choisir")
        self.fields["regions"].queryset = regions()
        self.fields["donors"].queryset = donors().only("name", "acronym")
        self.fields["theme"].choices = [("", _("Tous")), *themes().items()]
        self.fields["priority"].offer(self.instance.priority_id)
        if self.instance.pk:
            self.fields["regions"].initial = [place.region_id for place in self.instance.places.all()]
            self.fields["donors"].initial = [one.donor_id for one in self.instance.addressees.all()]


class NeedForm(SectionForm):
    section = "need"

    class Meta:
        model = ConceptNote
        fields = rules.SECTIONS["need"]
        widgets = {"need": area(14)}
        help_texts = {"need": _("Ce qui se passe, pour qui cela pose problème, ce que d’autres font déjà.")}


class ObjectiveForm(SectionForm):
    section = "objective"

    class Meta:
        model = ConceptNote
        fields = rules.SECTIONS["objective"]
        widgets = {"objective": area(5), "results": area(7)}


class BeneficiariesForm(SectionForm):
    section = "beneficiaries"

    class Meta:
        model = ConceptNote
        fields = rules.SECTIONS["beneficiaries"]
        widgets = {"beneficiaries": area(6)}


class BudgetForm(forms.Form):
    """The rows of the outline; those left empty do not count."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, instance: ConceptNote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = section_version(instance, BUDGET)
        lines = list(instance.lines.all())
        sent = sum(1 for name in self.data if name.startswith("label_")) if self.is_bound else 0
        self.count = min(max(len(lines) + BLANK_ROWS, sent), rules.MOST_LINES)
        for rank in range(1, self.count + 1):
            line = lines[rank - 1] if rank <= len(lines) else None
            self.fields[f"category_{rank}"] = forms.ChoiceField(
                label=_("Rubrique"), required=False, choices=[("", "–"), *OutlineCategory.choices],
                initial=line.category if line else "",
            )  # fmt: skip
            self.fields[f"label_{rank}"] = forms.CharField(
                label=_("Désignation"), required=False, max_length=200, initial=line.label if line else ""
            )
            self.fields[f"amount_{rank}"] = MoneyField(
                label=_("Montant (USD)"), required=False, max_digits=12, decimal_places=2, min_value=Decimal("0.01"),
                initial=line.amount_usd if line else None,
            )  # fmt: skip

    @property
    def table(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"category_{n}"], self[f"label_{n}"], self[f"amount_{n}"]) for n in range(1, self.count + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.rows: list[tuple[str, str, Decimal]] = []
        for rank in range(1, self.count + 1):
            names = {part: f"{part}_{rank}" for part in ("category", "label", "amount")}
            told = {part: data.get(name) for part, name in names.items()}
            if not any(told.values()):
                continue
            for part, name in names.items():
                if not told[part] and name not in self.errors:
                    self.add_error(name, _("Complétez la ligne, ou videz-la."))
            self.rows.append((told["category"] or "", told["label"] or "", told["amount"] or Decimal(0)))
        return data


FORMS: dict[str, type[SectionForm]] = {
    form.section: form for form in (EssentialsForm, NeedForm, ObjectiveForm, BeneficiariesForm)
}
TITLES = {
    "essentials": _("L’essentiel"), "need": _("Contexte et besoin"), "objective": _("Objectif et résultats attendus"),
    "beneficiaries": _("Bénéficiaires"), BUDGET: _("Budget indicatif"),
}  # fmt: skip


class AnswerForm(forms.Form):
    status = forms.ChoiceField(
        label=_("Réponse du donateur"), widget=forms.RadioSelect,
        choices=[(value, NoteStatus(value).label) for value in (rules.ACCEPTED, rules.DECLINED)],
    )  # fmt: skip
    words = forms.CharField(
        label=_("Ce que dit le donateur"), required=False, max_length=250, widget=area(3),
        help_text=_("Obligatoire quand la note est déclinée."),
    )  # fmt: skip
