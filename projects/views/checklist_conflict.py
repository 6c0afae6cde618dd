"""The checklist was saved elsewhere in between: both versions side by side, point by point, and the choice is kept."""

from collections.abc import Iterator

from django.db.models import Max
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from projects.checklist import CHECKLIST
from projects.forms.screening import ChecklistForm, base_text
from projects.models import Answer, Screening
from projects.services.drafting import fingerprint
from projects.services.screening import stored_answers

from .proposal_conflict import CHOICE, MINE, THEIRS, Difference

NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "fingerprint", "unheard", "compare"})


def page(request: HttpRequest, form: ChecklistForm, *, by_script: bool) -> HttpResponse:
    """Status 409: nothing was written. `form` is valid; by script the answer is the line under the checklist."""
    fresh = Screening.objects.get(pk=form.screening.pk)
    context = {
        "project": form.project,
        "by_script": by_script,
        "form": form,
        "saved_at": fresh.answers.aggregate(last=Max("events__pgh_created_at"))["last"],
        "opened_at": None if form.known()[0].get("round") == str(fresh.round) else fresh.opened_at,
    }
    if by_script:
        return render(request, "projects/road/screening_conflict_line.html", context, status=409)
    stored = stored_answers(fresh)
    context |= {
        "differences": list(differences(form, stored)),
        "base": base_text(stored, fresh),
        "carried": [
            (name, value)
            for name, value in form.data.items()
            if name not in NOT_CARRIED and not name.startswith(CHOICE)
        ],
    }
    return render(request, "projects/road/screening_conflict.html", context, status=409)


def differences(form: ChecklistForm, stored: dict[str, tuple[str, str]]) -> Iterator[Difference]:
    """The points of which another answer or comment is stored."""
    typed, base = form.answers(), form.known()[0]
    mine, theirs = fingerprint(typed), fingerprint(stored)
    for item in CHECKLIST:
        code = item.code
        if mine[code] != theirs[code]:
            preferred = THEIRS if mine[code] == base.get(code) else MINE
            yield Difference(code, str(item.label), lines(*typed[code]), lines(*stored[code]), preferred)


def lines(answer: str, comment: str) -> list[tuple[str, str]]:
    return [(_("Réponse"), str(dict(Answer.choices).get(answer, "—"))), (_("Commentaire"), comment or "—")]


def resolved(data: QueryDict, screening: Screening) -> QueryDict:
    """`data` with the points chosen from the stored version put in; unchanged when it carries no choice."""
    chosen = {name.removeprefix(CHOICE) for name, value in data.items() if name.startswith(CHOICE) and value == THEIRS}
    if not chosen:
        return data
    data = data.copy()
    for code, (answer, comment) in stored_answers(screening).items():
        if code in chosen:
            data[f"answer_{code}"], data[f"comment_{code}"] = answer, comment
    return data
