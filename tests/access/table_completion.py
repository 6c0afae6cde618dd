"""The doors of the reception, the evaluation, the closures and the lessons learned."""

from projects.states import State

from .doors import Actors, Door, Who
from .people import OFFICERS, Actor
from .readers import IN_GAO, PROPOSERS, READS, WRITERS, project_door
from .readers import SEES_PROJECT as SEES

FOLLOWS: Actors = OFFICERS | {
    Actor.FINANCE, Actor.MANAGER, Actor.MANAGER_ELSEWHERE, Actor.SECTION_HEAD, Actor.AUDITOR,
}  # fmt: skip
READS_LESSONS: Actors = READS | PROPOSERS | OFFICERS | {
    Actor.MANAGER_ELSEWHERE, Actor.APPROVER_ELSEWHERE, Actor.SECRETARY_ELSEWHERE,
}  # fmt: skip
NOTES: Actors = WRITERS | IN_GAO | {Actor.MANAGER, Actor.SECTION_HEAD}
EVALUATES: Actors = IN_GAO | {Actor.MANAGER}

WITH_PAGE = ("active", "suspended", "completed", "closed", "cancelled")
OPEN = ("active", "suspended", "completed")


def in_states(states: tuple[str, ...], who: Actors) -> Who:
    return dict.fromkeys(states, who)


def page_door(route: str) -> Door:
    """The page is there from the works on; before, it does not exist for anybody."""
    return Door(
        route, get=in_states(WITH_PAGE, READS), sees=frozenset(), states=tuple(SEES),
        arguments=lambda world, state: {"pk": world.projects[State(state)].pk},
    )  # fmt: skip


def signed_door(route: str, *, get: Who, post: Who | None = None) -> Door:
    """Under the provisional record of the completed project, which is signed; `closed` is another world's state."""
    return Door(
        route, get=get, post=post, sees=READS,
        arguments=lambda world, _state: {"pk": world.projects[State.COMPLETED].pk, "kind": "provisoire"},
    )  # fmt: skip


COMPLETION = (
    Door("projects:closures", get=FOLLOWS),
    Door("projects:lessons", get=READS_LESSONS),
    page_door("projects:completion"),
    project_door(
        "projects:completion_handover", kind="definitive",
        get=in_states((*OPEN, "closed"), IN_GAO), post=in_states((*OPEN, "closed"), IN_GAO),
    ),
    signed_door("projects:completion_copy", get=READS),
    signed_door("projects:completion_copy_add", get=IN_GAO, post=IN_GAO),
    signed_door("projects:completion_copy_withdraw", get=IN_GAO, post=IN_GAO),
    project_door(
        "projects:completion_evaluation",
        get=in_states(("completed",), EVALUATES), post=in_states(("completed",), EVALUATES),
    ),
    project_door(
        "projects:completion_check",
        get=in_states(("completed", "closed"), EVALUATES), post=in_states(("completed", "closed"), EVALUATES),
    ),
    project_door(
        "projects:completion_lesson_add",
        get=in_states(("agreed", *WITH_PAGE), NOTES), post=in_states(("agreed", *WITH_PAGE), NOTES),
    ),
    Door(
        "projects:completion_lesson", get=IN_GAO | {Actor.AUTHOR}, post=IN_GAO | {Actor.AUTHOR}, sees=READS,
        arguments=lambda world, _state: {"pk": world.lesson.project_id, "lesson_pk": world.lesson.pk},
    ),
)  # fmt: skip
