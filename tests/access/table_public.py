"""The doors of the page that anybody may read, opened for these tests; closed, it is 404 (tests/projects/test_public.py)."""

from projects.models import PublishedFile
from projects.states import State
from sr_portal.web import clock

from .doors import Door, public
from .people import EVERYBODY, Actor
from .world import World


def _cleared(world: World, _state: str) -> dict:
    """A photo of the active project that somebody cleared, made when it is first asked for."""
    shown = PublishedFile.objects.select_related("document").first()
    if shown is None:
        officer = world.people[Actor.OFFICER]
        shown = PublishedFile.objects.create(
            project=world.projects[State.ACTIVE], document=world.annexes[State.ACTIVE].document, title="La pompe", consent=True,
            cleared_by=officer, cleared_at=clock.now(),
        )  # fmt: skip
    return {"public_id": shown.document.public_id}


PUBLIC = (
    public("projects:public"),
    public("projects:public_en"),
    Door("projects:public_photo", get=EVERYBODY, arguments=_cleared),
)
