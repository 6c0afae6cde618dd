"""Reports as their rules hold them: prefilled, saved on the version read, submitted whole, judged by another."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from funds.models import Interest
from projects.models import ExpectedResult, Report, ReportReturn, ResultReached
from projects.reporting import expected_reports, spending_of
from projects.services import report_files, reports
from projects.services.drafting import Conflict
from projects.services.steps import StepRefused
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.documents.refusals import RefusedFile
from sr_portal.web import clock
from tests.documents.files import pdf
from tests.factories import implementation as make
from tests.factories.accounts import user_with
from tests.factories.projects import cast, fresh, region
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db
TODAY = clock.today


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@laid_once
def crew():
    return make.Crew()


@laid_once
def people():
    return cast()


@laid_once
def project(crew, people):
    """Active, its first instalment paid."""
    project = make.in_state(State.ACTIVE, crew, people)
    make.pay(make.instalment_of(project), crew)
    return make.fresh_project(project)


def opened(project, kind: str = "interim", position: int = 1) -> Report:
    instalment = make.instalment_of(project, position) if kind == "interim" else None
    return reports.open_report(project=project, user=fresh(project.author), kind=kind, instalment=instalment)


def filled(report: Report, **values) -> Report:
    """The report as its author would leave it: nothing lacks."""
    typed = reports.stored_values(report) | {
        name: "Texte écrit par les auteurs."
        for name in ("done", "next_steps", "confidence", "inclusion", "sustainability", "visibility", "lessons")
        if name in reports.stored_values(report)
    }
    typed |= {name: Decimal(1) for name in typed if name.startswith("value_")}
    typed |= {"period_from": TODAY() - dt.timedelta(days=30), "period_to": TODAY()}
    if "reached_women" in typed:
        typed["reached_women"] = 12
    return reports.save(report=report, user=fresh(report.project.author), version=report.version, values=typed | values)


def submitted(report: Report) -> Report:
    return reports.submit(report=report, user=fresh(report.project.author), version=report.version)


# --- Expected -------------------------------------------------------------------------------------------------------
def test_an_interim_report_is_expected_for_each_instalment_but_the_last_then_the_two_final_ones(project):
    expected = expected_reports(project)

    assert [(one.kind, one.instalment and one.instalment.position) for one in expected] == [
        ("interim", 1), ("interim", 2), ("final_narrative", None), ("final_financial", None),
    ]  # fmt: skip
    assert [one.optional for one in expected] == [False, True, False, False]


def test_final_reports_are_due_thirty_days_after_completion_and_until_then_after_the_last_possible_day(crew, project):
    due = expected_reports(project)[2].due
    assert due == project.ends_on + dt.timedelta(days=30)

    completed = make.complete(project, crew)
    assert expected_reports(completed)[2].due == TODAY() + dt.timedelta(days=30)
    with clock.at(clock.now() + dt.timedelta(days=33)):
        assert expected_reports(completed)[2].days_late == 3


def test_an_interim_report_is_due_on_the_day_planned_for_the_next_instalment(project):
    project.instalments.filter(position=2).update(planned_on=TODAY() - dt.timedelta(days=4))

    assert expected_reports(project)[0].days_late == 4


def test_nothing_is_reported_of_an_instalment_that_is_not_paid(crew):
    project = make.in_state(State.ACTIVE, crew)

    with pytest.raises(StepRefused, match="pas encore payée"):
        opened(project)
    assert expected_reports(project)[0].against


def test_no_interim_report_accounts_for_the_last_instalment(project):
    with pytest.raises(StepRefused, match="rapports finaux"):
        opened(project, position=3)


@pytest.mark.parametrize("kind", ["final_narrative", "final_financial"])
def test_no_final_report_before_the_project_starts(crew, kind):
    with pytest.raises(StepRefused, match="n’a pas démarré"):
        opened(make.agreed(crew), kind)


# --- Prefilled ------------------------------------------------------------------------------------------------------
def test_a_report_opens_with_what_the_visits_saw_and_the_dates(crew, project):
    make.visit(project, crew.officer, observations="Les fondations sont coulées.")
    report = opened(project)

    assert "Les fondations sont coulées." in report.done and "60" in report.done
    assert (report.period_from, report.period_to) == (project.starts_on, TODAY())
    assert list(report.results.values_list("result_id", flat=True)) == [project.results.get().pk]


def test_a_second_report_takes_up_the_values_of_the_one_before(crew, project):
    first = filled(opened(project), difficulties="La piste est coupée.", reached_girls=7)
    value = f"value_{project.results.get().pk}"
    first = reports.save(report=first, user=fresh(project.author), version=first.version, values={
        **reports.stored_values(first), value: Decimal("0.5"),
    })  # fmt: skip
    final = opened(project, "final_narrative")

    assert (final.difficulties, final.reached_girls, final.reached_women) == ("La piste est coupée.", 7, 12)
    assert final.results.get().value == Decimal("0.5")
    assert "Texte écrit par les auteurs." in final.done  # what the interim report said was done
    assert final.period_from == project.starts_on


def test_a_later_interim_report_begins_where_the_one_before_ended(crew, project):
    ended = TODAY() - dt.timedelta(days=10)
    judges(submitted(filled(opened(project), period_to=ended)), crew.officer)
    make.justify(make.instalment_of(project), crew)
    make.visit(project, crew.officer)
    make.pay(make.instalment_of(project, 2), crew)

    assert opened(project, position=2).period_from == ended + dt.timedelta(days=1)


def test_opening_twice_gives_the_same_report(project):
    assert opened(project) == opened(project)


def test_the_money_of_a_report_is_that_of_the_receipts_and_payments(crew, project):
    instalment = make.instalment_of(project)
    make.justify(instalment, crew, Decimal("1000"))
    spending = spending_of(project, instalment)

    assert (spending.here_usd, spending.spent_usd, spending.pending_usd) == (1000, 1000, 0)
    assert spending.paid_usd == instalment.amount_usd
    assert spending.to_justify_usd == instalment.amount_usd - 1000
    assert [payment.amount_usd for payment in spending.payments] == [instalment.amount_usd]


def test_receipts_of_a_later_instalment_are_not_counted_as_this_one_s(crew, project):
    first = make.instalment_of(project)
    make.justify(first, crew)
    make.visit(project, crew.officer)
    make.report(project, crew)
    second = make.instalment_of(project, 2)
    make.pay(second, crew)
    make.justify(second, crew, Decimal("500"))

    assert spending_of(project, first).here_usd == first.amount_usd
    assert spending_of(project, second).here_usd == 500
    assert spending_of(project).here_usd == first.amount_usd + 500
    assert [i.position for i in spending_of(project, first).instalments] == [1]


# --- Writing --------------------------------------------------------------------------------------------------------
def test_a_save_on_an_older_version_is_refused_and_writes_nothing(project):
    report = opened(project)
    read = report.version
    reports.save(report=report, user=fresh(project.author), version=read, values={"done": "Première version."})

    with pytest.raises(Conflict):
        reports.save(report=report, user=fresh(project.author), version=read, values={"done": "Autre version."})
    report.refresh_from_db()
    assert (report.done, report.version) == ("Première version.", read + 1)


def test_the_same_save_sent_twice_changes_nothing_more(project):
    report = opened(project)
    for _ in range(2):
        reports.save(report=report, user=fresh(project.author), version=1, values={"done": "Une fois."})
    report.refresh_from_db()
    assert report.version == 2


def test_only_those_who_wrote_the_project_write_its_reports(crew, project):
    report = opened(project)
    others = [crew.officer, user_with(Role.PROPOSER), user_with(Role.REGIONAL_MANAGER, region=region())]
    for other in others:
        with pytest.raises(PermissionDenied):
            reports.save(report=report, user=fresh(other), version=1, values={"done": "x"})
        with pytest.raises(PermissionDenied):
            reports.open_report(project=project, user=fresh(other), kind="interim", instalment=report.instalment)
    coauthor = user_with(Role.PROPOSER)
    project.coauthors.add(coauthor)
    assert reports.save(report=report, user=fresh(coauthor), version=1, values={"done": "x"}).done == "x"


# --- Submitting -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["interim", "final_narrative"])
def test_what_lacks_is_said_and_nothing_is_submitted(project, kind):
    report = opened(project, kind)

    with pytest.raises(StepRefused) as refusal:
        submitted(report)
    assert any("valeur atteinte" in message for message in refusal.value.messages)
    assert any("réalisé" in message for message in refusal.value.messages)
    report.refresh_from_db()
    assert report.state == "draft"


@pytest.mark.parametrize(
    "values, field",
    [
        ({"period_from": None}, "period_from"),
        ({"period_to": dt.date(2199, 1, 1)}, "period_to"),
        ({"done": " "}, "done"),
        ({"confidence": ""}, "confidence"),
        ({"inclusion": ""}, "inclusion"),
        ({"sustainability": ""}, "sustainability"),
        ({"visibility": ""}, "visibility"),
        ({"lessons": ""}, "lessons"),
        ({"reached_women": 0}, "reached_women"),
        ({"reached_displaced": 13}, "reached_displaced"),
        ({"reached_disabled": 13}, "reached_disabled"),
    ],
)
def test_a_final_narrative_report_lacks_each_of_these(project, values, field):
    report = filled(opened(project, "final_narrative"), **values)

    assert [lack.field for lack in reports.lacks_of(report)] == [field]


def test_a_result_without_its_value_reached_lacks(project):
    report = filled(opened(project))
    other = ExpectedResult.objects.create(project=project, statement="Le comité de gestion se réunit")

    assert [lack.field for lack in reports.lacks_of(report)] == [f"value_{other.pk}"]


def test_a_financial_report_explains_what_was_not_spent_as_agreed(crew, project):
    report = filled(opened(project, "final_financial"))

    assert [lack.field for lack in reports.lacks_of(report)] == ["spending"]
    filled(report, spending="Le solde sera remboursé.")
    report.refresh_from_db()
    assert reports.lacks_of(report) == []


def test_what_is_submitted_is_what_was_read(project):
    report = filled(opened(project))
    read = report.version
    reports.save(report=report, user=fresh(project.author), version=read, values={"done": "Changé entre-temps."})

    with pytest.raises(StepRefused, match="a changé"):
        reports.submit(report=report, user=fresh(project.author), version=read)


def test_a_submitted_report_changes_no_more_until_it_is_returned(crew, project):
    report = submitted(filled(opened(project)))
    with pytest.raises(PermissionDenied):
        reports.save(report=report, user=fresh(project.author), version=report.version, values={"done": "x"})

    report = reports.send_back(
        report=report, user=fresh(crew.officer), version=report.version, text="Joignez la liste."
    )
    report = reports.save(report=report, user=fresh(project.author), version=report.version, values={"done": "Avec."})
    report = submitted(report)
    assert report.state == "submitted"
    assert [one.text for one in report.returns.all()] == ["Joignez la liste."]


# --- Judging --------------------------------------------------------------------------------------------------------
def judges(report: Report, user) -> Report:
    return reports.accept(report=report, user=fresh(user), version=report.version)


def test_a_programme_officer_here_accepts_and_it_is_for_good(crew, project):
    report = judges(submitted(filled(opened(project))), crew.officer)

    assert (report.state, report.judged_by) == ("accepted", crew.officer)
    with pytest.raises(StepRefused, match="Accepté"):
        reports.send_back(report=report, user=fresh(crew.officer), version=report.version, text="Trop tard.")


def test_nobody_judges_from_elsewhere_or_from_another_role(crew, project):
    report = submitted(filled(opened(project)))
    kidal = region("ML-8")
    people = [user_with(Role.PROGRAMME_OFFICER, region=kidal), user_with(Role.FINANCE_OFFICER), project.author]
    people += [user_with(Role.REGIONAL_MANAGER, region=region()), crew.approver]
    for person in people:
        with pytest.raises(PermissionDenied):
            judges(report, person)
        with pytest.raises(PermissionDenied):
            reports.send_back(report=report, user=fresh(person), version=report.version, text="Non.")


def test_nobody_judges_a_report_on_a_project_they_wrote_or_of_a_partner_in_whom_they_hold_an_interest(project):
    writer = user_with(Role.PROGRAMME_OFFICER, Role.PROPOSER)
    project.coauthors.add(writer)
    interested = user_with(Role.PROGRAMME_OFFICER)
    Interest.objects.create(user=interested, organisation=project.partner, nature="Frère du trésorier")
    report = submitted(filled(opened(project)))

    for person, why in ((writer, "rédigé"), (interested, "intérêt")):
        with pytest.raises(PermissionDenied, match=why):
            judges(report, person)


def test_who_submitted_a_report_does_not_accept_it_even_once_off_the_project(project):
    """They were a co-author when they submitted; taken off since, they still judged nothing of their own."""
    writer = user_with(Role.PROGRAMME_OFFICER, Role.PROPOSER)
    project.coauthors.add(writer)
    report = filled(opened(project))
    report = reports.submit(report=report, user=fresh(writer), version=report.version)
    project.coauthors.remove(writer)

    with pytest.raises(PermissionDenied, match="rédigé ou soumis ce rapport"):
        judges(report, writer)


def test_a_return_says_what_is_to_be_mended(crew, project):
    report = submitted(filled(opened(project)))

    with pytest.raises(ValidationError, match="à corriger"):
        reports.send_back(report=report, user=fresh(crew.officer), version=report.version, text="  ")


# --- Files ----------------------------------------------------------------------------------------------------------
def test_a_file_is_joined_once_and_withdrawn_with_a_reason_and_stays_on_record(project):
    report = opened(project)
    upload = lambda: SimpleUploadedFile("Liste.pdf", pdf(b"<< /A 1 >>"))  # noqa: E731
    file = report_files.join(report=report, user=fresh(project.author), upload=upload(), caption="Liste")
    with pytest.raises(RefusedFile, match="déjà joint"):
        report_files.join(report=report, user=fresh(project.author), upload=upload())

    report_files.take_back(file=file, user=fresh(project.author), reason="Mauvaise liste")
    file.document.refresh_from_db()
    assert (file.document.is_withdrawn, report.files.count()) == (True, 1)


def test_no_file_is_joined_or_withdrawn_once_submitted_or_by_others(crew, project):
    report = filled(opened(project))
    upload = lambda: SimpleUploadedFile("Liste.pdf", pdf())  # noqa: E731
    file = report_files.join(report=report, user=fresh(project.author), upload=upload())
    with pytest.raises(PermissionDenied):
        report_files.join(report=report, user=fresh(crew.officer), upload=upload())
    submitted(report)

    with pytest.raises(PermissionDenied):
        report_files.join(report=report, user=fresh(project.author), upload=upload())
    with pytest.raises(PermissionDenied):
        report_files.take_back(file=file, user=fresh(project.author), reason="Non")


# --- The database, whoever writes -----------------------------------------------------------------------------------
def refused(sql: str, *values, name: str) -> None:
    with pytest.raises(DatabaseError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_sql_changes_nothing_of_a_submitted_report_but_its_step(project):
    report = submitted(filled(opened(project)))

    refused("UPDATE projects_report SET done = 'autre' WHERE id = %s", report.pk, name="fixed_once_submitted")
    refused("UPDATE projects_report SET reached_men = 99 WHERE id = %s", report.pk, name="fixed_once_submitted")
    refused("UPDATE projects_resultreached SET value = 9 WHERE report_id = %s", report.pk, name="fixed_once_submitted")
    refused("DELETE FROM projects_resultreached WHERE report_id = %s", report.pk, name="fixed_once_submitted")


def test_sql_changes_nothing_of_an_accepted_report(crew, project):
    report = judges(submitted(filled(opened(project))), crew.officer)

    refused("UPDATE projects_report SET done = 'autre' WHERE id = %s", report.pk, name="accepted_for_good")
    refused(
        "UPDATE projects_report SET state = 'returned' WHERE id = %s", report.pk, name="transition|accepted_for_good"
    )
    refused("DELETE FROM projects_report WHERE id = %s", report.pk, name="[Cc]annot delete|never_deleted")


def test_sql_takes_no_step_outside_the_table(project):
    report = opened(project)

    refused(
        "UPDATE projects_report SET state = 'accepted', judged_by_id = %s, judged_at = now(), submitted_by_id = %s"
        " WHERE id = %s",
        project.partner.created_by_id or user_with().pk, project.author_id, report.pk, name="ransition",
    )  # fmt: skip


def test_sql_accepts_no_report_in_the_name_of_who_wrote_or_submitted_it_or_the_project(crew, project):
    coauthor = user_with(Role.PROPOSER)
    project.coauthors.add(coauthor)
    report = submitted(filled(opened(project)))
    sql = "UPDATE projects_report SET state = 'accepted', judged_by_id = %s, judged_at = now() WHERE id = %s"

    for person in (project.author, coauthor):
        refused(sql, person.pk, report.pk, name="report_judged_by_another")


def test_sql_opens_no_report_on_another_project_s_instalment_nor_in_another_state(crew, people, project):
    other = make.in_state(State.ACTIVE, crew, people)
    insert = (
        "INSERT INTO projects_report (project_id, kind, period, instalment_id, state, version, done, difficulties, confidence,"
        " inclusion, sustainability, visibility, lessons, next_steps, spending, reached_women, reached_men,"
        " reached_girls, reached_boys, reached_displaced, reached_disabled, written_by_id, created_at, updated_at)"
        " VALUES (%s, 'interim', '', %s, %s, 1, '', '', '', '', '', '', '', '', '', 0, 0, 0, 0, 0, 0, %s, now(), now())"
    )
    there, here = make.instalment_of(other), make.instalment_of(project)

    refused(insert, project.pk, there.pk, "draft", project.author_id, name="report_of_its_project")
    refused(insert, project.pk, here.pk, "submitted", project.author_id, name="report_starts_as_draft")
    report = opened(project)
    refused(insert, project.pk, here.pk, "draft", project.author_id, name="report_interim_once")
    refused(
        "INSERT INTO projects_resultreached (report_id, result_id, comment) VALUES (%s, %s, '')",
        report.pk, other.results.get().pk, name="report_of_its_project",
    )  # fmt: skip
    refused(
        "UPDATE projects_report SET kind = 'final_narrative' WHERE id = %s", report.pk, name="kind|[Cc]annot update"
    )


def test_sql_writes_no_report_once_the_project_is_closed(crew):
    project = make.in_state(State.CLOSED, crew)
    report = project.reports.first()

    refused("UPDATE projects_report SET version = 9 WHERE id = %s", report.pk, name="accepted_for_good|closed_for_good")
    refused(
        "INSERT INTO projects_report SELECT (r).* FROM (SELECT r FROM projects_report r WHERE id = %s) s",
        report.pk, name="closed_for_good",
    )  # fmt: skip


def test_sql_neither_changes_nor_deletes_a_return(crew, project):
    report = submitted(filled(opened(project)))
    reports.send_back(report=report, user=fresh(crew.officer), version=report.version, text="Joignez la liste.")
    kept = ReportReturn.objects.get()

    refused("UPDATE projects_reportreturn SET text = '' WHERE id = %s", kept.pk, name="[Cc]annot|kept_for_good")
    refused("DELETE FROM projects_reportreturn WHERE id = %s", kept.pk, name="[Cc]annot|kept_for_good")


def test_each_value_reached_is_kept_once(project):
    report = opened(project)
    with pytest.raises(DatabaseError, match="result_reached_once"), transaction.atomic():
        ResultReached.objects.create(report=report, result=project.results.get())
