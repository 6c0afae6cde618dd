"""Writing in a project's file: a document more, a newer version, one taken away with a reason. Nothing is deleted."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from projects import dossier_access
from projects.asked_documents import chosen
from projects.dossier_pieces import Piece, piece_for
from projects.models import Attachment, Project
from projects.rules.dossier import ENDED_FILE, PROPOSAL, PieceKind, reasons_against_withdrawing
from projects.states import ENDED, State
from sr_portal.documents.models import Document
from sr_portal.documents.refusals import RefusedFile
from sr_portal.documents.services import store, withdraw

from .annexes import AlreadyJoined
from .steps import locked, refuse_if

MOST_PIECES = 400


@transaction.atomic
def file_piece(
    *, project: Project, user, upload: File, kind: str, caption: str = "", replaces: UUID | None = None
) -> Attachment:
    """Check a document and add it to the file; with `replaces`, as the newer version of that document, of its kind.

    Raises `PermissionDenied`, `RefusedFile` with what to do, `AlreadyJoined` for a content that is there already.
    """
    project = locked(project.pk)
    _open_to(user, project, dossier_access.may_file)
    name = upload.name or ""
    older = replaceable(project, replaces) if replaces else None
    kind, asked = (older.kind, None) if older else chosen(project, kind)
    if kind not in PROPOSAL:
        raise RefusedFile(name, _("cette sorte de document se dépose sur la page dont elle relève."))
    if project.attachments.count() >= MOST_PIECES:
        raise RefusedFile(name, _("le dossier a déjà %(count)s pièces jointes."), count=MOST_PIECES)
    document = store(upload, by=user, replaces=older.document if older else None)
    held = project.attachments.filter(document__sha256=document.sha256, document__withdrawn_at=None)
    if held.exists():
        raise AlreadyJoined(name, _("ce fichier est déjà au dossier."))
    if kind == PieceKind.PHOTO and not document.is_image:
        raise RefusedFile(name, _("une photo est une image (JPEG, PNG ou WebP) : choisissez une autre nature."))
    named = older.caption if older else asked.name if asked else ""
    piece = Attachment(project=project, document=document, kind=kind, caption=caption or named)
    # A newer version answers to what the older one answered to.
    piece.asked_id = asked.key if asked else _answered(older) if older else None
    piece.full_clean()
    piece.save()
    return piece


def _answered(older: Piece) -> int | None:
    return Attachment.objects.filter(document=older.document).values_list("asked_id", flat=True).first()


def replaceable(project: Project, public_id: UUID) -> Piece:
    """The document that a newer one may replace. Raises `ValidationError` when there is none such any more."""
    piece = piece_for(project, public_id)
    if piece is None or piece.kind not in PROPOSAL or piece.document.is_withdrawn:
        raise ValidationError(_("Ce document n’est plus au dossier : rechargez la page."))
    if Document.objects.filter(replaces=piece.document).exists():
        raise ValidationError(_("Une version plus récente de ce document est déjà au dossier."))
    return piece


@transaction.atomic
def withdraw_piece(*, project: Project, user, public_id: UUID, reason: str) -> Document:
    """Take a document away from its readers, with a reason; its name, its fingerprint and who took it away remain.

    Raises `PermissionDenied`, `StepRefused` with what holds the document on file.
    """
    project = locked(project.pk)
    piece = piece_for(project, public_id)
    if piece is None:
        raise ValidationError(_("Ce document n’est plus au dossier : rechargez la page."))
    _open_to(user, project, dossier_access.may_withdraw)
    refuse_if(reasons_against_withdrawing(piece.kind, project.state))
    return withdraw(piece.document, by=user, reason=reason)


def _open_to(user, project: Project, allowed) -> None:
    if not allowed(user, project):
        raise PermissionDenied(str(ENDED_FILE) if State(project.state) in ENDED else "")
