"""The fourth mechanism carries a project from draft to closure by its rows alone: its form, documents, body and word of
headquarters, then its tranches, its gate, its calendar, its year's end."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from funds.models import Envelope, Mechanism
from projects.models import Report
from projects.services import agreements, reports
from projects.services import implementation as steps
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories import implementation as made
from tests.factories.accounts import user_with
from tests.factories.fourth import CODE, Fourth, add, file_on_page, fourth_mechanism
from tests.factories.projects import Cast, cast, fresh
from tests.projects.test_deadlines import drift
from tests.projects.test_fourth_mechanism import carried_to_approval
from tests.projects.test_instalment_gates import agree
from tests.projects.test_reports import filled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def people() -> Cast:
    return cast()


def due_day() -> dt.date:
    """Some forty days ahead, on a day that every month has."""
    ahead = clock.today() + dt.timedelta(days=40)
    return ahead.replace(day=min(ahead.day, 28))


@pytest.fixture
def fourth(people) -> Fourth:
    """With what its implementation asks for, added on the pages of reference data."""
    fourth = fourth_mechanism(people)
    client = Client()
    client.force_login(user_with(Role.ADMINISTRATOR))
    address = f"/reference/funds/mechanism/{CODE}/change/"
    form = client.get(address).context["adminform"].form
    kept = {name: value for name in form.fields if (value := form[name].value()) is not None and value is not False}
    kept |= {"next_tranche_counts": "spent_or_committed", "justified_share_min": "80", "carry_over_max": "50"}
    kept |= {"fiscal_year_first_month": "4", "final_report_days": "90"}
    kept.pop("last_after_final_report", None)
    answer = client.post(address, kept)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    add(client, "trancheplan", mechanism=CODE, recipient="association", shares="60,25,15")
    due = due_day()
    add(client, "reportingdate", mechanism=CODE, kind="annual", month=due.month, day=due.day)
    return Fourth(Mechanism.objects.get(pk=CODE), fourth.body)


def agreed(people: Cast, fourth: Fourth, crew: made.Crew):
    project = carried_to_approval(people, fourth)
    file_on_page(people.officer, project, fourth.document("annex"))
    values = {
        "language": "fr", "starts_on": agreements.approved_on(project), "partner_signatory": "Mariam Maïga",
        "partner_function": "Présidente", "mission_signatory": "Paul Diarra", "mission_function": "Chef de bureau",
        "special_conditions": "",
    }  # fmt: skip
    base = agreements.fingerprint_of_all({})
    agreements.save_text(project=project, user=fresh(crew.officer), values=values, base=base)
    project = made.fresh_project(project)
    made.put_signatures_on_file(project, crew.officer)
    made.verify_bank(project, crew.payer)
    return steps.sign_agreement(project=made.fresh_project(project), user=fresh(crew.officer))


def report_of_the_calendar(project, crew, spent: str, committed: str) -> Report:
    report = reports.open_report(project=project, user=fresh(project.author), kind="periodic", due_on=due_day())
    report = filled(report, declared_spent_usd=Decimal(spent), declared_committed_usd=Decimal(committed))
    report = reports.submit(report=report, user=fresh(project.author), version=report.version)
    return reports.accept(report=report, user=fresh(crew.officer), version=report.version)


def test_it_carries_a_project_from_draft_to_closure(people, fourth):
    crew = made.Crew()
    project = agreed(people, fourth, crew)
    assert list(project.instalments.values_list("amount_usd", flat=True)) == [120000, 50000, 30000]
    assert project.envelope.label.count("-") == 1, "its year straddles two"

    made.pay(made.instalment_of(project), crew)
    project = made.start(project, crew)
    deadline = project.deadlines.get(code="periodic_report")
    assert (deadline.due_on, deadline.detail) == (due_day(), "annual")
    agree(project, 2, "report", "spent", "visit")
    made.visit(project, crew.officer)
    report_of_the_calendar(project, crew, "90000", "6000")  # 80 % of 120,000
    agree(project, 2)
    assert project.deadlines.get(code="periodic_report").done_on == clock.today()

    made.pay(made.instalment_of(project, 2), crew)
    agree(project, 3, "spent")  # 80 % of 170,000; the report of the period covers this payment too
    for position in (1, 2):
        made.justify(made.instalment_of(project, position), crew)
    agree(project, 3)  # not held until the final reports
    made.pay(made.instalment_of(project, 3), crew)
    made.justify(made.instalment_of(project, 3), crew)

    project = made.complete(project, crew)
    final = project.deadlines.get(code="final_report")
    assert final.due_on == clock.today() + dt.timedelta(days=90)
    for kind in ("final_narrative", "final_financial"):
        made.report(project, crew, kind)
    made.evaluate(project, crew.officer)
    project = steps.close(project=made.fresh_project(project), user=fresh(crew.payer))
    assert project.state == State.CLOSED
    assert list(project.changes.order_by("pk").values_list("target", flat=True)) == [
        "submitted", "screening", "eligible", "in_review", "recommended", "approved", "agreed", "active",
        "completed", "closed",
    ]  # fmt: skip
    assert project.paid_usd == project.justified_usd == project.reserved_usd == 200000
    assert drift() == []
    envelope = Envelope.objects.get(mechanism=CODE)
    assert envelope.reserved_usd == 200000
