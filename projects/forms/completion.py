"""What is asked at the reception of the works, at their evaluation, at their check and of a lesson."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.filters import day_input
from projects.models import Evaluation, Handover, Lesson, SustainabilityCheck
from projects.services import completion as services

from .proposal_base import CountField, area

SIGNED = ".pdf,.jpg,.jpeg,.png,.webp"
MOST_PEOPLE = 1_000_000


class RecordForm(forms.ModelForm):
    """A form of one record: the service builds, validates and stores it, so that a form alone writes nothing."""

    def __init__(self, data=None, *, instance=None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, instance=instance, initial=initial)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        return {name: v.replace("\r\n", "\n") if isinstance(v, str) else v for name, v in data.items()}

    def _post_clean(self) -> None:
        """The service validates the whole record, with what the form does not hold."""


class HandoverForm(RecordForm):
    class Meta:
        model = Handover
        fields = services.HANDOVER
        widgets = {
            "held_on": day_input(), "reservations_due_on": day_input(), "attendees": area(4), "works": area(5),
            "reservations": area(4),
        }  # fmt: skip
        help_texts = {
            "owner": _("La commune, le service technique ou l’association à qui l’ouvrage appartient désormais."),
            "owner_signatory": _("Nom et qualité de la personne qui signe pour le propriétaire."),
            "maintained_by": _("Qui entretient, et avec quels moyens."),
            "attendees": _("Nom et qualité, une personne par ligne."),
            "works": _("Ce qui est remis : ouvrages, équipements, clés, documents, garanties."),
            "reservations": _("Ce que le partenaire doit encore reprendre. Laissez vide s’il n’y en a pas."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("reservations", "").strip() and not data.get("reservations_due_on"):
            self.add_error("reservations_due_on", _("Des réserves ont une date avant laquelle elles sont levées."))
        if data.get("reservations_due_on") and not data.get("reservations", "").strip():
            self.add_error("reservations", _("Dites quelles réserves sont à lever avant cette date."))
        if data.get("reservations_due_on") and data.get("held_on") and data["reservations_due_on"] < data["held_on"]:
            self.add_error("reservations_due_on", _("Les réserves se lèvent après la réception."))
        return data


class SignedCopyForm(forms.Form):
    file = forms.FileField(
        label=_("Exemplaire signé"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": SIGNED}),
        help_text=format_lazy(
            _("PDF ou photo nette du procès-verbal signé ; {limit} au plus."),
            limit=filesizeformat(settings.MAX_UPLOAD_BYTES),
        ),
    )  # fmt: skip


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif du retrait"), max_length=250, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Dites pourquoi cet exemplaire est retiré.")},
    )  # fmt: skip


MARKS = [
    (1, _("1 – pas du tout")),
    (2, _("2 – peu")),
    (3, _("3 – en partie")),
    (4, _("4 – bien")),
    (5, _("5 – pleinement")),
]


def mark(label) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=MARKS, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("Donnez une note de 1 à 5.")},
    )  # fmt: skip


class EvaluationForm(RecordForm):
    confidence = mark(_("Le projet a-t-il renforcé la confiance ?"))
    need_met = mark(_("A-t-il répondu au besoin exprimé ?"))
    quality = mark(_("L’ouvrage ou le service est-il de bonne qualité ?"))
    inclusion = mark(_("Les femmes et les groupes vulnérables y ont-ils eu leur part ?"))
    visibility = mark(_("La population sait-elle qui l’a rendu possible ?"))
    people_asked = CountField(label=_("Personnes interrogées"), required=False, min_value=0, max_value=MOST_PEOPLE)
    women_asked = CountField(label=_("Dont femmes"), required=False, min_value=0, max_value=MOST_PEOPLE)

    class Meta:
        model = Evaluation
        fields = services.EVALUATION
        widgets = {"perception": area(5), "went_well": area(4), "went_badly": area(4), "evaluated_on": day_input()}
        help_texts = {"perception": _("Ce que disent les habitants, femmes et hommes, et ce qu’ils font de l’ouvrage.")}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (data.get("women_asked") or 0) > (data.get("people_asked") or 0):
            self.add_error("women_asked", _("Les femmes interrogées sont comprises dans les personnes interrogées."))
        return data


class CheckForm(RecordForm):
    class Meta:
        model = SustainabilityCheck
        fields = services.CHECK
        widgets = {
            "checked_on": day_input(), "in_use": forms.RadioSelect, "findings": area(5), "actions": area(4),
        }  # fmt: skip
        labels = {"in_use": _("L’ouvrage est-il en service ?"), "kept_up": _("L’entretien est assuré")}
        help_texts = {"findings": _("Ce que vous avez vu et ce que les usagers en disent.")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["in_use"].choices = [pair for pair in self.fields["in_use"].choices if pair[0]]


class LessonForm(RecordForm):
    class Meta:
        model = Lesson
        fields = services.LESSON
        widgets = {"text": area(7), "title": forms.TextInput(attrs={"autocomplete": "off"})}
        labels = {"title": _("La leçon en une phrase"), "text": _("Ce qu’il faut retenir")}
        help_texts = {
            "title": _("« Associer les femmes au choix du site évite de déplacer le forage. »"),
            "text": _("Ce qui s’est passé, pourquoi, et ce qu’un autre projet doit faire ou éviter."),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [("", _("Choisir…")), *self.fields["theme"].choices[1:]]
