"""Who reads and writes a project in the table of doors, and how a door under /projets/<pk>/ is declared."""

from projects.states import State

from .doors import Actors, Door, Who
from .people import ELSEWHERE, SIGNED_IN, Actor
from .world import ROAD


def only_in(*states: State | str, who: Actors) -> Who:
    return {str(state): who for state in states}


WRITERS: Actors = frozenset({Actor.AUTHOR, Actor.COAUTHOR})
WITHOUT_PROJECTS: Actors = frozenset({Actor.ANONYMOUS, Actor.NO_ROLE, Actor.PARTNER, Actor.ADMINISTRATOR})
READS_DRAFTS: Actors = WRITERS | {Actor.MANAGER, Actor.SECTION_HEAD, Actor.AUDITOR}
READS: Actors = SIGNED_IN - WITHOUT_PROJECTS - ELSEWHERE
STATES = tuple(state.value for state in ROAD)
SEES_PROJECT: Who = {state: READS_DRAFTS if state == State.DRAFT else READS for state in STATES}

PROPOSERS: Actors = WRITERS | {Actor.PROPOSER}
SECRETARY: Actors = frozenset({Actor.SECRETARY})
IN_GAO: Actors = frozenset({Actor.SCREENER, Actor.OFFICER})
WRITING: Who = only_in(State.DRAFT, State.RETURNED, who=WRITERS)


def project_door(route: str, *, says: str = "", get: Who | None = None, post: Who | None = None, **arguments) -> Door:
    """A route under /projets/<pk>/, knocked at in every state."""
    return Door(
        route, get=get, post=post, sees=SEES_PROJECT, states=STATES, says=says,
        arguments=lambda world, state: {"pk": world.projects[State(state)].pk} | arguments,
    )  # fmt: skip


def always(who: Actors, *, but: Who | None = None) -> Who:
    """The same people in every state, except for the states that `but` names."""
    return dict.fromkeys(STATES, who) | dict(but or {})
