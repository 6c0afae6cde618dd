"""The doors of calendars: one's own page, and the address that programs read without a session."""

from sr_portal.accounts import calendar_keys

from .doors import NOBODY, Door, Outcome
from .people import EVERYBODY, SIGNED_IN, Actor
from .world import World


def of_finance(world: World, _state: str) -> dict[str, str]:
    return {"token": calendar_keys.renew(world.people[Actor.FINANCE])}


CALENDAR = (
    Door("accounts:calendar", get=SIGNED_IN),
    Door("accounts:calendar_renew", post=SIGNED_IN),
    Door("accounts:calendar_revoke", post=SIGNED_IN),
    Door("projects:calendar_feed", get=EVERYBODY, arguments=of_finance),
    Door(
        "projects:calendar_feed", says="unknown", get=NOBODY, otherwise=Outcome.NOT_FOUND,
        arguments=lambda _world, _state: {"token": "x" * 43},
    ),
)  # fmt: skip
