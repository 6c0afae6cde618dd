"""The doors of publication: the page and the choice for a project, its files, and the open data."""

from projects.models import PublishedFile
from projects.states import GRANTED, State

from .doors import Actors, Door, Who
from .people import SIGNED_IN, Actor
from .readers import IN_GAO, SEES_PROJECT, STATES, only_in, project_door
from .world import World

DECIDES: Actors = IN_GAO | {Actor.SECTION_HEAD}
BEFORE = (
    State.SUBMITTED, State.SCREENING, State.ELIGIBLE, State.IN_REVIEW, State.RECOMMENDED, State.NOT_RECOMMENDED
)  # fmt: skip
CHOOSING: Who = only_in(*BEFORE, *GRANTED, who=DECIDES)
CLEARING: Who = only_in(*GRANTED, who=DECIDES)


def _file(world: World, state: str) -> dict[str, object]:
    return {"pk": world.projects[State(state)].pk, "public_id": world.annexes[State(state)].document.public_id}


def _cleared(world: World, state: str) -> dict[str, object]:
    """The annex, cleared when it is first asked for, where its project is published."""
    project, annex = world.projects[State(state)], world.annexes[State(state)]
    if State(state) in GRANTED:
        PublishedFile.objects.get_or_create(
            project=project, document=annex.document, withdrawn_at=None,
            defaults={"title": "Avant", "consent": True, "cleared_by": world.people[Actor.SECTION_HEAD]},
        )  # fmt: skip
    return _file(world, state)


def file_door(route: str, arguments) -> Door:
    return Door(route, get=CLEARING, post=CLEARING, sees=SEES_PROJECT, states=STATES, arguments=arguments)


PUBLICATION = (
    project_door("projects:publication", get=SEES_PROJECT),
    project_door("projects:disclosure", get=CHOOSING, post=CHOOSING),
    file_door("projects:file_clear", _file),
    file_door("projects:file_take_back", _cleared),
    Door("projects:data", get=SIGNED_IN),
    Door("projects:data_file", get=SIGNED_IN, arguments=lambda world, state: {"name": "fonds.csv"}),
    Door(
        "projects:published_file", get=SIGNED_IN,
        arguments=lambda world, state: {"public_id": _cleared(world, State.APPROVED)["public_id"]},
    ),
    Door("projects:export", get=SIGNED_IN, arguments=lambda world, state: {"form": "csv"}),
)  # fmt: skip
