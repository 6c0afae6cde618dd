"""What the section decided to publish of its sample projects: photos that were cleared, and a place that is kept silent."""

from django.db.models import Case, IntegerField, Value, When

from projects.models import Project, VisitPhoto
from projects.rules.publication import Disclosure
from projects.services.publication import clear_file, set_disclosure
from projects.states import State

from .contributions import morning
from .story import Story

MOST_PHOTOS = 4
NORTH_FIRST = ("ML-9", "ML-8", "ML-7", "ML-6", "ML-5")
REASON = "Le comité de gestion a reçu des menaces : le lieu exact mettrait ses membres en danger."
PUBLIC_TITLE = "Appui aux services de base d’une commune"
TITLES = {"before": "Le site avant les travaux", "during": "Le chantier", "after": "L’ouvrage après les travaux"}


def decide_publication(story: Story) -> None:
    """The section head restricts one project, and clears a photo of each of a few that are done."""
    with morning(story.today), story.acting("chef.section") as head:
        if (endangered := _most_exposed()) is not None:
            set_disclosure(
                project=endangered, user=head, level=Disclosure.CERCLE, reason=REASON, public_title=PUBLIC_TITLE
            )
        for photo in _photos():
            clear_file(
                project=photo.visit.project, user=head, public_id=photo.document.public_id, title=TITLES[photo.stage],
                consent=True,
            )  # fmt: skip


def _most_exposed() -> Project | None:
    """A project under way with a place of its own, where it is least safe."""
    rank = Case(
        *(When(region__code=code, then=Value(n)) for n, code in enumerate(NORTH_FIRST)),
        default=Value(len(NORTH_FIRST)),
        output_field=IntegerField(),
    )
    under_way = Project.objects.published().filter(
        state__in=[State.ACTIVE, State.SUSPENDED], disclosure=Disclosure.FULL
    )
    return under_way.exclude(locality="").annotate(rank=rank).order_by("rank", "pk").first()


def _photos() -> list[VisitPhoto]:
    """The last photo after the works of each of the first projects that are done and told in full."""
    found = (
        VisitPhoto.objects.filter(
            stage="after", visit__project__state__in=[State.COMPLETED, State.CLOSED],
            visit__project__disclosure=Disclosure.FULL, document__withdrawn_at=None, document__is_sealed=False,
        )
        .select_related("visit__project", "document")
        .order_by("visit__project_id", "-pk")
        .distinct("visit__project_id")
    )  # fmt: skip
    return list(found[:MOST_PHOTOS])
