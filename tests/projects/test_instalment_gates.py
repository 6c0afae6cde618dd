"""The gates of an instalment: what each asks, and that people and the database are told the same of any situation."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funds.models import Mechanism
from projects.models import Finding, Instalment, Visit
from projects.money_querysets import facts_of
from projects.rules.gates import GATES, closed_gates
from projects.states import PAYABLE, State
from sr_portal.web import clock
from tests.factories import implementation as made
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db


@laid_once
def crew():
    return made.Crew()


@laid_once
def project(crew):
    """Active, three instalments of 10,000, 8,000 and 2,000 USD, of which nothing is asked."""
    return made.in_state(State.ACTIVE, crew)


def said(project, position: int) -> list[str]:
    """The codes of the closed gates as people read them."""
    return [gate.code for gate in closed_gates(facts_of(project), list(project.instalments.all()), position)]


def held(project, position: int) -> str | None:
    """The database's own answer: the first closed gate."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT instalment_gate(%s)", [project.instalments.get(position=position).pk])
        return cursor.fetchone()[0]


def first_paid(project, crew):
    first = made.instalment_of(project)
    made.pay(first, crew)
    return first


def open_the_second(project, crew):
    """All that the second instalment asks for."""
    first = first_paid(project, crew)
    made.justify(first, crew)
    made.report(project, crew, instalment=first)
    made.visit(project, crew.officer)


def open_the_last(project, crew):
    open_the_second(project, crew)
    second = made.instalment_of(project, 2)
    made.pay(second, crew)
    made.justify(second, crew)
    made.report(project, crew, "final_narrative")
    made.report(project, crew, "final_financial")


def agree(project, position: int, *codes: str) -> None:
    """Both say that these gates are closed, the database naming the first."""
    assert said(project, position) == list(codes)
    assert held(project, position) == (codes[0] if codes else None)


# --- Each gate ------------------------------------------------------------------------------------------------------
def test_nothing_holds_the_first_instalment_of_a_signed_project_back(project):
    agree(project, 1)


@pytest.mark.parametrize("state", [State.SUSPENDED, State.CANCELLED])
def test_a_suspended_or_ended_project_asks_for_nothing(crew, state):
    project = made.in_state(State.SUSPENDED, crew)
    if state == State.CANCELLED:
        project = made.steps.cancel(project=project, user=crew.approver, note="Le site n’est plus accessible.")
    agree(project, 1, "state")


def test_without_a_signed_agreement_nothing_is_asked(crew):
    project = made.approved()
    made.prepare_agreement(project, crew.officer)
    agree(project, 1, "state", "agreement", "bank")


def test_bank_details_that_finance_no_longer_vouches_for_hold_it_back(project, crew):
    from funds.services import bank

    account = project.partner.bank_accounts.get(status="verified")
    bank.retire(by=crew.payer, account=account, reason="Compte fermé")
    agree(project, 1, "bank")


def test_an_instalment_waits_for_the_one_before(project, crew):
    made.visit(project, crew.officer)
    agree(project, 2, "order", "report")


def test_an_open_blocking_finding_holds_every_instalment_back(project, crew):
    made.finding(project, crew.officer, "major")
    agree(project, 1)
    blocking = made.finding(project, crew.officer, "blocking")
    agree(project, 1, "finding")
    blocking.closed_at, blocking.closed_by, blocking.closing_note = clock.now(), crew.officer, "Repris"
    blocking.save()
    agree(project, 1)


def test_the_second_waits_for_the_report_on_the_first(project, crew):
    first = first_paid(project, crew)
    made.justify(first, crew)
    made.visit(project, crew.officer)
    agree(project, 2, "report")
    made.report(project, crew, instalment=first, state="submitted")
    agree(project, 2, "report")


def test_an_accepted_report_opens_the_second(project, crew):
    open_the_second(project, crew)
    agree(project, 2)


def test_three_quarters_of_what_was_paid_must_be_justified_to_the_cent(project, crew):
    first = first_paid(project, crew)
    made.report(project, crew, instalment=first)
    made.visit(project, crew.officer)
    made.justify(first, crew, Decimal("7499.99"))
    agree(project, 2, "justified")
    made.justify(first, crew, Decimal("0.01"))
    agree(project, 2)


def test_a_refund_lowers_what_must_be_justified(project, crew):
    first = first_paid(project, crew)
    made.report(project, crew, instalment=first)
    made.visit(project, crew.officer)
    made.justify(first, crew, Decimal("6000"))
    agree(project, 2, "justified")
    made.Payment.objects.create(
        instalment=first, kind="refund", reference="RET-1", paid_on=clock.today(), amount_usd=Decimal("-2000"),
        proof=made.pdf_of(crew.payer), recorded_by=crew.payer,
    )  # fmt: skip
    agree(project, 2)


def test_the_second_waits_for_a_visit_that_was_made(project, crew):
    first = first_paid(project, crew)
    made.justify(first, crew)
    made.report(project, crew, instalment=first)
    made.visit(project, crew.officer, done=False)
    agree(project, 2, "visit")
    made.visit(project, crew.officer)
    agree(project, 2)


@pytest.mark.parametrize("lacking", ["final_narrative", "final_financial"])
def test_the_last_waits_for_both_final_reports(project, crew, lacking):
    open_the_second(project, crew)
    second = made.instalment_of(project, 2)
    made.pay(second, crew)
    made.justify(second, crew)
    made.report(project, crew, instalment=second)
    for kind in {"final_narrative", "final_financial"} - {lacking}:
        made.report(project, crew, kind)
    agree(project, 3, "final_report")
    made.report(project, crew, lacking)
    agree(project, 3)


# --- A mechanism that counts what is spent or committed -------------------------------------------------------------
@laid_once
def counting():
    """The mechanism of these projects opens the next tranche on what is spent or committed, the last one too."""
    Mechanism.objects.filter(code="QIP").update(next_tranche_counts="spent_or_committed", last_after_final_report=False)


def declare(project, crew, position: int, spent: str, committed: str, **fields):
    report = made.report(project, crew, instalment=made.instalment_of(project, position), state="draft")
    for name, value in {"declared_spent_usd": spent, "declared_committed_usd": committed, **fields}.items():
        setattr(report, name, value)
    report.save()
    report.state, report.submitted_by, report.submitted_at = "submitted", project.author, clock.now()
    report.save()
    report.state, report.judged_by, report.judged_at = "accepted", crew.officer, clock.now()
    report.save()
    return report


@pytest.mark.parametrize(
    ("spent", "committed", "codes"),
    [("5000", "2499.99", ["spent"]), ("5000", "2500", []), ("0", "7500", []), ("7500", "0", [])],
)
def test_three_quarters_spent_or_committed_open_the_next_without_any_receipt(
    project, crew, counting, spent, committed, codes
):
    first_paid(project, crew)
    made.visit(project, crew.officer)
    declare(project, crew, 1, spent, committed)
    agree(project, 2, *codes)


def test_what_receipts_prove_is_spent_whatever_was_declared(project, crew, counting):
    first = first_paid(project, crew)
    made.visit(project, crew.officer)
    declare(project, crew, 1, "1000", "0")
    agree(project, 2, "spent")
    made.justify(first, crew, Decimal("7500"))
    agree(project, 2)


def test_the_last_accepted_declaration_counts_alone(project, crew, counting):
    """The second tranche, 8,000 of which nothing more was committed: 18,000 paid, 8,000 declared."""
    first_paid(project, crew)
    made.visit(project, crew.officer)
    declare(project, crew, 1, "8000", "0", period_to=clock.today())
    made.pay(made.instalment_of(project, 2), crew)
    declare(project, crew, 2, "8000", "0", period_to=clock.today())
    agree(project, 3, "spent")


def test_the_last_instalment_opens_as_the_others_where_the_mechanism_does_not_hold_it(project, crew, counting):
    first_paid(project, crew)
    made.visit(project, crew.officer)
    declare(project, crew, 1, "8000", "1000")
    made.pay(made.instalment_of(project, 2), crew)
    agree(project, 3, "report", "spent")
    declare(project, crew, 2, "12000", "2000")
    agree(project, 3)


def test_more_than_was_approved_is_not_declared(project, crew, counting):
    first_paid(project, crew)
    with pytest.raises(DatabaseError, match="declared_within_approved"):
        declare(project, crew, 1, "20000", "0.01")


def test_each_gate_says_where_it_is_mended(project):
    facts = facts_of(project)
    worst = facts.__class__(
        State.SUSPENDED, signed=False, bank_verified=False, blocking_finding=True, visited=False,
        final_reports=frozenset(), reported_up_to=0, justified_usd=Decimal(0), share=Decimal(75),
    )  # fmt: skip
    plan = [
        Instalment(position=1, state="planned", amount_usd=60, paid_usd=Decimal(10)),
        Instalment(position=2, state="planned", amount_usd=30),
        Instalment(position=3, state="planned", amount_usd=10),
    ]
    counting = replace(worst, counts="spent_or_committed")
    found = closed_gates(worst, plan, 2) + closed_gates(worst, plan, 3) + closed_gates(counting, plan, 2)
    assert {gate.code for gate in found} == set(GATES)
    assert all(str(gate.reason) and gate.route for gate in found)


# --- Any situation --------------------------------------------------------------------------------------------------
STATES = [*PAYABLE, State.APPROVED, State.SUSPENDED, State.CANCELLED]
AMOUNTS = {1: Decimal(10000), 2: Decimal(8000), 3: Decimal(2000)}
cents = st.decimals(min_value=0, max_value=20000, places=2)


@st.composite
def tranches(draw):
    """State, paid, refunded for each instalment, as the checks of its row allow."""
    rows = {}
    for position, amount in AMOUNTS.items():
        state = draw(st.sampled_from(["planned", "requested", "authorised", "paid", "paid", "justified", "justified"]))
        settled = state in ("paid", "justified") and draw(st.booleans())
        part = draw(st.decimals(min_value=1, max_value=amount, places=2))
        paid = {"planned": 0, "requested": 0, "authorised": part if draw(st.booleans()) else 0}.get(
            state, part if settled else amount
        )
        refunded = draw(st.decimals(min_value=0, max_value=paid, places=2)) if draw(st.booleans()) else Decimal(0)
        rows[position] = (state, settled, paid, refunded)
    return rows


situations = st.fixed_dictionaries(
    {
        "state": st.sampled_from(STATES),
        "signed": st.sampled_from([True, True, True, False]),
        "bank": st.sampled_from(["verified", "verified", "verified", "retired", "to_verify"]),
        "tranches": tranches(),
        "findings": st.lists(st.tuples(st.sampled_from(["minor", "major", "blocking"]), st.booleans()), max_size=2),
        "visits": st.lists(st.sampled_from(["planned", "done", "done", "cancelled"]), max_size=2),
        "interim": st.dictionaries(st.sampled_from([1, 2, 3]), st.sampled_from(["draft", "returned", "accepted"])),
        "final": st.dictionaries(
            st.sampled_from(["final_narrative", "final_financial"]), st.sampled_from(["submitted", "accepted", "accepted"])
        ),
        "justified": st.one_of(cents, st.just(Decimal("7500")), st.just(Decimal("13500"))),
        "share": st.sampled_from(["75.00", "33.33", "100.00", "0.00"]),
        "counts": st.sampled_from(["justified", "spent_or_committed", "spent_or_committed"]),
        "last_held": st.booleans(),
        "declared": st.dictionaries(
            st.sampled_from([1, 2, 3]),
            st.tuples(st.sampled_from(["7500", "13500", "0", "100.01"]), st.sampled_from([0, 3, 3, 5]), st.booleans()),
        ),
    }
)  # fmt: skip


def write(project, crew, situation) -> None:
    """Rows as they might stand, the triggers asleep: only the checks of each row hold."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        settled = situation["state"] == State.CANCELLED
        cursor.execute(
            "UPDATE projects_project SET state = %s, justified_usd = %s, paid_usd = 0, refunded_usd = 0,"
            " reserved_usd = CASE WHEN %s THEN 0 ELSE approved_usd END WHERE id = %s",
            [situation["state"], situation["justified"], settled, project.pk],
        )
        if not situation["signed"]:
            cursor.execute(
                "UPDATE projects_agreement SET signed_at = NULL, signed_by_id = NULL WHERE project_id = %s",
                [project.pk],
            )
        if situation["bank"] != "verified":
            cursor.execute(
                "UPDATE funds_bankaccount SET status = %s, verified_by_id = NULL, verified_at = NULL, closed_by_id = %s,"
                " closed_at = now(), closing_reason = 'Compte fermé' WHERE organisation_id = %s",
                ["retired", crew.payer.pk, project.partner_id],
            )
        cursor.execute(
            "UPDATE funds_mechanism SET justified_share_min = %s, next_tranche_counts = %s,"
            " last_after_final_report = %s WHERE code = 'QIP'",
            [situation["share"], situation["counts"], situation["last_held"]],
        )
        for position, (state, is_settled, paid, refunded) in situation["tranches"].items():
            asked = state != "planned"
            authorised = state not in ("planned", "requested")
            justified = paid - refunded if state == "justified" else 0
            cursor.execute(
                "UPDATE projects_instalment SET state = %s, settled = %s, settled_reason = %s, paid_usd = %s,"
                " refunded_usd = %s, justified_usd = %s, requested_by_id = %s, authorised_by_id = %s"
                " WHERE project_id = %s AND position = %s",
                [
                    state, is_settled, "Reliquat" if is_settled else "", paid, refunded, justified,
                    crew.officer.pk if asked else None, crew.authoriser.pk if authorised else None, project.pk, position,
                ],
            )  # fmt: skip
        cursor.execute("SET LOCAL session_replication_role = origin")
    plan = {instalment.position: instalment for instalment in project.instalments.all()}
    rows = [
        Finding(
            project=project, severity=severity, text="Fissure", due_on=clock.today(), created_by=crew.officer,
            **({"closed_at": clock.now(), "closed_by": crew.officer, "closing_note": "Repris"} if closed else {}),
        )
        for severity, closed in situation["findings"]
    ]  # fmt: skip
    Finding.objects.bulk_create(rows)
    for state in situation["visits"]:
        one = made.visit(project, crew.officer, "other", done=state == "done")
        if state == "cancelled":
            Visit.objects.filter(pk=one.pk).update(state="cancelled", cancelled_reason="Route coupée")
    for position, state in situation["interim"].items():
        made.report(project, crew, instalment=plan[position], state=state)
    for kind, state in situation["final"].items():
        made.report(project, crew, kind, state=state)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for position, (amount, days_ago, half) in situation["declared"].items():
            cursor.execute(
                "UPDATE projects_report SET declared_spent_usd = %s, declared_committed_usd = %s,"
                " period_from = %s, period_to = %s WHERE instalment_id = %s",
                [amount, None if half and position == 3 else 10, made.dt.date(2026, 1, 1),
                 clock.today() - made.dt.timedelta(days=days_ago) if days_ago else None, plan[position].pk],
            )  # fmt: skip
        cursor.execute("SET LOCAL session_replication_role = origin")


@settings(
    max_examples=120, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(situation=situations)
def test_people_and_the_database_are_told_the_same(project, crew, situation):
    with transaction.atomic():
        write(project, crew, situation)
        facts, plan = facts_of(project), list(project.instalments.all())
        for instalment in plan:
            told = [gate.code for gate in closed_gates(facts, plan, instalment.position)]
            assert held(project, instalment.position) == (told[0] if told else None), told
        transaction.set_rollback(True)
