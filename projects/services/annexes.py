"""The files joined to a proposal while it is being written."""

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _

from projects.asked_documents import chosen
from projects.models import Attachment, AttachmentKind, Project
from sr_portal.documents.refusals import RefusedFile
from sr_portal.documents.services import store, withdraw
from sr_portal.web import clock

from .drafting import open_for_writing
from .refusals import as_refusal

MOST_ANNEXES = 60


class AlreadyJoined(RefusedFile):
    """The very same content is already joined: a second click, or a file chosen twice."""


@transaction.atomic
def add_annex(*, project: Project, user, upload: File, kind: str, caption: str = "") -> Attachment:
    """Check a file, keep it and join it. Raises `RefusedFile` with what to do, `AlreadyJoined` for the same content."""
    project = open_for_writing(project.pk, user)
    name = upload.name or ""
    kind, asked = chosen(project, kind)
    if project.attachments.count() >= MOST_ANNEXES:
        raise RefusedFile(name, _("la proposition a déjà %(count)s annexes."), count=MOST_ANNEXES)
    document = store(upload, by=user)
    if project.attachments.filter(document__sha256=document.sha256).exists():
        raise AlreadyJoined(name, _("ce fichier est déjà joint."))
    if kind == AttachmentKind.PHOTO and not document.is_image:
        raise RefusedFile(name, _("une photo est une image (JPEG, PNG ou WebP) : choisissez une autre nature."))
    annex = Attachment(project=project, document=document, kind=kind, caption=caption or (asked.name if asked else ""))
    annex.asked_id = asked.key if asked else None
    annex.full_clean()
    annex.save()
    _touch(project)
    return annex


@transaction.atomic
def describe_annex(*, project: Project, user, annex: Attachment, kind: str, caption: str) -> Attachment:
    """Change what is said of a file, never the file. Raises `ValidationError` naming the field."""
    project = open_for_writing(project.pk, user)
    current = project.attachments.select_related("document").get(pk=annex.pk)
    if kind == AttachmentKind.PHOTO and not current.document.is_image:
        raise ValidationError({"kind": _("Ce fichier n’est pas une image.")})
    if (current.kind, current.caption) != (kind, caption):
        current.kind, current.caption = kind, caption
        current.full_clean()
        current.save(update_fields=["kind", "caption"])
        _touch(project)
    return current


@transaction.atomic
def remove_annex(*, project: Project, user, annex: Attachment, reason: str) -> None:
    """Take a file off the proposal. Nobody is given it any more; the history keeps that it was there."""
    project = open_for_writing(project.pk, user)
    current = project.attachments.select_related("document").filter(pk=annex.pk).first()
    if current is not None:
        withdraw(current.document, by=user, reason=reason)
        current.delete()
        _touch(project)


@transaction.atomic
def use_position(*, project: Project, user, annex: Attachment) -> Project:
    """Put the project's point where the photo was taken. Raises `ValidationError` when it lies in another region."""
    project = open_for_writing(project.pk, user)
    document = project.attachments.select_related("document").get(pk=annex.pk).document
    if document.latitude is None:
        raise ValidationError(_("Cette photo ne dit pas où elle a été prise."))
    names = ("latitude", "longitude")
    for name in names:
        setattr(project, name, Project._meta.get_field(name).to_python(f"{getattr(document, name):.5f}"))
    project.updated_at = clock.now()
    project.clean()
    try:
        with transaction.atomic():
            project.save(update_fields=[*names, "updated_at"])
    except DatabaseError as error:
        raise as_refusal(error) from error
    return project


def _touch(project: Project) -> None:
    project.updated_at = clock.now()
    project.save(update_fields=["updated_at"])
