"""Every deadline of the domain guide (§4, §7, §8), from the project's own dates, as the calendar says it."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from funds.models import Mechanism
from funds.rules import add_months
from projects.checklist import CHECKLIST
from projects.deadlines import view
from projects.models import Deadline, Project, ReportKind, Standing, SustainabilityCheck, Visit
from projects.services import committee as committees
from projects.services import decisions, screening
from projects.services import implementation as steps
from projects.services.steps import withdraw
from projects.services.submission import submit
from projects.states import State
from sr_portal.web import clock
from tests.factories import implementation as life
from tests.factories.funds import PartnerFactory, envelope_of
from tests.factories.projects import DraftFactory, admitted, cast, complete_draft, fresh, in_session, judged

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@contextmanager
def on(day: dt.date, hour: int = 12) -> Iterator[None]:
    with clock.at(dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)):
        yield


def deadlines(project: Project) -> dict[str, Deadline]:
    return {deadline.code: deadline for deadline in project.deadlines.all()}


def days(project: Project) -> dict[str, tuple[dt.date | None, dt.date | None]]:
    """Code → (due, done) of what is dated, but the visits that the signature plans."""
    return {code: (d.due_on, d.done_on) for code, d in deadlines(project).items() if d.due_on and code != "visit"}


def drift() -> list[tuple]:
    """Rows in which what is kept differs from what the view computes."""
    columns = ", ".join(view.COLUMNS)
    with connection.cursor() as cursor:
        kept, computed = f"SELECT {columns} FROM projects_deadline", f"SELECT {columns} FROM {view.NAME}"
        cursor.execute(f"({kept} EXCEPT {computed}) UNION ALL ({computed} EXCEPT {kept})")
        return cursor.fetchall()


# --- A whole life, against the calendar --------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(3))
def test_a_whole_life_has_the_days_that_the_guide_counts(seed):
    """Screening 10, review 21, decision 7, agreement 14, start 14, first visit 45, final report 30, closure 60 days;
    sustainability 6 months: counted here by the calendar alone, after gaps drawn at random."""
    gap = random.Random(seed).randrange
    mechanism = Mechanism.objects.get(code="QIP")
    Mechanism.objects.filter(code="QIP").update(screening_days=10 + seed)
    today = dt.date(2026, 2, 25)
    people, crew, expected = cast(), life.Crew(), {}
    with on(today):
        envelope_of("1000000")
        project = complete_draft()
        submit(project=project, user=project.author)
    submitted = today
    with on(today := today + gap(40) * DAY):
        screening.start_screening(project=project, user=people.officer)
        answers = {item.code: ("yes", "") for item in CHECKLIST}
        screening.answer_checklist(project=project, user=people.officer, answers=answers)
        assert days(project)["screening"] == (submitted + (10 + seed) * DAY, None)
        screening.admit(project=project, user=people.officer)
    expected["screening"] = (submitted + (10 + seed) * DAY, today)
    expected["review"] = (today + 21 * DAY, None)
    assert days(project)["review"] == expected["review"]
    with on(today := today + gap(40) * DAY):
        project.refresh_from_db()
        judged(people, in_session(people, project))
    expected["review"] = (expected["review"][0], today)
    expected["decision"] = (today + 7 * DAY, None)
    assert days(project)["decision"] == expected["decision"]
    with on(today := today + gap(20) * DAY):
        project.partner.vetted_on = today
        project.partner.save()
        project.refresh_from_db()
        decisions.approve(project=project, user=fresh(people.approver))
    expected["decision"] = (expected["decision"][0], today)
    expected["whole_road"] = (submitted + 42 * DAY, today)
    expected["agreement"] = (today + 14 * DAY, None)
    assert days(project) == expected
    with on(today := today + gap(30) * DAY):
        starts_on = today + gap(20) * DAY
        project = life.sign(Project.objects.get(pk=project.pk), crew, starts_on=starts_on)
    expected["agreement"] = (expected["agreement"][0], today)
    expected["start"] = (today + 14 * DAY, None)
    ends_on = add_months(starts_on, project.duration_months)
    expected |= {
        "end_of_works": (ends_on, None),
        "final_report": (ends_on + 30 * DAY, None),
        "closure": (ends_on + 60 * DAY, None),
        "sustainability": (add_months(ends_on, 6), None),
    }
    assert days(project) == expected
    assert deadlines(project)["closure"].standing(today) is Standing.FORESEEN
    with on(today := today + gap(30) * DAY):
        life.start(project, crew)
    expected["start"] = (expected["start"][0], today)
    expected["first_visit"] = (today + mechanism.first_visit_days * DAY, None)
    assert days(project) == expected
    with on(today := today + gap(60) * DAY):
        life.visit(project, crew.officer)
        life.pay(life.instalment_of(project), crew)
    expected["first_visit"] = (expected["first_visit"][0], today)
    assert days(project) == expected
    with on(today := today + gap(90) * DAY):
        life.complete(Project.objects.get(pk=project.pk), crew)
    completed = today
    expected |= {
        "end_of_works": (ends_on, today),
        "final_report": (completed + 30 * DAY, None),
        "closure": (completed + 60 * DAY, None),
        "sustainability": (add_months(completed, 6), None),
    }
    assert days(project) == expected
    with on(today := today + gap(40) * DAY):
        life.justify(life.instalment_of(project), crew)
        life.report(project, crew)
        life.close(Project.objects.get(pk=project.pk), crew)
    expected["final_report"] = (expected["final_report"][0], today)
    expected["closure"] = (expected["closure"][0], today)
    assert days(project) == expected
    with on(today := today + 200 * DAY):
        SustainabilityCheck.objects.create(
            project=project, checked_on=today, in_use="fully", findings="En service.", checked_by=crew.officer
        )
    expected["sustainability"] = (expected["sustainability"][0], today)
    assert days(project) == expected
    assert drift() == []


# --- The road --------------------------------------------------------------------------------------------------------
def test_taking_a_proposal_up_gives_no_more_time_and_a_new_submission_does():
    people = cast()
    with on(dt.date(2026, 3, 2)):
        project = complete_draft()
        submit(project=project, user=project.author)
    with on(dt.date(2026, 3, 9)):
        screening.start_screening(project=project, user=people.officer)
    screening_due = deadlines(project)["screening"]
    assert (screening_due.due_on, screening_due.person, screening_due.turn) == (
        dt.date(2026, 3, 12), people.officer, "screen",
    )  # fmt: skip
    with on(dt.date(2026, 3, 10)):
        screening.send_back(project=project, user=people.officer, reasons={"budget": "Joignez un devis."})
    assert deadlines(project)["screening"].standing() is Standing.DONE
    assert deadlines(project)["proposal"].turn == "mend"
    with on(dt.date(2026, 3, 30)):
        submit(project=project, user=project.author)
    again = deadlines(project)
    assert again["screening"].due_on == dt.date(2026, 4, 9)
    assert again["whole_road"].due_on == dt.date(2026, 4, 13), "six weeks from the first submission"
    assert "proposal" not in again


def test_a_step_late_in_the_evening_counts_from_the_mission_s_day(settings):
    """Bamako has the time of UTC; in a mission east of it the day of the same instant is the next one."""
    from sr_portal.web import mission_day

    settings.TIME_ZONE = "Africa/Khartoum"  # UTC+2
    timezone.get_default_timezone.cache_clear()
    try:
        mission_day.install(connection)
        with on(dt.date(2026, 3, 2), hour=23):
            project = complete_draft()
            submit(project=project, user=project.author)
            assert clock.today() == dt.date(2026, 3, 3)
        assert deadlines(project)["screening"].due_on == dt.date(2026, 3, 13)
    finally:
        settings.TIME_ZONE = "Africa/Bamako"
        timezone.get_default_timezone.cache_clear()
        mission_day.install(connection)


def test_what_a_withdrawn_proposal_was_waiting_for_is_expected_no_more():
    project = complete_draft()
    submit(project=project, user=project.author)
    withdraw(project=project, user=project.author, note="Un autre bailleur finance cet ouvrage.")

    assert deadlines(project) == {}


def test_a_postponed_review_begins_anew():
    people = cast()
    with on(dt.date(2026, 3, 2)):
        project = admitted(people)
    with on(dt.date(2026, 3, 20)):
        item = in_session(people, project).items.get()
        assert deadlines(project)["review"].due_on == dt.date(2026, 3, 23)
        committees.close_item(item=item, user=people.chair, defer=True, explanation="Le plan du forage manque.")

    assert deadlines(project)["review"].due_on == dt.date(2026, 4, 10)


def test_the_vetting_of_the_partner_expires_on_its_last_day():
    with on(dt.date(2026, 3, 2)):
        project = complete_draft(partner=PartnerFactory(vetted_on=dt.date(2025, 3, 20)))
        submit(project=project, user=project.author)
    assert deadlines(project)["vetting"].due_on == dt.date(2026, 3, 19)

    project.partner.vetted_on = dt.date(2026, 3, 5)
    project.partner.save()
    assert deadlines(project)["vetting"].due_on == dt.date(2027, 3, 4)
    assert drift() == []


def test_a_vetting_that_had_expired_before_is_no_deadline_of_the_project():
    with on(dt.date(2026, 3, 2)):
        project = complete_draft(partner=PartnerFactory(vetted_on=dt.date(2024, 3, 20)))
        submit(project=project, user=project.author)

    assert "vetting" not in deadlines(project)


def test_the_days_of_the_mechanism_move_what_runs():
    project = complete_draft()
    submit(project=project, user=project.author)
    Mechanism.objects.filter(code="QIP").update(screening_days=3)

    assert deadlines(project)["screening"].due_on == clock.today() + 3 * DAY
    assert drift() == []


# --- Follow-up and money -----------------------------------------------------------------------------------------
def test_a_planned_visit_is_late_until_it_is_reported_and_gone_when_cancelled():
    crew = life.Crew()
    project = life.in_state(State.ACTIVE, crew)
    planned = life.visit(project, crew.officer, done=False, planned_on=clock.today() - 3 * DAY)
    late = project.deadlines.get(code="visit", record_id=planned.pk)
    assert (late.days_late, late.person, late.standing()) == (3, crew.officer, Standing.LATE)
    assert late.label == "Visite\u00a0: mi-parcours"

    Visit.objects.filter(pk=planned.pk).update(state="cancelled", cancelled_reason="Route coupée")
    assert not project.deadlines.filter(code="visit", record_id=planned.pk).exists()
    assert drift() == []


def test_a_finding_runs_from_its_day_until_it_is_lifted():
    crew = life.Crew()
    project = life.in_state(State.ACTIVE, crew)
    found = life.finding(project, crew.officer, due_on=clock.today() + 5 * DAY, owner=project.author)
    running = deadlines(project)["finding"]
    assert (running.turn, running.person, running.days_left) == ("lift_finding", project.author, 5)

    found.closed_at, found.closed_by, found.closing_note = clock.now(), crew.officer, "Repris."
    found.save()
    assert deadlines(project)["finding"].standing() is Standing.DONE


def test_an_instalment_is_everybody_s_in_turn_and_never_the_same_person_s():
    crew = life.Crew()
    project = life.in_state(State.ACTIVE, crew)
    first = life.instalment_of(project)
    first.planned_on = clock.today() + 10 * DAY
    first.save()
    assert deadlines(project)["instalment"].turn == "request_instalment"

    life.authorise(first, crew)
    to_pay = deadlines(project)["instalment"]
    assert to_pay.turn == "pay_instalment"
    assert set(to_pay.barred) == {crew.officer.pk, crew.authoriser.pk}
    life.pay(first, crew)
    assert deadlines(project)["instalment"].done_on == clock.today()
    assert drift() == []


def test_the_interim_report_is_due_before_the_next_instalment_but_not_before_the_last():
    crew = life.Crew()
    project = life.in_state(State.ACTIVE, crew)
    for position in (1, 2, 3):
        instalment = life.instalment_of(project, position)
        instalment.planned_on = dt.date(2027, position, 1)
        instalment.save()
    assert [d.due_on for d in project.deadlines.filter(code="interim_report")] == [dt.date(2027, 2, 1)]

    returned = life.report(project, crew, state="submitted")
    assert deadlines(project)["interim_report"].done_on == clock.today()
    assert deadlines(project)["report"].turn == "judge_report"
    returned.state = "returned"
    returned.save()
    assert deadlines(project)["interim_report"].done_on is None
    assert deadlines(project)["returned_report"].turn == "mend_report"


def test_the_final_reports_are_met_when_both_are_there():
    crew = life.Crew()
    project = life.in_state(State.COMPLETED, crew)
    life.report(project, crew, ReportKind.FINAL_NARRATIVE, state="submitted")
    assert deadlines(project)["final_report"].done_on is None
    life.report(project, crew, ReportKind.FINAL_FINANCIAL, state="submitted")
    assert deadlines(project)["final_report"].done_on == clock.today()


def test_a_suspension_stops_no_clock_and_asks_for_no_money():
    crew = life.Crew()
    project = life.in_state(State.ACTIVE, crew)
    first = life.instalment_of(project)
    first.planned_on = clock.today()
    first.save()
    before = days(project)
    steps.suspend(project=project, user=fresh(crew.approver), note="Insécurité sur l’axe.")

    assert days(project) == before
    assert deadlines(project)["suspension"].turn == "resume"
    assert deadlines(project)["instalment"].standing() is Standing.FORESEEN


def test_a_cancelled_project_expects_its_refund_and_nothing_else():
    crew = life.Crew()
    project = life.in_state(State.ACTIVE, crew)
    life.pay(life.instalment_of(project), crew)
    steps.cancel(project=Project.objects.get(pk=project.pk), user=fresh(crew.approver), note="Site inaccessible.")

    assert [d.code for d in project.deadlines.filter(turn__isnull=False)] == ["refund"]
    assert drift() == []


def test_an_untouched_draft_waits_without_limit():
    draft = DraftFactory()
    waiting = deadlines(draft)["proposal"]

    assert (waiting.turn, waiting.due_on, waiting.since) == ("write", None, clock.today())
