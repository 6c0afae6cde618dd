"""The step of a proposal that asks what its mechanism asks beside the others, made of reference rows (`funds.asked`)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funds.asked import Asked, Term, asked_by
from funds.models import Facility, FocusArea
from projects.fund_answers import MARKER, QUESTION, answers_of
from projects.models import Project
from projects.models.fund_answers import LONGEST_ANSWER

from .proposal_base import StepForm, area


class FundForm(StepForm):
    step = "fund"

    asked: Asked

    class Meta:
        model = Project
        fields = ("facility", "focus_area")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = asked = asked_by(self.instance.mechanism)
        for name, model, terms in (
            ("facility", Facility, asked.facilities),
            ("focus_area", FocusArea, asked.focus_areas),
        ):
            if not terms:
                del self.fields[name]
                continue
            field = self.fields[name]
            field.queryset = model.objects.filter(mechanism=self.instance.mechanism_id)
            field.choices = [("", _("Choisir…")), *((term.key, term.name) for term in terms)]
            field.needed = True
        answers = {} if self.is_bound else answers_of(self.instance)
        for marker in asked.markers:
            self._add(f"{MARKER}{marker.key}", level_field(marker), answers)
        for question in asked.questions:
            self._add(f"{QUESTION}{question.key}", question_field(question), answers)

    def _add(self, name: str, field: forms.Field, answers: dict[str, str]) -> None:
        self.fields[name] = field
        self.initial[name] = answers.get(name, "")

    @property
    def marker_fields(self) -> list[forms.BoundField]:
        return [self[f"{MARKER}{marker.key}"] for marker in self.asked.markers]

    @property
    def sections(self) -> list[tuple[Term, list[forms.BoundField]]]:
        """Each section with its questions' fields."""
        return [
            (section, [self[f"{QUESTION}{question.key}"] for question in section.parts])
            for section in self.asked.sections
        ]

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.fields}


def level_field(marker: Term) -> forms.ChoiceField:
    field = forms.ChoiceField(
        label=marker.name,
        help_text=marker.help,
        required=False,
        choices=[("", _("Choisir…")), *((str(level.key), str(level)) for level in marker.parts)],
    )
    field.needed = True  # type: ignore[attr-defined]  # as `StepForm` marks the others
    return field


def question_field(question: Term) -> forms.CharField:
    field = forms.CharField(
        label=question.name, help_text=question.help, required=False, max_length=LONGEST_ANSWER, widget=area(4)
    )
    field.needed = question.required  # type: ignore[attr-defined]
    return field
