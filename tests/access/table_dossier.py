"""The doors of a project's file: read with the project, written by its officer and, once granted, its writers."""

from funds.models import Mechanism
from projects.clearance import BEFORE_APPROVAL
from projects.rules.amendment import AMENDABLE
from projects.states import EDITABLE, ENDED, GRANTED, State

from .doors import NOBODY, Door, Who
from .readers import IN_GAO, SEES_PROJECT, STATES, WRITERS, project_door
from .world import World

KEEPS: Who = {state: NOBODY if State(state) in ENDED | EDITABLE else IN_GAO for state in STATES}
FILES: Who = {state: who | WRITERS if State(state) in GRANTED - ENDED else who for state, who in KEEPS.items()}


# One state of each sort is enough for the pages of one document: the rules of the others are tested on their own.
SOME = tuple(
    state.value
    for state in (State.DRAFT, State.SUBMITTED, State.APPROVED, State.COMPLETED, State.CLOSED, State.REFUSED)
)


def piece_door(route: str, *, get: Who, post: Who | None = None) -> Door:
    """A route of one document, an annex of the proposal."""
    return Door(
        route, get=get, post=post, sees=SEES_PROJECT, states=SOME,
        arguments=lambda world, state: {
            "pk": world.projects[State(state)].pk, "public_id": world.annexes[State(state)].document.public_id
        },
    )  # fmt: skip


def under_headquarters(world: World, state: str) -> dict[str, object]:
    """The project in that state, its mechanism asking headquarters above an amount as those of the funds do."""
    Mechanism.objects.filter(pk="QIP").update(headquarters_above_usd=1)
    return {"pk": world.projects[State(state)].pk}


ASKED = [state.value for state in BEFORE_APPROVAL | AMENDABLE]

DOSSIER = (
    project_door("projects:clearance", says="of a QIP, on which headquarters is never asked", get=NOBODY, post=NOBODY),
    Door(
        "projects:clearance",
        says="of a project of a fund",
        states=STATES,
        sees=SEES_PROJECT,
        get={state: SEES_PROJECT[state] for state in ASKED},
        post=dict.fromkeys(ASKED, IN_GAO),
        arguments=under_headquarters,
    ),
    project_door("projects:dossier", get=SEES_PROJECT),
    project_door("projects:dossier_add", get=FILES, post=FILES),
    piece_door("projects:dossier_file", get=SEES_PROJECT),
    piece_door("projects:dossier_thumbnail", get=SEES_PROJECT),
    piece_door("projects:dossier_version", get=FILES, post=FILES),
    piece_door("projects:dossier_withdraw", get=KEEPS, post=KEEPS),
)
