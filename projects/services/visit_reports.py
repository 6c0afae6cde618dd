"""Reports of visits, with their photos: filed once however often they are sent, mended under a version check."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from projects.models import PhotoStage, Visit, VisitPhoto, VisitState
from projects.rules import visits as rules
from projects.visit_access import Rights, rights_of
from sr_portal.accounts.models import User
from sr_portal.documents import services as documents
from sr_portal.documents.refusals import RefusedFile
from sr_portal.web import clock

from .findings import NewFinding, write_finding
from .steps import StepRefused
from .visits import Outdated, living, locked_visit

MOST_PHOTOS = 60
REPORTED = (
    "done_on", "participants", "people_met", "progress", "quality", "safety", "observations", "recommendations",
    "latitude", "longitude", "accuracy_m",
)  # fmt: skip


@dataclass(frozen=True)
class NewPhoto:
    """A photo as it arrives; `key` is the device's own, so that it is kept once."""

    upload: File
    stage: str = PhotoStage.DURING
    caption: str = ""
    key: UUID = field(default_factory=uuid4)


def reasons_against_reporting(rights: Rights, visit: Visit) -> list[str]:
    """Why the holder of these rights cannot file, or mend, the report of this visit; empty when they can."""
    if not rights.lives:
        return [_("Le projet est terminé : les comptes rendus de ses visites ne changent plus.")]
    if visit.state == VisitState.CANCELLED:
        return [_("Cette visite est annulée : « %(reason)s ».") % {"reason": visit.cancelled_reason}]
    if visit.state == VisitState.PLANNED:
        return [] if rights.visits else [_("Votre rôle ne le permet pas ici.")]
    if rights.corrects(visit):
        return []
    return [_("Seuls l’auteur du compte rendu, la personne envoyée et qui dirige les visites peuvent le corriger.")]


@transaction.atomic
def report(
    *, visit: Visit, user: User, version: int, values: dict[str, Any],
    findings: Iterable[NewFinding] = (), photos: Iterable[NewPhoto] = (),
) -> Visit:  # fmt: skip
    """File the report of a planned visit, or mend that of one made; `values` holds the fields of `REPORTED`.

    A report filed since `version` is never written over: raises `Outdated`, with what is stored. A plan that moved
    meanwhile stands in nobody's way, since a report says nothing of it. Raises PermissionDenied, StepRefused,
    ValidationError naming the fields.
    """
    project, visit = locked_visit(visit)
    rights = rights_of(user, project)
    if not rights.visits:
        raise PermissionDenied
    if reasons := reasons_against_reporting(rights, visit):
        raise StepRefused(reasons)
    if visit.state == VisitState.DONE and visit.version != version:
        raise Outdated(visit)
    rules.validate_report(values, signed_on=project.agreement.signed_on, today=clock.today())
    for name in REPORTED:
        if name in values:
            setattr(visit, name, values[name])
    visit.distance_m = rules.distance_m(visit.latitude, visit.longitude, project.latitude, project.longitude)
    if visit.state == VisitState.PLANNED:
        visit.state, visit.reported_by, visit.reported_at = VisitState.DONE, user, clock.now()
    visit.version += 1
    visit.full_clean(exclude=["project", "visitor", "created_by", "reported_by"])
    visit.save(update_fields=[*REPORTED, "distance_m", "state", "reported_by", "reported_at", "version"])
    for new in findings:
        write_finding(project, visit, user, new)
    for photo in photos:
        _keep_photo(visit, user, photo)
    return visit


# --- Photos ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_photo(*, visit: Visit, user: User, photo: NewPhoto) -> VisitPhoto:
    """Keep a photo of a visit made. The same key, or the same picture, again gives the one that is there.

    Raises PermissionDenied, StepRefused, RefusedFile.
    """
    project, visit = locked_visit(visit)
    if not rights_of(user, project).visits:
        raise PermissionDenied
    if visit.state != VisitState.DONE:
        raise StepRefused(_("Les photos se joignent au compte rendu : la visite n’en a pas encore."))
    return _keep_photo(visit, user, photo)


def _keep_photo(visit: Visit, user: User, photo: NewPhoto) -> VisitPhoto:
    if kept := VisitPhoto.objects.filter(key=photo.key).first():
        if kept.visit_id != visit.pk:
            raise ValidationError(_("Cette photo appartient à une autre visite."))
        return kept
    name = photo.upload.name or ""
    shown = visit.photos.filter(document__withdrawn_at=None)
    if shown.count() >= MOST_PHOTOS:
        raise RefusedFile(name, _("la visite a déjà %(count)s photos."), count=MOST_PHOTOS)
    try:
        with transaction.atomic():
            document = documents.store(photo.upload, by=user)
            if twin := shown.filter(document__sha256=document.sha256).first():
                raise _AlreadyThere(twin)
    except _AlreadyThere as same:
        return same.photo
    if not document.is_image:
        raise RefusedFile(name, _("une photo est une image (JPEG, PNG ou WebP)."))
    kept = VisitPhoto(
        visit=visit, document=document, key=photo.key, stage=photo.stage, caption=" ".join(photo.caption.split())
    )
    kept.full_clean(exclude=["visit", "document"])
    kept.save()
    return kept


class _AlreadyThere(Exception):
    """The very same picture, chosen twice: what was stored for it is undone."""

    def __init__(self, photo: VisitPhoto) -> None:
        super().__init__(photo.pk)
        self.photo = photo


@transaction.atomic
def describe_photo(*, photo: VisitPhoto, user: User, stage: str, caption: str) -> VisitPhoto:
    """Say when a photo was taken (before, during, after the works) and what it shows. Raises PermissionDenied."""
    photo = _photo_of(photo, user)
    photo.stage, photo.caption = stage, " ".join(caption.split())
    photo.full_clean(exclude=["visit", "document"])
    photo.save(update_fields=["stage", "caption"])
    return photo


@transaction.atomic
def withdraw_photo(*, photo: VisitPhoto, user: User, reason: str) -> None:
    """Take a photo away from its readers, with the reason; it stays on file. Raises PermissionDenied, RefusedFile."""
    photo = _photo_of(photo, user)
    documents.withdraw(photo.document, by=user, reason=reason)


def may_mend_photo(rights: Rights, photo: VisitPhoto) -> bool:
    """Who joined it, or who may correct the report that it belongs to."""
    return rights.corrects(photo.visit) or (rights.visits and photo.document.uploaded_by_id == rights.user_id)


def _photo_of(photo: VisitPhoto, user: User) -> VisitPhoto:
    project = living(photo.visit.project_id)
    found = VisitPhoto.objects.select_for_update(of=("self",)).select_related("visit", "document").get(pk=photo.pk)
    if not may_mend_photo(rights_of(user, project), found):
        raise PermissionDenied
    return found
