"""The doors of resource mobilisation: what stands behind one is made when it is knocked at, and undone with the rest."""

from sr_portal.accounts.roles import Role
from tests.factories import prospects as made
from tests.factories.accounts import user_with
from tests.factories.projects import region

from .doors import Actors, Door, Who
from .people import OFFICERS, SIGNED_IN, Actor
from .readers import PROPOSERS
from .world import World

READS: Actors = SIGNED_IN - PROPOSERS - {Actor.NO_ROLE, Actor.PARTNER}
HEAD: Actors = frozenset({Actor.SECTION_HEAD})
WRITERS: Actors = HEAD | OFFICERS
HERE: Actors = WRITERS - {Actor.OFFICER_ELSEWHERE}


def _prospect(_world: World, state: str) -> dict[str, int]:
    by, gao = user_with(Role.SECTION_HEAD), region("ML-7")
    return {"pk": (made.lost if state == "lost" else made.prospect)(by=by, region=gao).pk}


def door(
    route: str, get: Who | None = None, post: Who | None = None, *, enters: Actors = READS, state: str = ""
) -> Door:
    return Door(f"funds:{route}", get=get, post=post, enters=enters, states=(state,), arguments=_prospect)


MOBILISATION = (
    *(Door(f"funds:{route}", get=READS) for route in ("prospect_board", "prospects", "prospects_csv", "prospects_xlsx")),
    Door("funds:prospect_create", get=WRITERS, post=WRITERS),
    door("prospect", READS),
    door("prospect_history", READS),
    *(
        door(f"prospect_{step}", HERE, HERE, enters=WRITERS)
        for step in ("edit", "contact", "lose")
    ),
    door("prospect_move", post=HERE, enters=WRITERS),
    door("prospect_win", HEAD, HEAD, enters=HEAD),
    door("prospect_reopen", HERE, HERE, enters=WRITERS, state="lost"),
)  # fmt: skip
