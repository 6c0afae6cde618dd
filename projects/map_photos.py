"""One photo before the works and one after, for whoever may see the project."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from projects.models import Attachment, AttachmentKind, PhotoStage, Project, VisitPhoto

SHOWN = (PhotoStage.BEFORE, PhotoStage.AFTER)


@dataclass(frozen=True)
class Shown:
    stage: PhotoStage
    url: str  # of the thumbnail
    caption: str

    @property
    def label(self) -> str | Promise:
        return self.stage.label


def before_and_after(project: Project) -> list[Shown]:
    """At most one of each stage, in two queries: before, the first that a visit or else the proposal holds; after, the
    last. Withdrawn ones are left out, and those that have no thumbnail."""
    held = {"document__withdrawn_at": None, "document__thumbnail__gt": ""}
    visits = VisitPhoto.objects.filter(visit__project=project, stage__in=SHOWN, **held).select_related("document")
    found: dict[PhotoStage, Shown] = {}
    for photo in visits.order_by("visit__done_on", "pk"):
        stage = PhotoStage(photo.stage)
        if stage is PhotoStage.BEFORE and stage in found:
            continue
        url = reverse("projects:visit_photo_thumbnail", args=[project.pk, photo.visit_id, photo.document.public_id])
        found[stage] = Shown(stage, url, photo.caption)
    if PhotoStage.BEFORE not in found:
        annexes = Attachment.objects.filter(project=project, kind=AttachmentKind.PHOTO, **held)
        for annex in annexes.select_related("document").order_by("pk")[:1]:
            url = reverse("projects:attachment_thumbnail", args=[project.pk, annex.document.public_id])
            found[PhotoStage.BEFORE] = Shown(PhotoStage.BEFORE, url, annex.caption)
    return [found[stage] for stage in SHOWN if stage in found]
