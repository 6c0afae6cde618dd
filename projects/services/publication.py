"""How much of a project is public, and which of its files: decided by somebody, with a reason that stays."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from projects import publication_access as access
from projects.dossier_pieces import Piece, piece_for
from projects.models import Project, PublishedFile
from projects.rules.dossier import PieceKind
from projects.rules.publication import REASON_NEEDED, TITLE_NAMES_PLACE, Disclosure, names_place
from projects.triggers.publication import PUBLISHABLE_ANNEXES
from sr_portal.web import clock

from .refusals import as_refusal
from .steps import locked

PUBLISHABLE = frozenset(
    {*map(PieceKind, PUBLISHABLE_ANNEXES), PieceKind.VISIT_PHOTO, PieceKind.REPORT_FILE, PieceKind.HANDOVER}
)


@transaction.atomic
def set_disclosure(*, project: Project, user, level: str, reason: str, public_title: str = "") -> Project:
    """Tell all, all but the place, or nothing but that it exists. `public_title` stands for the title without the place.

    Raises `PermissionDenied`, `ValidationError` naming the field. Nothing of it takes the project off what was
    published: an IATI file keeps its identifier, with neutral text once it is hidden.
    """
    project = locked(project.pk)
    if not access.may_restrict(user, project):
        raise PermissionDenied(access.NOT_YOURS)
    if not access.may_set(user, project, level):
        raise PermissionDenied(access.HEAD_ONLY)
    title = public_title.strip() if level == Disclosure.CERCLE else ""
    if not reason.strip():
        raise ValidationError({"reason": REASON_NEEDED})
    if level == Disclosure.CERCLE and names_place(title, project.locality):
        raise ValidationError({"public_title": TITLE_NAMES_PLACE})
    now = clock.now()
    project.disclosure, project.disclosure_reason, project.public_title = level, reason.strip(), title
    project.disclosed_by, project.disclosed_at, project.updated_at = user, now, now
    project.save(
        update_fields=[
            "disclosure", "disclosure_reason", "public_title", "disclosed_by", "disclosed_at", "updated_at"
        ]
    )  # fmt: skip
    return project


def is_publishable(piece: Piece) -> bool:
    return piece.is_in_force and piece.kind in PUBLISHABLE and not piece.document.is_sealed


@transaction.atomic
def clear_file(
    *, project: Project, user, public_id: UUID, title: str, language: str = "fr", consent: bool
) -> PublishedFile:
    """Clear one photo or document for the public. Raises `PermissionDenied`, `ValidationError` naming the field."""
    project = locked(project.pk)
    if not access.may_clear(user, project):
        raise PermissionDenied(access.NOT_YOURS)
    piece = piece_for(project, public_id)
    if piece is None or not is_publishable(piece):
        raise ValidationError(_("Ce fichier n’est pas de ceux qui se publient."))
    if not consent:
        raise ValidationError({"consent": _("Vérifiez l’accord des personnes que l’on reconnaît.")})
    cleared = PublishedFile(
        project=project, document=piece.document, title=title.strip(), language=language, consent=True, cleared_by=user
    )
    cleared.full_clean()
    try:
        with transaction.atomic():
            cleared.save(force_insert=True)
    except DatabaseError as error:
        raise as_refusal(error) from error
    _touch(project)
    return cleared


@transaction.atomic
def take_back(*, cleared: PublishedFile, user, reason: str) -> PublishedFile:
    """No longer hand a file to partners; that it was cleared, and why it is no more, stays."""
    project = locked(cleared.project_id)
    if not access.may_clear(user, project):
        raise PermissionDenied(access.NOT_YOURS)
    current = PublishedFile.objects.select_for_update().get(pk=cleared.pk)
    if current.withdrawn_at is not None:
        raise ValidationError(_("Ce fichier n’est déjà plus publié."))
    if not reason.strip():
        raise ValidationError({"reason": REASON_NEEDED})
    current.withdrawn_by, current.withdrawn_at, current.withdrawal_reason = user, clock.now(), reason.strip()
    current.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
    _touch(project)
    return current


def _touch(project: Project) -> None:
    """What partners read of the project changed: who pulls changes sees it."""
    project.updated_at = clock.now()
    project.save(update_fields=["updated_at"])
