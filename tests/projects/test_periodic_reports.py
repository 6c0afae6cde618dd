"""The reporting calendar of a mechanism: what is expected on which day, written as any report, and what it opens."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funds.models import Mechanism, ReportingDate
from projects.deadlines import view
from projects.models import Deadline, Report, StateChange
from projects.reporting import expected_reports, periodic_days
from projects.rules import reports as rules
from projects.services import reports
from projects.services.steps import StepRefused
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories import implementation as made
from tests.factories.accounts import user_with
from tests.factories.projects import fresh
from tests.factories.tranches import fund_in_tranches
from tests.ground.laid_once import laid_once
from tests.projects.test_deadlines import drift
from tests.projects.test_reports import filled

pytestmark = pytest.mark.django_db
DATES = (("half_yearly", 6, 15), ("annual", 11, 15))
START = dt.datetime(2026, 2, 2, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@laid_once
def crew():
    return made.Crew()


@laid_once
def fund() -> Mechanism:
    fund = fund_in_tranches(max_months=36)
    for kind, month, day in DATES:
        ReportingDate.objects.create(mechanism=fund, kind=kind, month=month, day=day)
    return fund


@laid_once
def project(crew, fund):
    """Of 100,000 USD, under way from 2 February 2026 for 18 months; nothing is paid."""
    with clock.at(START):
        project = made.approved(
            mechanism_id=fund.code, amount="100000", starts_on=dt.date(2026, 2, 2), duration_months=18
        )  # fmt: skip
        return made.start(made.sign(project, crew, shares=("35", "35", "30"), starts_on=dt.date(2026, 2, 2)), crew)


def opened(project, due_on: dt.date = dt.date(2026, 6, 15)) -> Report:
    return reports.open_report(project=project, user=fresh(project.author), kind="periodic", due_on=due_on)


def periodic(project) -> dict[dt.date, Deadline]:
    return {one.due_on: one for one in project.deadlines.filter(code="periodic_report")}


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- What is expected -----------------------------------------------------------------------------------------------
def test_each_day_of_the_calendar_while_the_project_runs_is_a_deadline(project):
    wanted = {dt.date(2026, 6, 15): "half_yearly", dt.date(2026, 11, 15): "annual", dt.date(2027, 6, 15): "half_yearly"}
    assert {due: one.detail for due, one in periodic(project).items()} == wanted
    assert dict(periodic_days(project)) == wanted
    first = periodic(project)[dt.date(2026, 6, 15)]
    assert (first.label, first.turn, first.opens_on) == ("Rapport semestriel", "write_periodic", dt.date(2026, 6, 1))
    expected = [one for one in expected_reports(project) if one.period]
    assert expected[0].title.replace("\u00a0", " ") == "Rapport semestriel du 15 juin 2026"


def test_a_mechanism_without_a_calendar_expects_none(crew):
    assert not periodic(made.in_state(State.ACTIVE, crew))


def test_the_peacebuilding_fund_reports_in_june_and_november():
    assert set(ReportingDate.objects.filter(mechanism="PBF").values_list("kind", "month", "day")) == set(DATES)


def test_a_date_added_or_moved_moves_the_deadlines_of_those_under_way(project, fund):
    ReportingDate.objects.create(mechanism=fund, kind="annual", month=3, day=1)
    assert dt.date(2027, 3, 1) in periodic(project)
    ReportingDate.objects.filter(mechanism=fund, month=3).update(day=9)
    assert dt.date(2027, 3, 9) in periodic(project) and dt.date(2027, 3, 1) not in periodic(project)
    assert drift() == []


def test_nothing_is_expected_after_the_completion(project, crew):
    with clock.at(START + dt.timedelta(days=200)):
        made.complete(project, crew)
    assert set(periodic(project)) == {dt.date(2026, 6, 15)}
    assert drift() == []


days = st.dates(dt.date(2019, 1, 1), dt.date(2030, 12, 31))


@given(
    starts_on=days, months=st.integers(1, 36), completed=st.none() | days,
    dates=st.sets(st.tuples(st.integers(1, 12), st.integers(1, 28)), max_size=3),
)  # fmt: skip
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_people_and_the_database_count_the_same_days(project_in_rows, starts_on, months, completed, dates):
    project, fund = project_in_rows
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("DELETE FROM funds_reportingdate WHERE mechanism_id = %s", [fund.code])
            cursor.execute("DELETE FROM projects_statechange WHERE project_id = %s", [project.pk])
            rows = [(rank, fund.code, month, day) for rank, (month, day) in enumerate(sorted(dates), 900)]
            for row in rows:
                cursor.execute(
                    "INSERT INTO funds_reportingdate (id, mechanism_id, kind, month, day) VALUES (%s, %s, 'annual', %s, %s)",
                    row,
                )
            cursor.execute(
                "UPDATE projects_project SET starts_on = %s, duration_months = %s, state = %s, reserved_usd = approved_usd WHERE id = %s",
                [starts_on, months, "completed" if completed else "active", project.pk],
            )
            if completed:
                cursor.execute(
                    "INSERT INTO projects_statechange (project_id, transition, source, target, at, actor_id, note) VALUES (%s, 'complete', 'active', 'completed', %s, %s, '')",
                    [project.pk, dt.datetime.combine(completed, dt.time(12), dt.UTC), project.author_id],
                )
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute(
                f"SELECT due_on FROM {view.NAME} WHERE project_id = %s AND code = 'periodic_report' ORDER BY 1",
                [project.pk],
            )
            told = [due for (due,) in cursor.fetchall()]
        now = type(project).objects.select_related("mechanism").get(pk=project.pk)
        assert [due for due, _kind in periodic_days(now)] == told
        transaction.set_rollback(True)


@laid_once
def project_in_rows(project, fund):
    return project, fund


# --- Written, submitted, judged -------------------------------------------------------------------------------------
def test_a_periodic_report_is_written_submitted_and_accepted_as_the_others(project, crew):
    with clock.at(START + dt.timedelta(days=128)):  # 10 June
        report = opened(project)
        assert (report.period, report.period_from) == ("half_yearly", dt.date(2026, 2, 2))
        assert opened(project).pk == report.pk
        report = filled(report, period_from=dt.date(2026, 2, 2), period_to=dt.date(2026, 5, 31),
                        declared_spent_usd=Decimal(10), declared_committed_usd=Decimal(0))  # fmt: skip
        report = reports.submit(report=report, user=fresh(project.author), version=report.version)
        assert periodic(project)[dt.date(2026, 6, 15)].done_on == dt.date(2026, 6, 10)
        reports.accept(report=report, user=fresh(crew.officer), version=report.version)
    assert Report.objects.get().state == "accepted"
    assert drift() == []


def test_it_opens_two_months_before_its_day(project):
    with clock.at(START + dt.timedelta(days=60)), pytest.raises(StepRefused, match="16 avril 2026"):
        opened(project)


@pytest.mark.parametrize("day", [dt.date(2026, 6, 16), dt.date(2025, 11, 15), dt.date(2027, 11, 15), None])
def test_no_report_for_a_day_that_the_calendar_does_not_hold(project, day):
    with clock.at(START + dt.timedelta(days=900)), pytest.raises(StepRefused):
        opened(project, day)


def test_the_database_wants_a_day_of_the_mechanisms_calendar(project):
    with pytest.raises(DatabaseError, match="report_of_the_calendar"), transaction.atomic():
        Report.objects.create(
            project=project, kind="periodic", period="annual", due_on=dt.date(2026, 6, 15), written_by=project.author
        )
    with pytest.raises(DatabaseError, match="report_periodic_has_its_day"), transaction.atomic():
        Report.objects.create(
            project=project, kind="final_narrative", due_on=dt.date(2026, 6, 15), written_by=project.author
        )


def test_an_accepted_periodic_report_is_the_report_on_what_was_paid_before_its_period_ended(project, crew):
    from tests.projects.test_instalment_gates import agree

    with clock.at(START + dt.timedelta(days=30)):
        made.pay(made.instalment_of(project), crew)
        made.visit(project, crew.officer)
    with clock.at(START + dt.timedelta(days=128)):
        agree(project, 2, "report", "spent")
        report = filled(opened(project), period_from=dt.date(2026, 2, 2), period_to=dt.date(2026, 3, 3),
                        declared_spent_usd=Decimal(27000), declared_committed_usd=Decimal(0))  # fmt: skip
        report = reports.submit(report=report, user=fresh(project.author), version=report.version)
        reports.accept(report=report, user=fresh(crew.officer), version=report.version)
        agree(project, 2, "report")  # the period ended on the day before the payment
    with clock.at(START + dt.timedelta(days=280)):
        later = filled(opened(project, dt.date(2026, 11, 15)), period_from=dt.date(2026, 3, 4), period_to=dt.date(2026, 10, 31),
                       declared_spent_usd=Decimal(27000), declared_committed_usd=Decimal(0))  # fmt: skip
        later = reports.submit(report=later, user=fresh(project.author), version=later.version)
        reports.accept(report=later, user=fresh(crew.officer), version=later.version)
        agree(project, 2)


def test_the_last_tranche_that_is_not_held_has_its_interim_deadline_too(project):
    project.instalments.filter(position=3).update(planned_on=dt.date(2027, 1, 1))
    assert project.deadlines.filter(code="interim_report", due_on=dt.date(2027, 1, 1)).exists()
    Mechanism.objects.filter(code=project.mechanism_id).update(last_after_final_report=True)
    assert not project.deadlines.filter(code="interim_report", due_on=dt.date(2027, 1, 1)).exists()
    assert drift() == []


# --- Pages ----------------------------------------------------------------------------------------------------------
def test_the_tab_offers_it_and_opens_it(project):
    client = client_of(project.author)
    with clock.at(START + dt.timedelta(days=128)):
        page = client.get(f"/projets/{project.pk}/rapports/").content.decode()
        assert 'name="due_on" value="2026-06-15"' in page and "Rapport semestriel du" in page
        sent = {"kind": "periodic", "due_on": "2026-06-15", "one_time_key": str(uuid.uuid4())}
        answer = client.post(f"/projets/{project.pk}/rapports/ouverture/", sent)
        report = Report.objects.get()
        assert answer["Location"] == f"/projets/{project.pk}/rapports/{report.pk}/redaction/"
        assert "Rapport semestriel du" in client.get(answer["Location"]).content.decode()
    wrong = client.post(
        f"/projets/{project.pk}/rapports/ouverture/", {"kind": "periodic", "one_time_key": str(uuid.uuid4())}
    )
    assert wrong.status_code == 422


def test_its_authors_are_reminded_and_find_it_in_their_deadlines(project):
    with clock.at(START + dt.timedelta(days=140)):  # 22 June
        mine = Deadline.objects.for_user(fresh(project.author)).late()
        assert [one.code for one in mine.filter(code="periodic_report")] == ["periodic_report"]
    admin = client_of(user_with(Role.ADMINISTRATOR))
    assert admin.get("/reference/funds/reportingdate/").status_code == 200
    assert rules.reporting_days([(6, 15)], None, None) == [] and StateChange.objects.exists()
