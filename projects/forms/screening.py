"""The screener's forms: the checklist, and what is asked of the author when the proposal goes back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.checklist import CHECKLIST, Item
from projects.models import Answer, Screening
from projects.services.drafting import Fingerprint, fingerprint
from projects.services.screening import Answers, of_round, stored_answers

from .proposal import ALL_STEPS, steps_of
from .road import StepForm

COMMENT = 2000  # characters of a comment
MOST_UNHEARD = 3  # saves without an answer that a page tells of
LONGEST_SENT = 200_000  # characters of one of them

# The sections of a proposal that can be asked to be mended, in the form's order.
SECTIONS = {code: step.label for code, step in ALL_STEPS.items() if code != "review"}

# Where in the form the author mends what a point of the checklist found wanting.
MENDED_IN: dict[str, str] = {
    "eligibility": "need",
    "ceiling": "budget",
    "budget": "budget",
    "technical": "annexes",
    "partner": "partner",
    "duplication": "partner",
    "splitting": "budget",
    "gender": "care",
    "environment": "care",
    "do_no_harm": "care",
    "due_diligence": "care",
    "land": "care",
    "authorities": "annexes",
    "visibility": "care",
    "regional_plan": "need",
}


@dataclass(frozen=True)
class Line:
    """A point of the checklist with its two fields; `section` is the part of the proposal that answers it."""

    item: Item
    answer: forms.BoundField
    comment: forms.BoundField
    section: str
    required: bool  # here « n/a » is no answer


class ChecklistForm(forms.Form):
    """Every point may be left for later: what is incomplete is kept as it is."""

    def __init__(self, data=None, *, project, screening: Screening) -> None:
        kept = {answer.item: answer for answer in screening.answers.all()}
        initial = {f"answer_{code}": row.answer for code, row in kept.items()}
        initial |= {f"comment_{code}": row.comment for code, row in kept.items()}
        super().__init__(data, initial=initial)
        self.project, self.screening = project, screening
        for item in CHECKLIST:
            self.fields[f"answer_{item.code}"] = forms.ChoiceField(
                label=item.label,
                choices=Answer.choices,
                required=False,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )
            self.fields[f"comment_{item.code}"] = forms.CharField(
                label=gettext_lazy("Commentaire"),
                max_length=COMMENT,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def lines(self) -> Iterator[Line]:
        for item in CHECKLIST:
            required = item.blocking and bool(item.required(self.project))
            answer, comment = self[f"answer_{item.code}"], self[f"comment_{item.code}"]
            yield Line(item, answer, comment, MENDED_IN[item.code], required)

    def answers(self) -> dict[str, tuple[str, str]]:
        """Code → (answer, comment), as `services.screening.answer_checklist` takes them."""
        data = self.cleaned_data
        return {item.code: (data[f"answer_{item.code}"], data[f"comment_{item.code}"]) for item in CHECKLIST}

    @property
    def base(self) -> str:
        """What the page started from, as JSON: what it brought back, else what is stored."""
        if self.is_bound:
            return str(self.data.get("fingerprint", ""))
        return base_text(stored_answers(self.screening), self.screening)

    @property
    def unheard(self) -> list[str]:
        """Saves that the page sent by itself and whose answer it has not had, each as an encoded form."""
        return self.data.getlist("unheard")[-MOST_UNHEARD:] if isinstance(self.data, QueryDict) else []

    def known(self) -> list[Fingerprint]:
        """The versions that the page has seen: what it read, and what it sent without knowing whether it arrived."""
        try:
            base = json.loads(self.base)
        except ValueError:
            base = {}
        return [base if isinstance(base, dict) else {}, *(fingerprint(sent(text)) for text in self.unheard)]


def base_text(answers: Answers, screening: Screening) -> str:
    return json.dumps(of_round(answers, screening), separators=(",", ":"))


def sent(text: str) -> dict[str, tuple[str, str]]:
    """The answers in an encoded form that a page sent earlier."""
    data = QueryDict(text[:LONGEST_SENT])
    return {code: (data.get(f"answer_{code}", ""), data.get(f"comment_{code}", "")) for code in MENDED_IN}


class ReturnForm(StepForm):
    """What is to be mended, section by section; points answered « no » are written in already."""

    def __init__(self, data=None, *, project, user) -> None:
        super().__init__(data, project=project, user=user)
        asked = steps_of(project)
        for code, label in ((code, label) for code, label in SECTIONS.items() if code in asked):
            self.fields[code] = forms.CharField(
                label=label, max_length=COMMENT, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
        self.initial = noes_by_section(project)

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.values()):
            raise forms.ValidationError(_("Dites au moins pour une section ce qui est à corriger."))
        return data


def noes_by_section(project) -> dict[str, str]:
    """Section → the points of the open round answered « no », each with its comment."""
    rounds = [screening for screening in project.screenings.all() if screening.closed_at is None]
    answers = {answer.item: answer for answer in rounds[-1].answers.all()} if rounds else {}
    written: dict[str, list[str]] = {}
    for item in CHECKLIST:
        answer = answers.get(item.code)
        if answer and answer.answer == Answer.NO:
            sentence = _("%(point)s : %(comment)s") if answer.comment else "%(point)s"
            written.setdefault(MENDED_IN[item.code], []).append(
                sentence % {"point": item.label, "comment": answer.comment}
            )
    return {section: "\n".join(lines) for section, lines in written.items()}
