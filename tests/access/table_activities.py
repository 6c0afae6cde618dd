"""The doors of the partners' activities (4W)."""

from funds.models import PartnerActivity
from tests.factories.activities import ActivityFactory

from .doors import Actors, Door, Who
from .people import OFFICERS, SIGNED_IN, Actor
from .readers import IN_GAO
from .world import World

READS: Actors = SIGNED_IN - {Actor.NO_ROLE, Actor.PARTNER}
WRITES: Actors = OFFICERS | {Actor.MANAGER, Actor.MANAGER_ELSEWHERE, Actor.SECTION_HEAD}
WRITES_IN_GAO: Actors = IN_GAO | {Actor.MANAGER, Actor.SECTION_HEAD}


def _one(world: World, _state: str) -> dict[str, int]:
    """An activity in Gao, made when it is first asked for: what a door does is undone."""
    known = PartnerActivity.objects.first()
    head = world.people[Actor.SECTION_HEAD]
    return {
        "pk": (known or ActivityFactory(organisation=world.partner, region=world.partner.region, created_by=head)).pk
    }


def of_activity(route: str, *, get: Who, post: Who | None = None, enters: Actors = SIGNED_IN) -> Door:
    return Door(route, get=get, post=post, enters=enters, arguments=_one)


ACTIVITIES = (
    Door("funds:activities", get=READS),
    Door("funds:activities_map", get=READS),
    Door("funds:activities_csv", get=READS),
    Door("funds:activities_xlsx", get=READS),
    Door("funds:activities_points", get=READS),
    Door("funds:activity_create", get=WRITES, post=WRITES),
    of_activity("funds:activity", get=READS),
    of_activity("funds:activity_edit", get=WRITES_IN_GAO, post=WRITES_IN_GAO, enters=WRITES),
    of_activity("funds:activity_history", get=READS),
)
