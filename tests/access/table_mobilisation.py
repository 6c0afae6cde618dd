"""The doors of resource mobilisation: what stands behind one is made when it is knocked at, and undone with the rest."""

from sr_portal.accounts.roles import Role
from tests.factories import notes
from tests.factories import prospects as made
from tests.factories.accounts import user_with
from tests.factories.projects import region

from .doors import NOBODY, Actors, Door, Who
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


STAFF: Actors = SIGNED_IN - {Actor.NO_ROLE, Actor.PARTNER}


def note_door(
    route: str, get: Who | None = None, post: Who | None = None, *, enters: Actors = STAFF, state: str = "draft", **more
) -> Door:
    def arguments(_world: World, stands: str) -> dict:
        return {"pk": notes.note(stands).pk, **more}

    return Door(
        route, get=get, post=post, enters=enters, states=(state,), arguments=arguments, says=" ".join(more.values())
    )


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
    Door("funds:concept_notes", get=STAFF),
    Door("funds:concept_note_create", get=WRITERS, post=WRITERS),
    *(note_door(f"funds:{route}", STAFF) for route in ("concept_note", "concept_note_pdf", "concept_note_history")),
    *(
        note_door("funds:concept_note_edit", HERE, HERE, enters=WRITERS, section=section)
        for section in ("essentials", "budget")
    ),
    note_door("funds:concept_note_share", HERE, HERE, enters=WRITERS),
    note_door("funds:concept_note_answer", HERE, HERE, enters=WRITERS, state="shared"),
    note_door("funds:concept_note_rework", HERE, HERE, enters=WRITERS, state="shared"),
    Door("projects:gaps", get=READS),
    Door("projects:gaps_csv", get=READS),
    note_door("projects:create_from_note", PROPOSERS, PROPOSERS, enters=PROPOSERS, state="accepted"),
    Door("projects:project_of_note", get=NOBODY, enters=STAFF, sees=NOBODY, arguments=lambda _world, _state: {"pk": notes.note("accepted").pk}),
)  # fmt: skip
