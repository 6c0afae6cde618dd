"""The calendar that a program reads at a secret address: what is in it, for whom, and when it answers no more."""

import datetime as dt
import logging
import uuid

import icalendar
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import Deadline, Visit
from projects.services import screening
from projects.services.submission import submit
from sr_portal.accounts import calendar_keys
from sr_portal.accounts.models import CalendarKey
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew, in_state
from tests.factories.implementation import visit as visit_of
from tests.factories.many import many_projects
from tests.factories.projects import complete_draft, fresh, region

pytestmark = pytest.mark.django_db
PAGE, RENEW, REVOKE = (f"accounts:calendar{part}" for part in ("", "_renew", "_revoke"))
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def address(token: str) -> str:
    return reverse("projects:calendar_feed", args=[token])


def read(token: str, **headers):
    return Client().get(address(token), headers=headers)


def events(token: str) -> dict[str, icalendar.Event]:
    answer = read(token)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert not calendar.errors and all(not event.errors for event in calendar.walk("VEVENT"))
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def submitted(**fields):
    project = complete_draft(**fields)
    return submit(project=project, user=project.author)


def press(client: Client, route: str, key: str = ""):
    return client.post(reverse(route), {"one_time_key": key or str(uuid.uuid4())}, follow=True)


# --- What is in it ---------------------------------------------------------------------------------------------------
def test_each_deadline_is_a_whole_day_with_a_link_and_a_reminder_at_nine_on_the_day_before():
    with clock.at(NOON):
        officer = user_with(Role.PROGRAMME_OFFICER)
        project = submitted(title="Forage; de « Gossi », à pompe\\manuelle " + "très long " * 12)
        deadline = project.deadlines.get(code="screening")
        event = events(calendar_keys.renew(officer))[f"screening-{project.pk}@testserver"]

    assert event.decoded("DTSTART") == deadline.due_on == dt.date(2026, 3, 12)
    assert event["DTSTART"].params["VALUE"] == "DATE" and event.decoded("DTEND") == dt.date(2026, 3, 13)
    assert str(event["SUMMARY"]) == f"Présélection – {project.title}"
    assert event["URL"] == f"http://testserver/projets/{project.pk}/"
    assert project.reference in event["DESCRIPTION"] and "Prendre la proposition en examen" in event["DESCRIPTION"]
    [alarm] = event.walk("VALARM")
    midnight = dt.datetime.combine(event.decoded("DTSTART"), dt.time())
    assert midnight + alarm.decoded("TRIGGER") == dt.datetime(2026, 3, 11, 9)
    assert str(alarm["ACTION"]) == "DISPLAY" and str(alarm["DESCRIPTION"]) == str(event["SUMMARY"])


def test_the_lines_of_the_file_are_as_the_standard_has_them():
    with clock.at(NOON):
        submitted(title="Réhabilitation du marché de Gao " * 5)
        content = read(calendar_keys.renew(user_with(Role.PROGRAMME_OFFICER))).content

    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR" and lines[-2:] == [b"END:VCALENDAR", b""]
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert b"VERSION:2.0" in lines and any(line.startswith(b"PRODID:") for line in lines)


def test_what_is_late_says_by_how_much_and_rings_no_more():
    with clock.at(NOON):
        officer, project = user_with(Role.PROGRAMME_OFFICER), submitted()
    with clock.at(NOON + dt.timedelta(days=13)):
        event = events(calendar_keys.renew(officer))[f"screening-{project.pk}@testserver"]

    assert str(event["SUMMARY"]).startswith("En retard\u00a0: Présélection")
    assert "3 jours de retard" in event["DESCRIPTION"] and not event.walk("VALARM")


def test_it_holds_what_is_asked_of_its_owner_on_a_day_and_nothing_else():
    crew = Crew()
    project = in_state("active", crew=crew)
    submitted(region=region("ML-8"))
    for user in (project.author, crew.officer, crew.payer, user_with(Role.AUDITOR)):
        asked = Deadline.objects.for_user(fresh(user)).exclude(due_on=None)
        expected = {f"{pk}@testserver" for pk in asked.values_list("pk", flat=True)}
        assert set(events(calendar_keys.renew(user))) == expected
    assert events(calendar_keys.renew(project.author))


def test_an_event_keeps_its_identity_when_its_day_moves_and_goes_when_it_is_done():
    project = in_state("active")
    visit = visit_of(project, project.author, "other", done=False)
    token, uid = calendar_keys.renew(project.author), f"visit-{project.pk}-{visit.pk}@testserver"
    before = events(token)[uid].decoded("DTSTART")
    Visit.objects.filter(pk=visit.pk).update(planned_on=before + dt.timedelta(days=3))
    moved = events(token)

    assert moved[uid].decoded("DTSTART") == before + dt.timedelta(days=3)
    Visit.objects.filter(pk=visit.pk).update(state="cancelled", cancelled_reason="Route coupée")
    assert set(events(token)) == set(moved) - {uid}


def test_it_speaks_the_language_of_its_owner_whatever_the_program_asks():
    with clock.at(NOON):
        officer = user_with(Role.PROGRAMME_OFFICER, language="en")
        project = submitted()
        token = calendar_keys.renew(officer)
        answer = read(token, accept_language="fr")
        event = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[0]

    assert str(event["SUMMARY"]) == f"Screening – {project.title}" and answer["Content-Language"] == "en"


# --- Its address ------------------------------------------------------------------------------------------------------
def test_the_address_is_shown_once_and_the_database_does_not_know_it(client):
    client.force_login(user := user_with(Role.PROPOSER))
    assert "Créer mon adresse" in client.get(reverse(PAGE)).content.decode()

    first = press(client, RENEW)
    shown = first.context["address"]
    assert read(shown.rsplit("/", 1)[1].removesuffix(".ics")).status_code == 200
    assert shown in first.content.decode() and "no-store" in first["Cache-Control"]
    again = client.get(reverse(PAGE))
    assert not again.context["address"] and "calendrier/" + shown.rsplit("/", 1)[1] not in again.content.decode()
    secret = shown.rsplit("/", 1)[1].removesuffix(".ics")
    assert CalendarKey.objects.get(user=user).digest == calendar_keys.digest_of(secret) != secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_calendarkeyevent e WHERE e::text LIKE %s", [f"%{secret}%"])
        assert cursor.fetchone() == (0,)


def test_on_its_way_to_the_page_the_address_is_unreadable_in_the_session(client):
    client.force_login(user_with(Role.PROPOSER))
    client.post(reverse(RENEW), {"one_time_key": str(uuid.uuid4())})
    kept = client.session[calendar_keys.SESSION_KEY]

    shown = client.get(reverse(PAGE)).context["address"]
    assert shown and shown.rsplit("/", 1)[1].removesuffix(".ics") not in kept


def test_a_new_address_closes_the_old_one_and_a_second_click_changes_nothing(client):
    client.force_login(user := user_with(Role.PROPOSER))
    old, key = calendar_keys.renew(user), str(uuid.uuid4())
    new = press(client, RENEW, key).context["address"]
    press(client, RENEW, key)

    assert read(old).status_code == 404
    assert client.get(new).status_code == 200


def test_a_revoked_an_unknown_and_a_closed_account_s_address_are_told_the_same(client):
    client.force_login(user := user_with(Role.PROPOSER))
    revoked = calendar_keys.renew(user)
    press(client, REVOKE)
    press(client, REVOKE)
    inactive = calendar_keys.renew(other := user_with(Role.PROPOSER))
    assert read(inactive).status_code == 200
    other.is_active = False
    other.save()

    answers = [read(token) for token in (revoked, "x" * 43, inactive, "é")]
    assert [answer.status_code for answer in answers] == [404] * 4
    # But for what is drawn anew for each page.
    assert len({answer.content.split(b"csrf")[0][:200] for answer in answers}) == 1


def test_the_address_opens_one_s_own_calendar_alone_and_a_role_taken_back_empties_it():
    with clock.at(NOON):
        project = submitted()
        officer, stranger = user_with(Role.PROGRAMME_OFFICER), user_with(Role.PROPOSER)
        token = calendar_keys.renew(officer)
        assert events(token) and events(calendar_keys.renew(stranger)) == {}
        screening.start_screening(project=project, user=fresh(officer))  # theirs by name from now on
        assert f"screening-{project.pk}@testserver" in events(token)
        officer.role_assignments.all().delete()
        assert events(token) == {}


def test_no_log_line_tells_the_secret(caplog):
    token = calendar_keys.renew(user_with(Role.PROPOSER))
    with caplog.at_level(logging.INFO, logger="portal.request"):
        read(token)
        read("y" * 43)

    told = [record.getMessage() for record in caplog.records if record.name == "portal.request"]
    assert len(told) == 2 and all("/calendrier/….ics" in line for line in told)
    assert not any(token in line or "yyy" in line for line in told)


def test_the_database_takes_a_digest_only_and_one_a_person():
    user = user_with()
    calendar_keys.renew(user)
    for other, digest, named in (
        (user_with(), "x" * 43, "calendar_key_is_digest"),
        (user, "0" * 64, "accounts_calendarkey_user_id_key"),
    ):
        with pytest.raises(IntegrityError, match=named), transaction.atomic():
            CalendarKey.objects.create(user=other, digest=digest)


def test_who_made_and_revoked_an_address_is_kept(client):
    client.force_login(user := user_with(Role.PROPOSER))
    for route in (RENEW, RENEW, REVOKE):
        press(client, route)

    kept = CalendarKey.pgh_event_model.objects.filter(user_id=user.pk).order_by("pgh_id")
    assert [event.pgh_label for event in kept] == ["insert", "update", "delete"]
    assert {event.pgh_context["user"] for event in kept} == {user.pk}


# --- What it costs ----------------------------------------------------------------------------------------------------
def test_the_same_file_is_not_sent_twice_and_changes_with_what_it_says():
    with clock.at(NOON):
        token = calendar_keys.renew(user_with(Role.PROGRAMME_OFFICER))
        submitted()
        first = read(token)
        again = read(token, if_none_match=first["ETag"])
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        submitted()
        assert read(token, if_none_match=first["ETag"]).status_code == 200
    assert "private" in first["Cache-Control"] and "no-cache" in first["Cache-Control"]
    with clock.at(NOON + dt.timedelta(days=1)):
        assert read(token, if_none_match=first["ETag"]).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_deadlines():
    token, counts = calendar_keys.renew(user_with(Role.PROGRAMME_OFFICER)), []
    for more in (3, 60):
        many_projects(more)
        with CaptureQueriesContext(connection) as queries:
            found = len(events(token))
        counts.append((found, len(queries)))
    assert counts[0][0] < counts[1][0] and counts[0][1] == counts[1][1] <= 4, counts
