"""`manage.py run_due`: before, on and after the day, then to the next role; gathered once a day; twice is once."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from projects.models import Deadline
from projects.services import screening
from projects.services.submission import submit
from sr_portal.accounts.roles import Role
from sr_portal.notices.kinds import Kind
from sr_portal.notices.models import Mail, MailPreference
from sr_portal.notices.silence import silence
from sr_portal.web import clock
from tests.access.world import contents
from tests.factories.accounts import user_with
from tests.factories.projects import complete_draft, region

from .smtp import mail_server, work

DAY = dt.timedelta(days=1)
SUBMITTED = dt.date(2026, 3, 2)  # a Monday; screening is due ten days later
DUE = dt.date(2026, 3, 12)
TABLES = ("notices_mail", "django_tasks_database_dbtaskresult", "notices_mailpreference", "projects_deadline")


@contextmanager
def on(day: dt.date, hour: int = 8) -> Iterator[None]:
    with clock.at(dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)):
        yield


def run_due(day: dt.date, hour: int = 8) -> None:
    with on(day, hour):
        call_command("run_due", verbosity=0)


def submitted(**fields):
    with on(SUBMITTED), silence():
        project = complete_draft(**fields)
        return submit(project=project, user=project.author)


def told(user) -> list[str]:
    """The stages of the screening of which somebody was told, in order."""
    keys = Mail.objects.filter(recipient=user, key__startswith="due:screening").order_by("created_at")
    return [key.rsplit(":", 1)[1] for key in keys.values_list("key", flat=True)]


@pytest.fixture
def officer(db):
    return user_with(Role.PROGRAMME_OFFICER, region=region())


@pytest.fixture
def head(db):
    return user_with(Role.SECTION_HEAD)


# --- Who, and when ---------------------------------------------------------------------------------------------------
def test_a_screening_is_recalled_before_on_and_after_its_day_then_told_to_the_next_role(officer, head):
    elsewhere, project = user_with(Role.PROGRAMME_OFFICER, region=region("ML-8")), submitted()
    day, seen = SUBMITTED, {}
    while day <= DUE + 20 * DAY:
        run_due(day)
        seen[day] = (len(told(officer)), len(told(head)))
        day += DAY

    assert told(officer) == ["before", "day", "late-0", "late-1", "late-2"]
    assert seen[DUE - 6 * DAY] == (0, 0) and seen[DUE - 5 * DAY] == (1, 0), "half of its ten days"
    assert seen[DUE] == (2, 0) and seen[DUE + DAY] == (3, 0) and seen[DUE + 8 * DAY] == (4, 0 + 1)
    assert seen[DUE + 3 * DAY] == (3, 0) and seen[DUE + 4 * DAY] == (3, 1)
    assert told(head) == ["to-section_head"]
    assert not Mail.objects.filter(recipient__in=[elsewhere, project.author], key__startswith="due:screening").exists()
    kinds = Mail.objects.filter(key__startswith="due:screening").order_by("created_at").values_list("kind", flat=True)
    assert list(kinds) == ["reminder", "reminder", "late", "escalation", "late", "late"]


def test_once_somebody_took_it_up_it_is_theirs_alone(officer):
    other, project = user_with(Role.PROGRAMME_OFFICER), submitted()
    with on(SUBMITTED + DAY), silence():
        screening.start_screening(project=project, user=officer)
    run_due(DUE)

    assert (told(officer), told(other)) == (["day"], [])


def test_days_on_which_nothing_ran_are_caught_up_by_the_last_stage_only(officer):
    submitted()
    run_due(DUE + 9 * DAY)
    assert told(officer) == ["late-1"]


def test_another_day_is_told_of_anew(officer):
    project = submitted()
    run_due(DUE)
    Deadline.objects.filter(project=project, code="screening").update(due_on=DUE + 3 * DAY)
    run_due(DUE + 3 * DAY)
    assert told(officer) == ["day", "day"]


def test_before_the_hour_of_mail_nothing_is_told(officer):
    submitted()
    run_due(DUE, hour=5)
    assert not Mail.objects.exists()


# --- One mail a day --------------------------------------------------------------------------------------------------
def test_what_may_wait_comes_in_one_mail_a_day_to_a_real_server(officer, settings):
    settings.PORTAL_URL = "https://portail.example/"
    first, second = submitted(), submitted()
    with mail_server() as desk:
        run_due(DUE)
        with on(DUE):
            work()
        run_due(DUE, hour=17)
        with on(DUE, 17):
            work()

    (mail,) = [mail for mail in desk.taken if mail["To"] == officer.email]
    text = mail.get_body(("plain",)).get_content()
    assert str(mail["Subject"]).strip() == "[Portail S&R] Récapitulatif du 12 mars 2026 : 2 points"
    assert first.reference in text and second.reference in text and "ÉCHÉANCES QUI APPROCHENT" in text
    assert f"https://portail.example/projets/{first.pk}/" in text
    assert "Échéance aujourd’hui : Présélection" in text
    digest = Mail.objects.get(kind=Kind.DIGEST, recipient=officer)
    assert digest.status == "sent" and set(digest.gathered.values_list("status", flat=True)) == {"gathered"}


def test_what_comes_after_the_day_s_digest_waits_for_the_next(officer):
    submitted()
    run_due(DUE)
    late = submitted()
    Deadline.objects.filter(project=late, code="screening").update(due_on=DUE)
    run_due(DUE, hour=12)
    assert Mail.objects.filter(kind=Kind.DIGEST, recipient=officer).count() == 1
    assert Mail.objects.filter(recipient=officer, status="held").count() == 1
    run_due(DUE + DAY)
    assert not Mail.objects.filter(recipient=officer, status="held").exists()


def test_a_weekly_digest_comes_on_monday_and_at_once_means_at_once(officer):
    eager = user_with(Role.PROGRAMME_OFFICER)
    MailPreference.objects.create(user=officer, kind=Kind.REMINDER, way="weekly")
    MailPreference.objects.create(user=eager, kind=Kind.REMINDER, way="now")
    submitted()
    run_due(DUE)  # a Thursday
    assert Mail.objects.get(recipient=eager).status == "queued"
    held = Mail.objects.get(recipient=officer)
    assert (held.status, held.waits_until) == ("held", dt.date(2026, 3, 16))
    for day in range(1, 5):
        run_due(DUE + day * DAY)
        held.refresh_from_db()
        assert (held.status == "gathered") == (day == 4)


def test_who_refused_reminders_still_hears_of_what_is_escalated(head):
    MailPreference.objects.bulk_create(
        MailPreference(user=head, kind=kind, way="never") for kind in (Kind.TURN, Kind.REMINDER, Kind.LATE)
    )
    submitted()
    run_due(DUE + 5 * DAY)
    assert told(head) == ["to-section_head"]


# --- Twice is once ---------------------------------------------------------------------------------------------------
def test_a_second_run_changes_nothing_at_all(officer, head):
    submitted()
    for day in (DUE - DAY, DUE, DUE + 5 * DAY):
        run_due(day)
        Mail.objects.filter(status="queued").update(status="sent", sent_at=clock.now())
        before = contents(TABLES)
        run_due(day)
        run_due(day, hour=9)
        assert contents(TABLES) == before
    assert Mail.objects.count() >= 6


def test_two_runs_at_once_are_one(own_database):
    officer = user_with(Role.PROGRAMME_OFFICER)
    for _ in range(3):
        submitted()
    start, errors = threading.Barrier(4), []

    def run() -> None:
        start.wait()
        try:
            run_due(DUE)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    runs = [threading.Thread(target=run) for _ in range(4)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()

    assert errors == []
    assert Mail.objects.filter(recipient=officer).exclude(kind=Kind.DIGEST).count() == 3
    assert Mail.objects.filter(kind=Kind.DIGEST).count() == DBTaskResult.objects.count() == 1


def test_a_mail_whose_worker_was_killed_leaves_after_all(officer):
    with on(DUE):
        project = complete_draft()
        submit(project=project, user=project.author)
    DBTaskResult.objects.update(status="RUNNING")  # and its worker is gone
    with mail_server() as desk:
        run_due(DUE, hour=10)
        with on(DUE, 10):
            work()
        run_due(DUE, hour=13)
        with on(DUE, 13):
            work()
    assert Mail.objects.get(recipient=officer, kind=Kind.TURN).status == "sent"
    assert len([mail for mail in desk.taken if mail["To"] == officer.email]) == 1


def test_the_number_of_queries_does_not_grow_with_what_was_told_already(officer, head):
    """Two for each person asked (roles, then what is theirs), and those of a day on which nothing is left to tell:
    deadlines, decisions of meetings, reports to donors, prospects, ends of exclusions, digests, mail that waits, the
    fold of the summaries, and what is forgotten."""
    author = user_with(Role.PROPOSER)

    def cost(projects: int) -> int:
        for _ in range(projects):
            submitted(author=author)
        run_due(DUE + 5 * DAY)
        told_already = Mail.objects.count()
        with CaptureQueriesContext(connection) as queries:
            run_due(DUE + 5 * DAY)
        assert Mail.objects.count() == told_already
        return len(queries)

    few = cost(1)
    told_of_few = Mail.objects.count()
    assert cost(9) == few <= 34 and Mail.objects.count() > 5 * told_of_few
