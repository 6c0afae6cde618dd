"""Screening: open a round, answer the checklist, and close it one of three ways."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from projects.checklist import ITEMS
from projects.lifecycle import TRANSITIONS
from projects.models import Answer, Project, ReturnReason, Screening, ScreeningAnswer, ScreeningOutcome
from sr_portal.web import clock

from .drafting import Conflict, Fingerprint, fingerprint
from .steps import check_step, locked, record_step, refuse_if

Answers = Mapping[str, tuple[str, str]]  # item code → (yes/no/na or empty, comment)


@transaction.atomic
def start_screening(*, project: Project, user) -> Project:
    """Open a new round; the answers of the round before are taken up again, to be confirmed or changed."""
    project = locked(project.pk)
    step = TRANSITIONS["start_screening"]
    check_step(project, step, user)
    previous = project.screenings.order_by("-round").first()
    last = project.screenings.aggregate(last=Max("round"))["last"] or 0
    screening = Screening.objects.create(project=project, round=last + 1, screener=user, opened_at=clock.now())
    kept = {answer.item: answer for answer in previous.answers.all()} if previous else {}
    ScreeningAnswer.objects.bulk_create(
        ScreeningAnswer(
            screening=screening,
            item=code,
            answer=kept[code].answer if code in kept else "",
            comment=kept[code].comment if code in kept else "",
        )
        for code in ITEMS
    )
    return record_step(project, step, user)


def _open_round(project: Project) -> Screening:
    return project.screenings.get(closed_at__isnull=True)


def of_round(answers: Answers, screening: Screening) -> Fingerprint:
    """The fingerprint of each answer, and the round they belong to: an answer of an earlier round is a conflict too."""
    return {**fingerprint(answers), "round": str(screening.round)}


def stored_answers(screening: Screening) -> dict[str, tuple[str, str]]:
    return {row.item: (row.answer, row.comment) for row in screening.answers.all()}


@transaction.atomic
def answer_checklist(
    *, project: Project, user, answers: Answers, known: Collection[Fingerprint] | None = None
) -> Screening:
    """Keep the screener's answers. `known` are the versions that the page has seen: what it read, what it sent.

    None stands for a caller without a page. Raises `Conflict` when what is stored is none of these, nor already what
    was typed (decision record 5); `PermissionDenied`, `StepRefused` to who may not answer.
    """
    project = locked(project.pk)
    step = TRANSITIONS["send_back"]  # open to exactly the one who may answer: the screener, while screening
    check_step(project, step, user, note="-")
    refuse_if(_("Point inconnu.") for code in answers if code not in ITEMS)
    refuse_if(_("Réponse inconnue.") for answer, _comment in answers.values() if answer not in ("", *Answer.values))
    screening = _open_round(project)
    stored = stored_answers(screening)
    changed = fingerprint(answers).items() - fingerprint(stored).items()
    if changed and known is not None:
        parts = of_round(stored, screening)
        if any(all(one.get(part) != text for one in known) for part, text in parts.items()):
            raise Conflict
    codes = {code for code, _text in changed}
    for row in screening.answers.all():
        if row.item in codes:
            row.answer, row.comment = answers[row.item]
            row.save(update_fields=["answer", "comment"])
    return screening


def _close(
    project: Project, name: str, user, outcome: ScreeningOutcome, note: str, reasons: Mapping[str, str]
) -> Project:
    step = TRANSITIONS[name]
    check_step(project, step, user, note)
    screening = _open_round(project)
    ReturnReason.objects.bulk_create(
        ReturnReason(screening=screening, step=code, text=text.strip())
        for code, text in reasons.items()
        if text.strip()
    )
    screening.closed_at, screening.outcome, screening.note = clock.now(), outcome, note
    screening.save(update_fields=["closed_at", "outcome", "note"])
    return record_step(project, step, user, note)


@transaction.atomic
def send_back(*, project: Project, user, reasons: Mapping[str, str], note: str = "") -> Project:
    """Return the proposal to its author, saying per section (step code → text) what is to be mended."""
    project = locked(project.pk)
    written = {code: text for code, text in reasons.items() if text.strip()}
    if project.state == "screening" and not written:
        refuse_if([_("Dites au moins pour une section ce qui est à corriger.")])
    summary = note.strip() or " ".join(text.strip() for text in written.values())
    return _close(project, "send_back", user, ScreeningOutcome.RETURNED, summary, written)


@transaction.atomic
def admit(*, project: Project, user, note: str = "") -> Project:
    """Declare the proposal eligible; the checklist must be complete, without a blocking answer."""
    return _close(locked(project.pk), "admit", user, ScreeningOutcome.ADMITTED, note, {})


@transaction.atomic
def declare_inadmissible(*, project: Project, user, note: str) -> Project:
    """End of the road, with reasons."""
    return _close(locked(project.pk), "declare_inadmissible", user, ScreeningOutcome.INADMISSIBLE, note, {})
