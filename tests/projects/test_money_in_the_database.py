"""Money as PostgreSQL itself holds it, whoever writes: order, people, sums, proofs (domain guide §7)."""

import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from funds.models import Envelope
from projects.models import Instalment, Payment, Project, Receipt
from projects.states import State
from sr_portal.web import clock
from tests.factories import implementation as made
from tests.factories.projects import cast
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db


@laid_once
def crew():
    return made.Crew()


@laid_once
def people():
    return cast()


@laid_once
def project(crew, people):
    """Active, 20,000 USD in three instalments of 10,000, 8,000 and 2,000 USD."""
    return made.in_state(State.ACTIVE, crew, people)


def refused(statement: str, *values) -> str:
    """What the database answers to this SQL, which it must refuse; checks put off to the commit are asked at once."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, values)
    return str(error.value)


def run(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def first(project) -> Instalment:
    return made.instalment_of(project)


PAY = (
    "INSERT INTO projects_payment (instalment_id, kind, reference, paid_on, amount_usd, currency, local_amount, rate,"
    " rate_on, reverses_id, undone, note, proof_id, recorded_by_id, recorded_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, false, %s, %s, %s, now())"
)


def entry(instalment: Instalment, by, amount="10000", kind="payment", **fields) -> list:
    values = {
        "reference": f"VIR-{uuid.uuid4().hex[:8]}", "paid_on": clock.today(), "currency": "USD", "local": None,
        "rate": None, "rate_on": None, "reverses": None, "note": "", "proof": None, **fields,
    }  # fmt: skip
    names = ("currency", "local", "rate", "rate_on", "reverses", "note", "proof")
    return [
        instalment.pk, kind, values["reference"], values["paid_on"], Decimal(amount), *(values[name] for name in names),
        by.pk,
    ]  # fmt: skip


def state_to(instalment: Instalment, state: str, by=None) -> tuple:
    """SQL that moves an instalment to `state`, with the person whom the step asks for."""
    who = {"requested": "requested_by_id", "authorised": "authorised_by_id"}.get(state)
    if who:
        return f"UPDATE projects_instalment SET state = %s, {who} = %s WHERE id = %s", state, by.pk, instalment.pk
    return "UPDATE projects_instalment SET state = %s WHERE id = %s", state, instalment.pk


# --- Order of the steps ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["authorised", "paid", "justified"])
def test_a_planned_instalment_is_first_requested(project, crew, state):
    answer = refused(
        "UPDATE projects_instalment SET state = %s, requested_by_id = %s, authorised_by_id = %s WHERE id = %s",
        state, crew.officer.pk, crew.authoriser.pk, first(project).pk,
    )  # fmt: skip
    assert "Invalid transition" in answer


@pytest.mark.parametrize("state", ["paid", "justified"])
def test_what_is_not_authorised_is_not_paid(project, crew, state):
    instalment = first(project)
    run(*state_to(instalment, "requested", crew.officer))
    assert "Invalid transition" in refused(
        "UPDATE projects_instalment SET state = %s, authorised_by_id = %s WHERE id = %s",
        state, crew.authoriser.pk, instalment.pk,
    )  # fmt: skip
    assert "not authorised" in refused(PAY, *entry(instalment, crew.payer))


def test_an_instalment_is_not_paid_by_word_alone(project, crew):
    instalment = made.authorise(first(project), crew)
    assert "instalment_paid_in_full_or_settled" in refused(*state_to(instalment, "paid"))
    assert "instalment_paid_in_full_or_settled" in refused(
        "UPDATE projects_instalment SET state = 'paid', settled = true, settled_reason = 'x' WHERE id = %s",
        instalment.pk,
    )


def test_an_instalment_is_not_justified_by_word_alone(project, crew):
    instalment = first(project)
    made.pay(instalment, crew)
    assert "instalment_justified_when_covered" in refused(*state_to(instalment, "justified"))
    made.justify(instalment, crew)
    assert first(project).state == "justified"


def test_settling_asks_for_a_reason(project, crew):
    instalment = first(project)
    made.pay(instalment, crew, Decimal("4000"))
    assert "instalment_settled_with_reason" in refused(
        "UPDATE projects_instalment SET state = 'paid', settled = true WHERE id = %s", instalment.pk
    )


def test_an_instalment_starts_planned(project):
    assert "starts_planned" in refused(
        "INSERT INTO projects_instalment (project_id, position, amount_usd, condition, state, request_note, settled,"
        " settled_reason, paid_usd, refunded_usd, justified_usd)"
        " VALUES (%s, 4, 1, '', 'requested', '', false, '', 0, 0, 0)", project.pk,
    )  # fmt: skip


# --- People ---------------------------------------------------------------------------------------------------------
def test_each_step_has_its_person(project, crew):
    instalment = first(project)
    assert "instalment_people_follow_state" in refused(
        "UPDATE projects_instalment SET state = 'requested' WHERE id = %s", instalment.pk
    )
    run(*state_to(instalment, "requested", crew.officer))
    assert "instalment_people_follow_state" in refused(
        "UPDATE projects_instalment SET state = 'authorised' WHERE id = %s", instalment.pk
    )


def test_who_requests_does_not_authorise(project, crew):
    instalment = first(project)
    run(*state_to(instalment, "requested", crew.officer))
    assert "instalment_steps_by_others" in refused(*state_to(instalment, "authorised", crew.officer))


@pytest.mark.parametrize("who", ["officer", "authoriser"])
def test_who_requests_or_authorises_does_not_pay(project, crew, who):
    instalment = made.authorise(first(project), crew)
    assert "paid_by_another" in refused(PAY, *entry(instalment, getattr(crew, who)))
    run(PAY, *entry(instalment, crew.payer))


# --- The gates, at each step ----------------------------------------------------------------------------------------
def close_bank(project, crew):
    from funds.services import bank

    bank.retire(by=crew.payer, account=project.partner.bank_accounts.get(status="verified"), reason="Compte fermé")


def find(project, crew):
    made.finding(project, crew.officer, "blocking")


def suspend(project, crew):
    made.steps.suspend(project=project, user=crew.approver, note="Insécurité.")


@pytest.mark.parametrize("close, code", [(close_bank, "bank"), (find, "finding"), (suspend, "state")])
def test_a_gate_that_closes_holds_each_step_back(project, crew, close, code):
    instalment = first(project)
    steps = (
        state_to(instalment, "requested", crew.officer),
        state_to(instalment, "authorised", crew.authoriser),
        (PAY, *entry(instalment, crew.payer)),
    )
    for step in steps:
        with transaction.atomic():
            close(project, crew)
            answer = refused(*step)
            assert "instalment_gate" in answer and (code in answer or "suspended" in answer)
            transaction.set_rollback(True)
        run(*step)


def test_the_second_is_not_requested_before_the_first_is_paid(project, crew):
    made.visit(project, crew.officer)
    answer = refused(*state_to(made.instalment_of(project, 2), "requested", crew.officer))
    assert "instalment_gate: instalment 2 is held back: order" in answer


def test_nothing_is_paid_before_the_day_of_the_signature(project, crew):
    instalment = made.authorise(first(project), crew)
    earlier = clock.today() - made.dt.timedelta(days=1)
    assert "paid_after_signature" in refused(PAY, *entry(instalment, crew.payer, paid_on=earlier))


def test_nothing_is_paid_ahead_of_its_day(project, crew):
    instalment = made.authorise(first(project), crew)
    later = clock.today() + made.dt.timedelta(days=2)
    assert "recorded_once_moved" in refused(PAY, *entry(instalment, crew.payer, paid_on=later))


# --- Amounts --------------------------------------------------------------------------------------------------------
def test_the_plan_is_the_budget_to_the_cent(project):
    assert "plan_is_the_budget" in refused(
        "UPDATE projects_instalment SET amount_usd = amount_usd + 0.01 WHERE id = %s", first(project).pk
    )


def test_the_plan_does_not_change_once_asked(project, crew):
    instalment = first(project)
    run(*state_to(instalment, "requested", crew.officer))
    assert "plan_fixed_once_asked" in refused(
        "UPDATE projects_instalment SET amount_usd = 1 WHERE id = %s", instalment.pk
    )
    assert "plan_fixed_once_asked" in refused("DELETE FROM projects_instalment WHERE id = %s", instalment.pk)


def test_a_first_share_above_the_limit_is_not_signed(crew):
    project = made.approved()
    made.prepare_agreement(project, crew.officer, shares=("51", "39", "10"))
    made.put_signatures_on_file(project, crew.officer)
    made.verify_bank(project, crew.payer)
    run(
        "UPDATE projects_agreement SET signed_at = now(), signed_by_id = %s WHERE project_id = %s",
        crew.officer.pk,
        project.pk,
    )
    assert "first_share" in refused("UPDATE projects_project SET state = 'agreed' WHERE id = %s", project.pk)


def test_a_last_share_below_the_limit_is_not_signed(crew):
    project = made.approved()
    made.prepare_agreement(project, crew.officer, shares=("50", "41", "9"))
    made.put_signatures_on_file(project, crew.officer)
    made.verify_bank(project, crew.payer)
    run(
        "UPDATE projects_agreement SET signed_at = now(), signed_by_id = %s WHERE project_id = %s",
        crew.officer.pk,
        project.pk,
    )
    assert "last_share" in refused("UPDATE projects_project SET state = 'agreed' WHERE id = %s", project.pk)


def test_an_instalment_is_not_paid_beyond_its_amount_nor_twice(project, crew):
    instalment = made.authorise(first(project), crew)
    assert "instalment_paid_within_amount" in refused(PAY, *entry(instalment, crew.payer, "10000.01"))
    run(PAY, *entry(instalment, crew.payer, "6000"))
    assert "instalment_paid_within_amount" in refused(PAY, *entry(instalment, crew.payer, "4000.01"))
    run(PAY, *entry(instalment, crew.payer, "4000"))
    assert "instalment_paid_within_amount" in refused(PAY, *entry(instalment, crew.payer, "0.01"))


def test_a_reference_is_paid_once_in_the_whole_portal(project, crew, people):
    instalment = made.authorise(first(project), crew)
    run(PAY, *entry(instalment, crew.payer, "6000", reference="VIR-77"))
    assert "payment_reference_once" in refused(PAY, *entry(instalment, crew.payer, "4000", reference="vir-77"))
    other = made.authorise(first(made.in_state(State.ACTIVE, crew, people)), crew)
    assert "payment_reference_once" in refused(PAY, *entry(other, crew.payer, reference="VIR-77"))


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": "-5"},
        {"amount": "0"},
        {"kind": "refund", "amount": "5"},
        {"kind": "refund", "amount": "-5"},  # without proof
        {"kind": "reversal", "amount": "-5", "note": "x"},  # of nothing
    ],
)
def test_the_sign_the_proof_and_the_mirror_follow_the_kind(project, crew, fields):
    instalment = made.authorise(first(project), crew)
    assert "payment_sign_follows_kind" in refused(PAY, *entry(instalment, crew.payer, **fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"currency": "XOF"},
        {"currency": "XOF", "local": 6_000_000, "rate": 600},
        {"currency": "XOF", "local": 6_000_100, "rate": 600, "rate_on": "2026-11-01"},
        {"currency": "USD", "local": 6_000_000, "rate": 600, "rate_on": "2026-11-01"},
        {"currency": "XOF", "local": 6_000_000, "rate": 0, "rate_on": "2026-11-01"},
    ],
)
def test_francs_go_with_their_rate_and_its_day_and_make_the_dollars(project, crew, fields):
    instalment = made.authorise(first(project), crew)
    answer = refused(PAY, *entry(instalment, crew.payer, **fields))
    assert "payment_local_amount_agrees" in answer or "division by zero" in answer
    run(PAY, *entry(instalment, crew.payer, currency="XOF", local=6_000_000, rate=600, rate_on="2026-11-01"))


def test_sums_are_those_of_the_rows_and_nobody_writes_others(project, crew):
    instalment = first(project)
    made.pay(instalment, crew)
    made.justify(instalment, crew, Decimal("2500"))
    project.refresh_from_db()
    assert (project.paid_usd, project.justified_usd) == (Decimal(10000), Decimal(2500))
    for column in ("paid_usd", "refunded_usd", "justified_usd"):
        for table, row in (("instalment", instalment), ("project", project)):
            answer = refused(f"UPDATE projects_{table} SET {column} = {column} + 1 WHERE id = %s", row.pk)
            assert "money_is_the_sum" in answer
    line = project.agreed_lines.get()
    assert line.spent_usd == Decimal(2500)
    assert "spent_is_the_sum" in refused("UPDATE projects_agreedline SET spent_usd = 0 WHERE id = %s", line.pk)


def test_the_payment_says_to_which_account_it_went_as_the_database_knows_it(project, crew):
    instalment = first(project)
    paid = made.pay(instalment, crew)
    paid.refresh_from_db()
    assert paid.account == project.partner.bank_accounts.get(status="verified")
    assert "Cannot update" in refused("UPDATE projects_payment SET account_id = NULL WHERE id = %s", paid.pk)


def test_an_entry_is_neither_changed_nor_deleted_nor_emptied(project, crew):
    paid = made.pay(first(project), crew)
    assert "Cannot update" in refused("UPDATE projects_payment SET reference = 'x' WHERE id = %s", paid.pk)
    assert "Cannot update" in refused("UPDATE projects_payment SET amount_usd = 1 WHERE id = %s", paid.pk)
    assert "undone_by_a_reversal" in refused("UPDATE projects_payment SET undone = true WHERE id = %s", paid.pk)
    assert "Cannot delete" in refused("DELETE FROM projects_payment WHERE id = %s", paid.pk)
    assert "append_only" in refused("TRUNCATE projects_payment CASCADE")


# --- Refunds and reversals ------------------------------------------------------------------------------------------
def proof(crew) -> int:
    return made.pdf_of(crew.payer, "Relevé.pdf").pk


def test_a_refund_is_at_most_what_was_paid(project, crew):
    instalment = first(project)
    made.pay(instalment, crew, Decimal("4000"))
    values = {"kind": "refund", "proof": proof(crew)}
    assert "instalment_paid_within_amount" in refused(PAY, *entry(instalment, crew.payer, "-4000.01", **values))
    run(PAY, *entry(instalment, crew.payer, "-4000", **values))
    instalment.refresh_from_db()
    assert (instalment.paid_usd, instalment.refunded_usd) == (Decimal(4000), Decimal(4000))


def test_a_refund_is_recorded_once(project, crew):
    instalment = first(project)
    made.pay(instalment, crew)
    values = {"kind": "refund", "proof": proof(crew), "reference": "RET-1"}
    run(PAY, *entry(instalment, crew.payer, "-100", **values))
    assert "refund_reference_once" in refused(PAY, *entry(instalment, crew.payer, "-100", **values))


def test_a_refund_after_cancellation_gives_the_money_back_to_the_envelope(project, crew):
    instalment = first(project)
    made.pay(instalment, crew)
    made.steps.cancel(project=project, user=crew.approver, note="Le site n’est plus accessible.")
    assert Envelope.objects.get().reserved_usd == Decimal(10000)
    run(PAY, *entry(instalment, crew.payer, "-2500", kind="refund", proof=proof(crew)))
    assert Envelope.objects.get().reserved_usd == Project.objects.get().reserved_usd == Decimal(7500)
    assert "instalment_gate" in refused(PAY, *entry(instalment, crew.payer, "1"))


def test_a_reversal_undoes_one_whole_entry_of_the_same_instalment_by_another(project, crew):
    instalment = first(project)
    paid = made.pay(instalment, crew, Decimal("4000"))
    values = {"kind": "reversal", "reverses": paid.pk, "note": "Erreur de montant"}
    assert "reversal_mirrors" in refused(PAY, *entry(instalment, crew.authoriser, "-3999", **values))
    second = made.instalment_of(project, 2)
    assert "reversal_mirrors" in refused(PAY, *entry(second, crew.authoriser, "-4000", **values))
    assert "reversed_by_another" in refused(PAY, *entry(instalment, crew.payer, "-4000", **values))
    assert "payment_sign_follows_kind" in refused(
        PAY, *entry(instalment, crew.authoriser, "-4000", **values | {"note": ""})
    )
    run(PAY, *entry(instalment, crew.authoriser, "-4000", **values))
    instalment.refresh_from_db()
    assert instalment.paid_usd == 0
    assert Payment.objects.get(pk=paid.pk).undone
    assert "reverses_id" in refused(PAY, *entry(instalment, crew.authoriser, "-4000", **values))
    mirror = Payment.objects.get(kind="reversal")
    again = values | {"reverses": mirror.pk}
    assert "reversal_mirrors" in refused(PAY, *entry(instalment, crew.payer, "4000", **again))


def test_a_paid_instalment_is_reopened_before_its_payment_is_undone(project, crew):
    instalment = first(project)
    paid = made.pay(instalment, crew)
    values = {"kind": "reversal", "reverses": paid.pk, "note": "Erreur"}
    assert "instalment_paid_in_full_or_settled" in refused(PAY, *entry(instalment, crew.authoriser, "-10000", **values))
    run(*state_to(instalment, "authorised", crew.authoriser))
    run(PAY, *entry(instalment, crew.authoriser, "-10000", **values))
    run(PAY, *entry(instalment, crew.payer, "10000", reference=paid.reference))  # the same transfer, entered rightly


def test_a_refund_entered_by_mistake_is_undone_too(project, crew):
    instalment = first(project)
    made.pay(instalment, crew)
    run(PAY, *entry(instalment, crew.payer, "-500", kind="refund", proof=proof(crew)))
    back = Payment.objects.get(kind="refund")
    run(PAY, *entry(instalment, crew.authoriser, "500", kind="reversal", reverses=back.pk, note="Erreur"))
    instalment.refresh_from_db()
    assert (instalment.paid_usd, instalment.refunded_usd) == (Decimal(10000), 0)


# --- Receipts -------------------------------------------------------------------------------------------------------
FILE = (
    "INSERT INTO projects_receipt (instalment_id, line_id, number, supplier, issued_on, description, amount_usd,"
    " currency, document_id, state, entered_by_id, entered_at, judgement)"
    " VALUES (%s, %s, %s, %s, %s, '', %s, 'USD', %s, %s, %s, now(), '')"
)


def piece(instalment, crew, amount="100", number="F-1", state="submitted", line=None) -> list:
    line = line or instalment.project.agreed_lines.first()
    document = made.pdf_of(crew.officer)
    return [
        instalment.pk, line.pk, number, "Quincaillerie", clock.today(), Decimal(amount), document.pk, state,
        crew.officer.pk,
    ]  # fmt: skip


JUDGE = "UPDATE projects_receipt SET state = %s, judged_by_id = %s, judged_at = now(), judgement = %s WHERE id = %s"


@pytest.fixture
def paid(project, crew):
    made.pay(first(project), crew)
    return first(project)


def test_a_receipt_is_entered_before_it_is_judged_and_by_another(paid, crew):
    assert "judged" in refused(FILE, *piece(paid, crew, state="accepted"))
    run(FILE, *piece(paid, crew))
    receipt = Receipt.objects.get()
    assert "receipt_judged_by_another" in refused(JUDGE, "accepted", crew.officer.pk, "", receipt.pk)
    assert "receipt_rejected_with_reason" in refused(JUDGE, "rejected", crew.payer.pk, "", receipt.pk)
    run(JUDGE, "accepted", crew.payer.pk, "", receipt.pk)
    assert "Invalid transition" in refused(
        "UPDATE projects_receipt SET state = 'submitted', judged_by_id = NULL WHERE id = %s", receipt.pk
    )


def test_a_receipt_is_counted_once_and_is_never_changed_nor_deleted(paid, crew):
    run(FILE, *piece(paid, crew))
    assert "receipt_counted_once" in refused(FILE, *piece(paid, crew, number="f-1"))
    receipt = Receipt.objects.get()
    assert "Cannot update" in refused("UPDATE projects_receipt SET amount_usd = 1 WHERE id = %s", receipt.pk)
    assert "Cannot delete" in refused("DELETE FROM projects_receipt WHERE id = %s", receipt.pk)


def test_the_line_and_the_instalment_are_of_one_project(paid, crew, people):
    line = made.in_state(State.ACTIVE, crew, people).agreed_lines.get()
    assert "belongs_to_the_project" in refused(FILE, *piece(paid, crew, line=line))


def test_only_accepted_receipts_count_and_a_later_rejection_takes_them_back(project, paid, crew):
    run(FILE, *piece(paid, crew, "2500"))
    receipt = Receipt.objects.get()

    def sums():
        project.refresh_from_db()
        return first(project).justified_usd, project.justified_usd, project.agreed_lines.get().spent_usd

    assert sums() == (0, 0, 0)
    run(JUDGE, "accepted", crew.payer.pk, "", receipt.pk)
    assert sums() == (2500, 2500, 2500)
    run(JUDGE, "rejected", crew.payer.pk, "Fausse facture", receipt.pk)
    assert sums() == (0, 0, 0)


def test_accepted_receipts_do_not_pass_the_instalment(paid, crew):
    run(FILE, *piece(paid, crew, "10000.01"))
    answer = refused(JUDGE, "accepted", crew.payer.pk, "", Receipt.objects.get().pk)
    assert "instalment_justified_within_amount" in answer


# --- Closure --------------------------------------------------------------------------------------------------------
def test_a_project_is_closed_to_the_cent(crew):
    project = made.in_state(State.COMPLETED, crew)
    made.account_for(project, crew)
    receipt = Receipt.objects.first()
    made_up = "UPDATE projects_instalment SET state = 'paid' WHERE id = %s", receipt.instalment_id
    run(*made_up)
    run(JUDGE, "rejected", crew.authoriser.pk, "Illisible", receipt.pk)
    answer = refused(
        "UPDATE projects_project SET state = 'closed', reserved_usd = paid_usd - refunded_usd WHERE id = %s", project.pk
    )
    assert "project_closed_to_the_cent" in answer


def test_nothing_moves_once_closed(crew):
    project = made.in_state(State.CLOSED, crew)
    instalment = first(project)
    refund = entry(instalment, crew.payer, "-1", kind="refund", proof=proof(crew))
    assert "closed_for_good" in refused(PAY, *refund)
    assert "closed_for_good" in refused(FILE, *piece(instalment, crew))
    assert "closed_for_good" in refused(JUDGE, "rejected", crew.payer.pk, "Fausse", Receipt.objects.first().pk)


def test_the_envelope_never_goes_below_zero(project, crew):
    assert "envelope_covers_reservations" in refused("UPDATE funds_envelope SET amount_usd = 19999.99")
