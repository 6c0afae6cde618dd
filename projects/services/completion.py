"""From the end of the works on: handover, evaluation, sustainability check, lessons learned (domain guide §8)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from projects import completion_access as access
from projects.deadlines.days import due_on
from projects.models import Evaluation, Handover, Lesson, Project, SustainabilityCheck
from projects.reporting import completed_on
from sr_portal.documents.models import IMAGE_TYPES, Document
from sr_portal.documents.refusals import RefusedFile
from sr_portal.documents.services import store, withdraw
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day

from .agreements import refuse_if_changed
from .refusals import as_refusal
from .steps import locked, refuse_if

HANDOVER = (
    "held_on", "place", "owner", "owner_signatory", "maintained_by", "attendees", "works", "reservations",
    "reservations_due_on",
)  # fmt: skip
MARKS = ("confidence", "need_met", "quality", "inclusion", "visibility")
EVALUATION = (*MARKS, "perception", "people_asked", "women_asked", "went_well", "went_badly", "evaluated_on")
CHECK = ("checked_on", "in_use", "kept_up", "findings", "actions")
LESSON = ("theme", "title", "text")
SIGNED_TYPES = ("application/pdf", *IMAGE_TYPES)


def stored(record: models.Model | None, names: tuple[str, ...]) -> dict[str, Any]:
    """What a page shows of a record, empty for one that is not there yet."""
    return {name: getattr(record, name) if record else None for name in names}


def _open(project: Project, user, who, act: str) -> Project:
    """The project locked; `PermissionDenied` to who may not do this, `StepRefused` while its state does not open it."""
    project = locked(project.pk)
    if against := access.reasons_against(who, user, project):
        raise PermissionDenied(" ".join(str(reason) for reason in against))
    refuse_if(access.reasons_against_now(act, project))
    return project


def _write(record: models.Model, names: tuple[str, ...], values: Mapping[str, Any], **more: Any) -> None:
    for name, value in {**{name: values[name] for name in names}, **more}.items():
        setattr(record, name, value)
    record.full_clean()
    try:
        with transaction.atomic():
            record.save()
    except DatabaseError as error:
        raise as_refusal(error) from error


# --- Handover -------------------------------------------------------------------------------------------------------
@transaction.atomic
def record_handover(*, project: Project, user, kind: str, values: Mapping[str, Any], base: str) -> Handover:
    """Prepare or correct a handover record; once its signed copy is on file it changes no more.

    `base` is the fingerprint of what the page showed. Raises `ChangedMeanwhile`, `ValidationError`, `StepRefused`.
    """
    project = _open(project, user, access.receives, kind)
    handover = project.handovers.filter(kind=kind).select_related("signed_copy").first()
    if handover is not None and is_signed(handover):
        refuse_if([_("L’exemplaire signé est au dossier\u00a0: ce procès-verbal ne change plus.")])
    if handover is not None and refuse_if_changed(stored(handover, HANDOVER), values, base):
        return handover
    record = handover or Handover(project=project, kind=kind, recorded_at=clock.now())
    _write(record, HANDOVER, values, recorded_by=user)
    return record


def is_signed(handover: Handover) -> bool:
    """Its signed copy is on file, and was not withdrawn."""
    return handover.signed_copy is not None and not handover.signed_copy.is_withdrawn


@transaction.atomic
def file_signed_copy(*, handover: Handover, user, upload: File) -> Handover:
    """Put the signed handover record on file; from then on it counts, and its text is fixed."""
    project = _open(handover.project, user, access.receives, handover.kind)
    handover = project.handovers.select_related("signed_copy").get(pk=handover.pk)
    if is_signed(handover):
        refuse_if([_("L’exemplaire signé est déjà au dossier\u00a0: retirez-le d’abord, en disant pourquoi.")])
    if handover.held_on > clock.today():
        refuse_if(
            [_("La réception est prévue le %(day)s\u00a0: elle se signe ce jour-là.") % {"day": day(handover.held_on)}]
        )
    document = store(upload, by=user)
    if document.content_type not in SIGNED_TYPES:
        raise RefusedFile(document.original_name, _("déposez un PDF ou une photo du document signé."))
    handover.signed_copy = document
    handover.save(update_fields=["signed_copy"])
    return handover


@transaction.atomic
def withdraw_signed_copy(*, handover: Handover, user, reason: str) -> Document:
    """Take a wrong copy away from its readers; the record may then be corrected and signed again."""
    project = _open(handover.project, user, access.receives, handover.kind)
    handover = project.handovers.select_related("signed_copy").get(pk=handover.pk)
    if not is_signed(handover) or handover.signed_copy is None:
        refuse_if([_("Aucun exemplaire signé n’est au dossier.")])
    return withdraw(handover.signed_copy, by=user, reason=reason)


# --- Evaluation and check ------------------------------------------------------------------------------------------
@transaction.atomic
def evaluate(*, project: Project, user, values: Mapping[str, Any], base: str) -> Evaluation:
    """Fill in or correct the evaluation sheet, from completion to closure. Raises as `record_handover` does."""
    project = _open(project, user, access.evaluates, "evaluation")
    if values["evaluated_on"] > clock.today():
        raise ValidationError({"evaluated_on": _("L’évaluation ne peut pas être datée d’un jour à venir.")})
    found = Evaluation.objects.filter(project=project).first()
    if found is not None and refuse_if_changed(stored(found, EVALUATION), values, base):
        return found
    record = found or Evaluation(project=project, recorded_at=clock.now())
    _write(record, EVALUATION, values, evaluated_by=user)
    return record


@transaction.atomic
def check_sustainability(*, project: Project, user, values: Mapping[str, Any], base: str) -> SustainabilityCheck:
    """Say whether the works are in use and kept up, from six months after completion on, closed or not."""
    project = _open(project, user, access.checks, "check")
    opens = due_on("sustainability", project.mechanism, completed_on(project))
    if opens is None or values["checked_on"] < opens:
        text = _("Le contrôle de pérennité se fait à partir du %(day)s.") % {"day": day(opens)}
        raise ValidationError({"checked_on": text})
    if values["checked_on"] > clock.today():
        raise ValidationError({"checked_on": _("Le contrôle ne peut pas être daté d’un jour à venir.")})
    found = SustainabilityCheck.objects.filter(project=project).first()
    if found is not None and refuse_if_changed(stored(found, CHECK), values, base):
        return found
    record = found or SustainabilityCheck(project=project, recorded_at=clock.now())
    _write(record, CHECK, values, checked_by=user)
    return record


# --- Lessons --------------------------------------------------------------------------------------------------------
def may_note(user, project: Project) -> bool:
    return access.notes_lessons(user, project) and not access.reasons_against_now("lesson", project)


@transaction.atomic
def note_lesson(
    *, project: Project, user, values: Mapping[str, Any], lesson: Lesson | None = None, base: str = ""
) -> Lesson:
    """Note a lesson, or correct one: by who noted it, or by a programme officer here."""
    project = locked(project.pk)
    if not access.notes_lessons(user, project):
        raise PermissionDenied(_("Votre rôle ne le permet pas ici."))
    refuse_if(access.reasons_against_now("lesson", project))
    if lesson is not None:
        lesson = project.lessons.get(pk=lesson.pk)
        if not corrects_lesson(user, project, lesson):
            raise PermissionDenied(_("Cette leçon a été notée par quelqu’un d’autre."))
        if refuse_if_changed(stored(lesson, LESSON), values, base):
            return lesson
    record = lesson or Lesson(project=project, recorded_by=user, recorded_at=clock.now())
    for name in LESSON:
        setattr(record, name, values[name])
    record.full_clean(exclude=["search"])
    record.save()
    return record


def corrects_lesson(user, project: Project, lesson: Lesson) -> bool:
    return access.notes_lessons(user, project) and (lesson.recorded_by_id == user.pk or access.officer(user, project))
