"""The doors of the agreement and its amendments: all who read the project read them, the programme officers of the
region write them, the approving authority decides on the amendments."""

from projects.states import GRANTED, UNDER_AGREEMENT, State

from .doors import NOBODY, Actors, Door, Who
from .people import Actor
from .readers import IN_GAO, READS, SEES_PROJECT, STATES, always, only_in, project_door

READ: Who = only_in(*GRANTED, who=READS)
# The page of what can no longer be prepared, or not yet, says so to those who could else prepare it.
PREPARED: Who = always(IN_GAO, but={"draft": NOBODY})
SIGNED = tuple(state.value for state in (*sorted(UNDER_AGREEMENT), State.CLOSED))


def preparing(route: str) -> Door:
    return project_door(route, get=PREPARED, post=PREPARED)


def of_copy(route: str, *, get: Who, post: Who | None = None) -> Door:
    """A route of the signed copy of a project whose agreement is signed."""
    return Door(
        route, get=get, post=post, sees=SEES_PROJECT, states=SIGNED,
        arguments=lambda world, state: {
            "pk": world.projects[State(state)].pk,
            "copy_pk": world.projects[State(state)].agreement.copies.get().pk,
        },
    )  # fmt: skip


# No amendment before the signature; a project that can no longer be amended says so to those who else could.
AMENDED = tuple(state.value for state in sorted(GRANTED - {State.APPROVED}))
READ_AMENDMENTS: Who = only_in(*AMENDED, who=READS)
WRITE_AMENDMENTS: Who = only_in(*AMENDED, who=IN_GAO)
APPROVES: Actors = frozenset({Actor.APPROVER})
STEPS: dict[str, Actors] = {
    **dict.fromkeys(("submit", "recall", "withdraw"), IN_GAO),
    **dict.fromkeys(("approve", "refuse"), APPROVES),
}


def of_amendment(route: str, *, get: Who, post: Who | None = None, says: str = "", **more) -> Door:
    """A route of one amendment, knocked at while it is a draft and once it is submitted."""
    return Door(
        route, get=get, post=post, says=says, sees=READS, states=("draft", "submitted"),
        arguments=lambda world, state: {
            "pk": world.amendments[state].project_id, "number": world.amendments[state].number, **more
        },
    )  # fmt: skip


AGREEMENT = (
    # Before the approval there is no agreement for anybody.
    Door(
        "projects:agreement", get=READ, sees=NOBODY, states=STATES,
        arguments=lambda world, state: {"pk": world.projects[State(state)].pk},
    ),
    *(
        preparing(f"projects:{name}")
        for name in ("agreement_edit", "agreement_budget", "agreement_plan", "agreement_copy_add")
    ),
    project_door("projects:budget_shift", get=PREPARED, post=PREPARED),
    of_copy("projects:agreement_copy", get=READ),
    of_copy("projects:agreement_copy_withdraw", get=PREPARED, post=PREPARED),
    Door(
        "projects:amendments", get=READ_AMENDMENTS, sees=NOBODY, states=STATES,
        arguments=lambda world, state: {"pk": world.projects[State(state)].pk},
    ),
    Door(
        "projects:amendment_create", get=WRITE_AMENDMENTS, post=WRITE_AMENDMENTS, sees=READ_AMENDMENTS, states=STATES,
        arguments=lambda world, state: {"pk": world.projects[State(state)].pk},
    ),
    of_amendment("projects:amendment", get=READS),
    of_amendment("projects:amendment_edit", get=IN_GAO, post=IN_GAO),
    *(of_amendment("projects:amendment_step", says=name, name=name, get=who, post=who) for name, who in STEPS.items()),
)  # fmt: skip
