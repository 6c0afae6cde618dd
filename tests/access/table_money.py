"""The doors of the money of a project: read by all who read it, each step by its role (domain guide §2, §7)."""

from projects.states import GRANTED, State

from .doors import NOBODY, Actors, Door, Who
from .people import OFFICERS, Actor
from .readers import IN_GAO, READS, WRITERS, only_in

FINANCE: Actors = frozenset({Actor.FINANCE})
AUTHORITY: Actors = FINANCE | {Actor.APPROVER}
WITH_MONEY = GRANTED - {State.APPROVED}
WITH_PLAN = WITH_MONEY - {State.CANCELLED}  # the world's cancelled project never had an agreement
STATES = tuple(state.value for state in State)
READS_MONEY: Who = only_in(*WITH_MONEY, who=READS)
READS_PLAN: Who = only_in(*WITH_PLAN, who=READS)
DUE: Actors = OFFICERS | FINANCE | {
    Actor.APPROVER, Actor.APPROVER_ELSEWHERE, Actor.MANAGER, Actor.MANAGER_ELSEWHERE, Actor.SECTION_HEAD, Actor.AUDITOR,
}  # fmt: skip


def of_project(route: str, *, get: Who, post: Who | None = None) -> Door:
    """Before any money there is no such page for anybody."""
    return Door(
        route, get=get, post=post, sees=READS_MONEY, states=STATES,
        arguments=lambda world, state: {"pk": world.projects[State(state)].pk},
    )  # fmt: skip


def of_instalment(name: str, who: Actors) -> Door:
    """A step of the first instalment. In a state from which it does not start, its page says so to its role."""
    allowed = only_in(*WITH_PLAN, who=who)
    return Door(
        f"projects:instalment_{name}", get=allowed, post=allowed, sees=READS_PLAN, states=STATES,
        arguments=lambda world, state: {"pk": world.projects[State(state)].pk, "position": 1},
    )  # fmt: skip


def of_closed(route: str, argument: str, find, *, get: Who, post: Who | None = None) -> Door:
    """A page of a record of the closed project, the only one of the world that was paid."""
    return Door(
        route, get=get, post=post, sees=READS, states=(State.CLOSED.value,),
        arguments=lambda world, _state: {
            "pk": world.projects[State.CLOSED].pk, argument: find(world.projects[State.CLOSED].instalments.first()).pk,
        },
    )  # fmt: skip


def of_payment(route: str, **who: Who) -> Door:
    return of_closed(f"projects:{route}", "payment_pk", lambda instalment: instalment.payments.first(), **who)


def of_receipt(route: str, **who: Who) -> Door:
    return of_closed(f"projects:{route}", "receipt_pk", lambda instalment: instalment.receipts.first(), **who)


def missing_document(route: str) -> Door:
    """No document of the kind was joined: the address does not exist, for anybody."""
    return Door(
        f"projects:{route}", get=NOBODY, sees=NOBODY, states=(State.CLOSED.value,),
        arguments=lambda world, _state: {
            "pk": world.projects[State.CLOSED].pk,
            "payment_pk": world.projects[State.CLOSED].instalments.first().payments.first().pk,
        },
    )  # fmt: skip


KEEPERS: Actors = WRITERS | IN_GAO

MONEY = (
    Door("projects:payments_due", get=DUE, enters=DUE),
    of_project("projects:money", get=READS_MONEY),
    of_instalment("request", IN_GAO),
    of_instalment("authorise", AUTHORITY),
    of_instalment("pay", FINANCE),
    of_instalment("settle", FINANCE),
    of_instalment("send_back", AUTHORITY | IN_GAO),
    of_instalment("refund", FINANCE),
    of_payment("payment", get=READS),
    of_payment("payment_reverse", get=FINANCE, post=FINANCE),
    of_payment("payment_signed_receipt", get=FINANCE | KEEPERS, post=FINANCE | KEEPERS),
    missing_document("payment_proof"),
    missing_document("payment_receipt_file"),
    of_project("projects:receipts", get=READS_MONEY),
    of_project("projects:receipt_enter", get=only_in(*WITH_MONEY, who=KEEPERS), post=only_in(*WITH_MONEY, who=KEEPERS)),
    of_receipt("receipt", get=READS, post=FINANCE),
    of_receipt("receipt_document", get=READS),
)
