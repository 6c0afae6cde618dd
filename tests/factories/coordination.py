"""Groups, meetings and decisions for tests, made by the real services where they have rules."""

import datetime as dt

from funds.models import CoordinationGroup, Meeting, MeetingDecision, MeetingState
from funds.services import coordination
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.projects import region


def group(code: str | None = "ML-7", name: str = "", **fields) -> CoordinationGroup:
    """The group of Gao, of another region, or (None) a thematic one."""
    place = region(code) if code else None
    count = CoordinationGroup.objects.count()
    values = {"theme": "" if place else "Gouvernance", **fields}
    return CoordinationGroup.objects.create(name=name or f"Groupe n° {count}", region=place, **values)


def meeting(of: CoordinationGroup | None = None, state: str = "held", *, by: User | None = None, **fields) -> Meeting:
    by = by or user_with(Role.SECTION_HEAD)
    values = {
        "group": of or group(), "title": "Coordination des partenaires", "held_on": clock.today() - dt.timedelta(days=10),
        "starts_at": None, "place": "Gao", "agenda": "Tour de table\n- Eau\n", **fields,
    }  # fmt: skip
    made = coordination.plan_meeting(by=by, values=values)
    if state == MeetingState.HELD:
        return coordination.write_minutes(by=by, meeting=made, text="Les partenaires s’accordent.", upload=None, seen=1)
    if state == MeetingState.CANCELLED:
        return coordination.cancel_meeting(by=by, meeting=made, reason="Piste coupée")
    return made


def decision(of: Meeting | None = None, *, by: User | None = None, **fields) -> MeetingDecision:
    by = by or user_with(Role.SECTION_HEAD)
    values = {
        "text": "Partager la carte des forages", "owner": by, "organisation": None,
        "due_on": clock.today() + dt.timedelta(days=20), **fields,
    }  # fmt: skip
    return coordination.add_decision(by=by, meeting=of or meeting(by=by), values=values)
