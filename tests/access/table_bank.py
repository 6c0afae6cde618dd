"""The doors of the partners' bank details."""

from .doors import Actors, Door, Who
from .people import OFFICERS, SIGNED_IN, Actor

ENTERS: Actors = frozenset({Actor.AUTHOR, Actor.COAUTHOR, Actor.PROPOSER, Actor.SCREENER, Actor.OFFICER})
READS: Actors = frozenset({Actor.FINANCE, Actor.AUDITOR})
VERIFIES: Actors = frozenset({Actor.FINANCE})
READS_PARTNERS: Actors = SIGNED_IN - {Actor.NO_ROLE, Actor.PARTNER}
STATES = ("to_verify", "verified")


def account_door(route: str, *, get: Who, post: Who | None = None) -> Door:
    """A route of one account, knocked at while it waits and once it is verified."""
    return Door(
        route, get=get, post=post, states=STATES,
        arguments=lambda world, state: {
            "pk": world.bank_accounts[state].organisation_id, "account_pk": world.bank_accounts[state].pk
        },
    )  # fmt: skip


def of_partner(route: str, *, get: Who, post: Who | None = None, enters: Actors = SIGNED_IN) -> Door:
    return Door(
        route, get=get, post=post, enters=enters,
        arguments=lambda world, _state: {"pk": world.bank_accounts["to_verify"].organisation_id},
    )  # fmt: skip


BANK = (
    of_partner("funds:bank_accounts", get=READS_PARTNERS),
    of_partner("funds:bank_enter", get=ENTERS, post=ENTERS, enters=ENTERS | OFFICERS),
    account_door("funds:bank_read", get=READS, post=READS),
    account_door("funds:bank_proof", get=READS),
    account_door("funds:bank_verify", get=VERIFIES, post=VERIFIES),
    account_door("funds:bank_retire", get=VERIFIES, post=VERIFIES),
    Door("funds:bank_readings", get=READS),
    Door("funds:bank_waiting", get=VERIFIES),
)
