"""The doors of a project's file: read with the project, written by its officer and, once granted, its writers."""

from projects.states import EDITABLE, ENDED, GRANTED, State

from .doors import NOBODY, Door, Who
from .readers import IN_GAO, SEES_PROJECT, STATES, WRITERS, project_door

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


DOSSIER = (
    # The projects of this world are QIPs, on which headquarters is never asked; who records it else is tested apart.
    project_door("projects:clearance", get=NOBODY, post=NOBODY),
    project_door("projects:dossier", get=SEES_PROJECT),
    project_door("projects:dossier_add", get=FILES, post=FILES),
    piece_door("projects:dossier_file", get=SEES_PROJECT),
    piece_door("projects:dossier_thumbnail", get=SEES_PROJECT),
    piece_door("projects:dossier_version", get=FILES, post=FILES),
    piece_door("projects:dossier_withdraw", get=KEEPS, post=KEEPS),
)
