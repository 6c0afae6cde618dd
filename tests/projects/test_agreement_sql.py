"""The agreement, its budget, its plan and its amendments by raw SQL: what PostgreSQL itself refuses, whoever writes."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from funds.models import Envelope
from funds.rules import add_months
from projects.models import Project
from projects.states import State
from tests.factories import amendments as factory
from tests.factories.implementation import (
    Crew,
    agreed,
    approved,
    carry_to,
    complete,
    pdf_of,
    prepare_agreement,
    put_signatures_on_file,
    start,
    verify_bank,
)
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db
NOW = "SET CONSTRAINTS ALL IMMEDIATE"


def refusal(*statements: tuple) -> str:
    """What PostgreSQL answers to these statements, deferred constraints included; fails when it takes them."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        for sql, *params in statements:
            cursor.execute(sql, params)
        cursor.execute(NOW)
    return str(error.value)


def taken(*statements: tuple) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, *params in statements:
            cursor.execute(sql, params)
        cursor.execute(NOW)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@laid_once
def crew() -> Crew:
    return Crew()


@laid_once
def project(crew) -> Project:
    """Agreed for 20,000 USD and 4 months, in three instalments."""
    return agreed(crew, amount="20000")


SIGNED = "UPDATE projects_project SET state = 'agreed' WHERE id = %s"


# --- To the cent ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "sql, name",
    [
        ("UPDATE projects_instalment SET amount_usd = amount_usd - 0.01 WHERE project_id = %s AND position = 3", "plan_is_the_budget"),
        ("DELETE FROM projects_instalment WHERE project_id = %s AND position = 2", "plan_is_the_budget"),
        ("UPDATE projects_agreedline SET amount_usd = amount_usd + 0.01 WHERE project_id = %s", "lines_are_the_budget"),
        ("UPDATE projects_project SET approved_usd = approved_usd - 0.01 WHERE id = %s", "approved_moves_by_amendment"),
        ("UPDATE projects_project SET approved_usd = 19000, amended_usd = -1000 WHERE id = %s", "approved_moves_by_amendment"),
    ],
)  # fmt: skip
def test_lines_and_instalments_make_the_approved_amount_to_the_cent(project, sql, name):
    assert name in refusal((sql, project.pk))


def test_two_rows_may_change_together(project):
    move = "UPDATE projects_instalment SET amount_usd = amount_usd + %s WHERE project_id = %s AND position = %s"
    taken((move, "0.01", project.pk, 2), (move, "-0.01", project.pk, 3))


# --- At the signature -----------------------------------------------------------------------------------------------
def whole(crew: Crew, shares=("50", "40", "10"), *, signs: bool = True, bank: bool = True) -> Project:
    """An approved project of which only the state says that it is not agreed."""
    project = approved(amount="20000")
    agreement = prepare_agreement(project, crew.officer, shares=shares)
    put_signatures_on_file(project, crew.officer)
    if bank:
        verify_bank(project, crew.payer)
    if signs:
        taken(
            (
                "UPDATE projects_agreement SET signed_by_id = %s, signed_at = now() WHERE id = %s",
                crew.officer.pk,
                agreement.pk,
            )
        )
    return project


@pytest.mark.parametrize(
    "shares, name",
    [(("50.01", "39.99", "10"), "first_share"), (("50", "40.01", "9.99"), "last_share"), (("50", "40", "10"), "")],
)
def test_the_first_and_the_last_share_hold_at_the_signature(crew, shares, name):
    project = whole(crew, shares)
    if name:
        assert name in refusal((SIGNED, project.pk))
    else:
        taken((SIGNED, project.pk))


@pytest.mark.parametrize("lacks", ["signs", "bank"])
def test_nothing_is_agreed_without_signatures_and_a_verified_account(crew, lacks):
    project = whole(crew, **{lacks: False})
    assert "agreement_is_whole" in refusal((SIGNED, project.pk))


@pytest.mark.parametrize(
    "spoil, name",
    [
        ("UPDATE projects_instalment SET amount_usd = amount_usd - 0.01 WHERE project_id = %s AND position = 2", "plan_is_the_budget"),
        ("UPDATE projects_agreedline SET amount_usd = amount_usd - 0.01 WHERE project_id = %s", "lines_are_the_budget"),
        ("DELETE FROM projects_instalment WHERE project_id = %s", "first_share"),
    ],
)  # fmt: skip
def test_nothing_is_agreed_whose_lines_or_plan_do_not_make_the_approved_amount(crew, spoil, name):
    project = whole(crew)
    assert name in refusal((spoil, project.pk), (SIGNED, project.pk))


def test_a_signature_takes_both_parties(crew):
    project = approved(amount="20000")
    prepare_agreement(project, crew.officer)
    sql = "UPDATE projects_agreement SET signed_by_id = %s, signed_at = now(), partner_signed_on = %s WHERE project_id = %s"
    assert "agreement_signed_by_both" in refusal((sql, crew.officer.pk, dt.date(2026, 12, 1), project.pk))


# --- For good -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE projects_agreement SET starts_on = starts_on + 1 WHERE project_id = %s",
        "UPDATE projects_agreement SET clauses = '[]' WHERE project_id = %s",
        "UPDATE projects_agreement SET signed_at = NULL, signed_by_id = NULL WHERE project_id = %s",
        "DELETE FROM projects_agreement WHERE project_id = %s",
        "UPDATE projects_agreementcopy c SET signatory = 'mission' FROM projects_agreement a"  # noqa: ISC004
        " WHERE a.id = c.agreement_id AND a.project_id = %s",
        "DELETE FROM projects_agreementcopy WHERE agreement_id = (SELECT id FROM projects_agreement WHERE project_id = %s)",
    ],
)
def test_what_is_signed_stays_as_it_was_signed(project, sql):
    assert "signed_for_good" in refusal((sql, project.pk))


def test_no_copy_joins_a_signed_agreement(project, crew):
    sql = (
        "INSERT INTO projects_agreementcopy (agreement_id, document_id, signatory)"
        " SELECT id, %s, 'both' FROM projects_agreement WHERE project_id = %s"
    )
    assert "signed_for_good" in refusal((sql, pdf_of(crew.officer).pk, project.pk))


@pytest.mark.parametrize("value", ["starts_on + 1", "NULL"])
def test_the_start_of_a_signed_project_does_not_move(project, value):
    assert "start_is_agreed" in refusal((f"UPDATE projects_project SET starts_on = {value} WHERE id = %s", project.pk))


# --- Amendments -----------------------------------------------------------------------------------------------------
DECIDE = "UPDATE projects_amendment SET state = %s, decided_by_id = %s, decided_at = now(), decision_note = 'x' WHERE id = %s"


def test_an_amendment_is_decided_by_another_than_its_writer(project, crew):
    amendment = factory.submitted(project, crew.officer, factory.content(project) | {"duration_months": 5})
    for state in ("approved", "refused"):
        assert "amendment_decided_by_another" in refusal((DECIDE, state, crew.officer.pk, amendment.pk))
    taken((DECIDE, "approved", crew.approver.pk, amendment.pk))
    assert "decided_for_good" in refusal(("UPDATE projects_amendment SET reason = 'x' WHERE id = %s", amendment.pk))
    assert "Cannot" in refusal(("DELETE FROM projects_amendment WHERE id = %s", amendment.pk))


def test_an_amendment_is_submitted_before_it_is_decided(project, crew):
    amendment = factory.written(project, crew.officer)
    assert "Invalid transition" in refusal((DECIDE, "approved", crew.approver.pk, amendment.pk))
    insert = (
        "INSERT INTO projects_amendment (project_id, number, state, reason, changes, budget_delta_usd, version,"
        " written_by_id, created_at, decided_by_id, decided_at, decision_note)"
        " VALUES (%s, 9, 'approved', 'x', '[]', 0, 1, %s, now(), %s, now(), '')"
    )
    assert "starts_as_draft" in refusal((insert, project.pk, crew.officer.pk, crew.approver.pk))


def test_one_amendment_is_open_at_a_time(project, crew):
    factory.written(project, crew.officer)
    insert = (
        "INSERT INTO projects_amendment (project_id, number, state, reason, changes, budget_delta_usd, version,"
        " written_by_id, created_at, decision_note) VALUES (%s, 2, 'draft', 'x', '[]', 0, 1, %s, now(), '')"
    )
    assert "amendment_one_open" in refusal((insert, project.pk, crew.officer.pk))


LINES_BY = "UPDATE projects_agreedline SET amount_usd = amount_usd + %s, baseline_usd = baseline_usd + %s WHERE project_id = %s"
LAST_BY = "UPDATE projects_instalment SET amount_usd = amount_usd + %s WHERE project_id = %s AND position = 3"


def raise_by(project, crew, delta: str) -> str:
    """Approve by raw SQL an amendment of `delta` USD, lines and plan included; what PostgreSQL answers, or nothing."""
    amendment = factory.submitted(project, crew.officer, factory.content(project) | {"duration_months": 5})
    statements = (
        ("UPDATE projects_amendment SET budget_delta_usd = %s WHERE id = %s", delta, amendment.pk),
        (DECIDE, "approved", crew.approver.pk, amendment.pk),
        (LINES_BY, delta, delta, project.pk),
        (LAST_BY, delta, project.pk),
    )
    try:
        taken(*statements)
    except DatabaseError as error:
        return str(error)
    return ""


def test_the_ceiling_of_a_qip_holds_for_the_sum_of_its_amendments(project, crew):
    factory.amended(project, crew.officer, crew.approver, factory.raised(project, "29999.99"))
    assert "qip_approved_ceiling" in raise_by(project, crew, "0.02")
    Project.objects.get(pk=project.pk).amendments.filter(state="submitted").update(state="withdrawn")
    assert raise_by(project, crew, "0.01") == ""
    assert Project.objects.get(pk=project.pk).approved_usd == 50000


def test_the_six_months_of_a_qip_hold_and_the_last_day_follows(project):
    months = "UPDATE projects_project SET duration_months = %s WHERE id = %s"
    assert "qip_six_months" in refusal((months, 7, project.pk))
    taken((months, 6, project.pk))
    project.refresh_from_db()
    assert project.ends_on == add_months(project.starts_on, 6)


def test_an_amendment_without_its_lines_and_plan_does_not_pass(project, crew):
    amendment = factory.submitted(project, crew.officer)
    answer = refusal((DECIDE, "approved", crew.approver.pk, amendment.pk))
    assert "plan_is_the_budget" in answer or "lines_are_the_budget" in answer


def test_the_envelope_covers_a_rise_and_takes_a_fall_back(project, crew):
    envelope = Envelope.objects.get()
    Envelope.objects.update(amount_usd=envelope.reserved_usd + 10)
    assert "envelope_covers_reservations" in raise_by(project, crew, "10.01")
    Project.objects.get(pk=project.pk).amendments.filter(state="submitted").update(state="withdrawn")
    assert raise_by(project, crew, "10") == ""
    assert Envelope.objects.get().available_usd == 0
    factory.amended(project, crew.officer, crew.approver, factory.raised(project, "-10"))
    assert Envelope.objects.get().available_usd == 10


def test_what_is_paid_is_never_more_than_what_an_amendment_leaves(project, crew):
    from tests.factories.implementation import pay

    start(project, crew)
    pay(project.instalments.get(position=1), crew)
    amendment = factory.submitted(project, crew.officer, factory.content(project) | {"duration_months": 5})
    delta = ("UPDATE projects_amendment SET budget_delta_usd = -10000.01 WHERE id = %s", amendment.pk)
    assert "project_paid_within_approved" in refusal(delta, (DECIDE, "approved", crew.approver.pk, amendment.pk))


@pytest.mark.parametrize("state", [State.COMPLETED, State.CANCELLED])
def test_a_project_is_amended_while_it_is_under_way_only(crew, state):
    project = start(agreed(crew), crew)
    insert = (
        "INSERT INTO projects_amendment (project_id, number, state, reason, changes, budget_delta_usd, version,"
        " written_by_id, created_at, decision_note) VALUES (%s, 1, 'draft', 'x', '[]', 0, 1, %s, now(), '')"
    )
    if state == State.COMPLETED:
        complete(project, crew)
    else:
        carry_to(State.CANCELLED, project, crew)
    assert "amended_under_way" in refusal((insert, project.pk, crew.officer.pk))


def test_an_asked_for_instalment_keeps_its_amount(project, crew):
    from tests.factories.implementation import authorise

    authorise(project.instalments.get(position=1), crew)
    move = "UPDATE projects_instalment SET amount_usd = amount_usd + %s WHERE project_id = %s AND position = %s"
    assert "plan_fixed_once_asked" in refusal((move, "1", project.pk, 1), (move, "-1", project.pk, 2))
    assert Decimal(10000) == project.instalments.get(position=1).amount_usd
