"""The doors of coordination: groups, their meetings, and the decisions that these leave.

What stands behind a door is made when it is knocked at, and undone with everything else.
"""

from django.core.files.uploadedfile import SimpleUploadedFile

from funds.services import coordination
from tests.documents.files import jpeg
from tests.factories import coordination as made

from .doors import Actors, Door, Who
from .people import OFFICERS, SIGNED_IN, Actor
from .world import World

READS: Actors = SIGNED_IN - {Actor.NO_ROLE, Actor.PARTNER}
HERE: Actors = frozenset({Actor.SCREENER, Actor.OFFICER, Actor.MANAGER, Actor.SECTION_HEAD})
WRITERS: Actors = HERE | OFFICERS | {Actor.MANAGER_ELSEWHERE}
STATES = ("planned", "held", "cancelled")


def _meeting(world: World, state: str):
    return made.meeting(made.group("ML-7"), state or "held", by=world.people[Actor.SECTION_HEAD])


def _with_file(world: World):
    head, meeting = world.people[Actor.SECTION_HEAD], _meeting(world, "held")
    upload = SimpleUploadedFile("Compte rendu.jpg", jpeg())
    return coordination.write_minutes(
        by=head, meeting=meeting, text="Tout est dit.", upload=upload, seen=meeting.version
    )


def _decision(world: World):
    return made.decision(_meeting(world, "held"), by=world.people[Actor.SECTION_HEAD], owner=world.people[Actor.MEMBER])


def _participant(world: World) -> dict[str, int]:
    meeting = _meeting(world, "held")
    return {"pk": meeting.pk, "participant_pk": meeting.participants.create(name="Awa").pk}


def meeting_door(route: str, *, get: Who, post: Who | None = None, states: tuple[str, ...] = STATES) -> Door:
    enters = READS if get == READS else WRITERS
    return Door(
        route, get=get, post=post, enters=enters, states=states,
        arguments=lambda world, state: {"pk": _meeting(world, state).pk},
    )  # fmt: skip


COORDINATION = (
    Door("funds:meetings", get=READS),
    Door("funds:meeting_create", get=WRITERS, post=WRITERS),
    meeting_door("funds:meeting", get=READS),
    meeting_door("funds:meeting_history", get=READS, states=("held",)),
    meeting_door("funds:meeting_pdf", get=READS, states=("planned", "held")),
    Door("funds:meeting_document", get=READS, enters=READS, arguments=lambda world, _state: {"pk": _with_file(world).pk}),
    *(
        meeting_door(f"funds:{route}", get=HERE, post=HERE)
        for route in ("meeting_edit", "meeting_cancel", "meeting_minutes_edit", "meeting_participants", "decision_create")
    ),
    Door("funds:meeting_participant_remove", post=HERE, enters=WRITERS, arguments=lambda world, _state: _participant(world)),
    Door("funds:decisions", get=READS),
    Door("funds:decision_edit", get=HERE, post=HERE, enters=WRITERS, arguments=lambda world, _state: {"pk": _decision(world).pk}),
    Door(
        "funds:decision_close", get=HERE | {Actor.MEMBER}, post=HERE | {Actor.MEMBER}, enters=READS,
        arguments=lambda world, _state: {"pk": _decision(world).pk},
    ),
    Door("funds:meeting_groups", get=READS),
    Door("funds:meeting_group_create", get=WRITERS, post=WRITERS),
    Door("funds:meeting_group_edit", get=HERE, post=HERE, enters=WRITERS, arguments=lambda _world, _state: {"pk": made.group("ML-7").pk}),
    Door("funds:meeting_group_history", get=READS, arguments=lambda _world, _state: {"pk": made.group("ML-7").pk}),
)  # fmt: skip
