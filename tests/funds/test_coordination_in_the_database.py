"""What PostgreSQL holds of groups, meetings, their decisions and partners' activities, rule by rule."""

import datetime as dt

import pytest

from funds.models import CoordinationGroup, Meeting, MeetingDecision, MeetingParticipant, PartnerActivity
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.activities import ActivityFactory
from tests.factories.coordination import decision, group, meeting
from tests.factories.funds import PartnerFactory
from tests.factories.plans import in_force
from tests.factories.projects import region
from tests.factories.refusals import refuses, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


def change(row, **columns):
    return lambda: type(row).objects.filter(pk=row.pk).update(**columns)


def test_a_group_has_one_name_and_a_theme_or_a_region():
    group(name="Eau de Gao")
    refuses("coordination_group_name_unique", lambda: group(name="EAU de gao"))
    refuses("coordination_group_of_theme_or_region", lambda: CoordinationGroup.objects.create(name="Rien"))


def test_a_meeting_is_held_with_its_minutes_or_cancelled_with_a_reason(head):
    held, off = meeting(by=head), meeting(by=head, state="cancelled")
    refuses("meeting_held_with_minutes", change(held, minutes=""))
    refuses("meeting_cancelled_with_reason", change(off, cancel_reason=""))
    refuses("Invalid transition", change(off, state="planned", cancel_reason=""))
    for row in (held, off):
        refuses("Cannot delete", lambda row=row: sql("DELETE FROM funds_meeting WHERE id = %s", row.pk))


def test_who_takes_part_is_somebody_once(head):
    held, partner = meeting(by=head), PartnerFactory()
    MeetingParticipant.objects.create(meeting=held, organisation=partner)
    refuses("meeting_participant_once", lambda: MeetingParticipant.objects.create(meeting=held, organisation=partner))
    refuses("meeting_participant_is_somebody", lambda: MeetingParticipant.objects.create(meeting=held))


def test_a_decision_has_a_number_an_owner_and_an_outcome_once_it_is_closed(head):
    given = decision(by=head)
    told = {"meeting": given.meeting, "text": "x", "due_on": given.due_on, "created_by": head}
    refuses("meeting_decision_number_once", lambda: MeetingDecision.objects.create(**told, number=1, owner=head))
    refuses("meeting_decision_has_an_owner", lambda: MeetingDecision.objects.create(**told, number=2))
    refuses("meeting_decision_closed_with_outcome", change(given, state="done", outcome=""))
    done = {"state": "done", "outcome": "Fait", "closed_by": head, "closed_at": clock.now()}
    change(given, **done)()
    back = {"state": "open", "outcome": "", "closed_by": None, "closed_at": None}
    refuses("Invalid transition", change(given, **back))
    refuses("Cannot delete", lambda: sql("DELETE FROM funds_meetingdecision WHERE id = %s", given.pk))
    assert Meeting.objects.get(pk=given.meeting_id).decisions.get().outcome == "Fait"


def test_a_meeting_is_not_moved_past_the_day_of_what_it_decided(head):
    given = decision(by=head)
    day = given.meeting.held_on + dt.timedelta(days=2)
    change(given, due_on=day)()
    refuses("decision_after_its_meeting", change(given.meeting, held_on=day + dt.timedelta(days=1)))
    change(given.meeting, held_on=day)()


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"ends_on": "2020-01-01"}, "activity_ends_after_start"),
        ({"amount": 5}, "activity_money_whole"),
        ({"currency": "EUR"}, "activity_money_whole"),
        ({"amount": 5, "currency": "usd", "amount_usd": 5}, "activity_money_whole"),
        ({"amount": 5, "currency": "USD", "amount_usd": 6}, "activity_usd_is_usd"),
        ({"latitude": 1}, "activity_point_whole"),
    ],
)
def test_the_row_of_an_activity_is_whole(wrong, name):
    refuses(name, lambda: ActivityFactory(**wrong))


def test_an_activity_is_known_once_and_serves_a_priority_in_force_in_its_region():
    partner = PartnerFactory()
    ActivityFactory(organisation=partner, external_id="ML-1")
    refuses("activity_known_once", lambda: ActivityFactory(organisation=partner, external_id="ML-1"))
    (priority,) = in_force("1000")
    elsewhere = ActivityFactory(region=region("ML-8"))
    refuses("priority_in_force: activity", change(elsewhere, priority=priority))
    here = ActivityFactory(region=region(), priority=priority)
    change(here, region=region("ML-8"))()
    assert PartnerActivity.objects.get(pk=here.pk).priority is None
