"""Requesting, authorising, paying, settling, refunding and correcting an instalment, by the services."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from funds.models import Envelope, Interest
from projects.models import Payment, Project, StateChange
from projects.rules.amounts import Sum, in_xof
from projects.services import instalments, payments
from projects.services.steps import StepRefused
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import usd
from tests.factories import implementation as made
from tests.factories import money
from tests.factories.accounts import user_with
from tests.factories.projects import fresh, region
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@laid_once
def crew():
    return made.Crew()


@laid_once
def project(crew):
    """Agreed, 20,000 USD in three instalments of 10,000, 8,000 and 2,000 USD."""
    return made.in_state(State.AGREED, crew)


@laid_once
def first(project):
    return made.instalment_of(project)


def reread(record):
    return type(record).objects.get(pk=record.pk)


def told(error) -> str:
    return " ".join(error.value.messages)


# --- The steps and their people -------------------------------------------------------------------------------------
def test_an_instalment_is_requested_authorised_and_paid_by_three_people(first, crew):
    asked = instalments.request(instalment=first, user=fresh(crew.officer), note="Le chantier démarre le 1er.")
    assert (asked.state, asked.requested_by, asked.request_note) == (
        "requested",
        crew.officer,
        "Le chantier démarre le 1er.",
    )
    allowed = instalments.authorise(instalment=asked, user=fresh(crew.authoriser))
    assert (allowed.state, allowed.authorised_by) == ("authorised", crew.authoriser)
    paid = payments.pay(instalment=allowed, user=fresh(crew.payer), movement=money.movement("10000"))
    assert (reread(first).state, reread(first).paid_usd, paid.recorded_by) == ("paid", Decimal(10000), crew.payer)


def test_the_authority_that_approves_may_authorise_too(first, crew):
    asked = money.request(first, crew)
    assert instalments.authorise(instalment=asked, user=fresh(crew.approver)).authorised_by == crew.approver


def test_a_head_of_office_authorises_in_their_region_up_to_the_delegated_amount(first, crew):
    asked = money.request(first, crew)
    with pytest.raises(PermissionDenied):
        instalments.authorise(instalment=asked, user=user_with(Role.APPROVER, region=region("ML-8")))
    head = user_with(Role.APPROVER, region=region())
    mechanism = first.project.mechanism
    mechanism.delegated_usd = Decimal("19999.99")
    mechanism.save()
    with pytest.raises(PermissionDenied):
        instalments.authorise(instalment=asked, user=head)


def test_who_requests_does_not_authorise_and_neither_pays(first, crew):
    everything = user_with(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER)
    asked = instalments.request(instalment=first, user=everything)
    with pytest.raises(PermissionDenied, match="Vous avez demandé cette tranche"):
        instalments.authorise(instalment=asked, user=fresh(everything))
    allowed = instalments.authorise(instalment=asked, user=fresh(crew.authoriser))
    for person, why in ((everything, "Vous avez demandé"), (crew.authoriser, "Vous avez autorisé")):
        with pytest.raises(PermissionDenied, match=why):
            payments.pay(instalment=allowed, user=fresh(person), movement=money.movement("10000"))
    assert not Payment.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PROGRAMME_OFFICER])
def test_only_a_programme_officer_requests(first, role):
    with pytest.raises(PermissionDenied):
        instalments.request(instalment=first, user=user_with(role))
    assert reread(first).state == "planned"


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.FINANCE_OFFICER, Role.APPROVER)])
def test_only_finance_or_the_approving_authority_authorises(first, crew, role):
    asked = money.request(first, crew)
    with pytest.raises(PermissionDenied):
        instalments.authorise(instalment=asked, user=user_with(role))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE_OFFICER])
def test_only_finance_pays(first, crew, role):
    allowed = money.authorise(first, crew)
    with pytest.raises(PermissionDenied):
        payments.pay(instalment=allowed, user=user_with(role), movement=money.movement("10000"))


def test_who_wrote_the_project_or_has_an_interest_in_its_partner_touches_none_of_its_money(project, first, crew):
    writer = user_with(Role.PROGRAMME_OFFICER)
    project.coauthors.add(writer)
    interested = user_with(Role.PROGRAMME_OFFICER)
    Interest.objects.create(user=interested, organisation=project.partner, nature="Frère du président")
    for person, why in ((writer, "Vous avez rédigé"), (interested, "Vous avez déclaré un intérêt")):
        with pytest.raises(PermissionDenied, match=why):
            instalments.request(instalment=first, user=fresh(person))


def test_outside_one_s_region_nobody_requests_authorises_or_pays(first, crew):
    elsewhere = region("ML-8")
    with pytest.raises(PermissionDenied):
        instalments.request(instalment=first, user=user_with(Role.PROGRAMME_OFFICER, region=elsewhere))
    asked = money.request(first, crew)
    with pytest.raises(PermissionDenied):
        instalments.authorise(instalment=asked, user=user_with(Role.FINANCE_OFFICER, region=elsewhere))
    allowed = instalments.authorise(instalment=asked, user=fresh(crew.authoriser))
    with pytest.raises(PermissionDenied):
        payments.pay(
            instalment=allowed, user=user_with(Role.FINANCE_OFFICER, region=elsewhere), movement=money.movement()
        )


def test_a_step_already_taken_is_not_taken_again(first, crew):
    asked = money.request(first, crew)
    with pytest.raises(StepRefused, match="Demandée"):
        money.request(asked, crew)
    allowed = instalments.authorise(instalment=asked, user=fresh(crew.authoriser))
    with pytest.raises(StepRefused, match="Autorisée"):
        instalments.authorise(instalment=allowed, user=fresh(crew.approver))


# --- Gates ----------------------------------------------------------------------------------------------------------
def close_bank(project, crew):
    from funds.services import bank

    bank.retire(by=crew.payer, account=project.partner.bank_accounts.get(status="verified"), reason="Compte fermé")


def find(project, crew):
    made.finding(project, crew.officer, "blocking")


def suspend(project, crew):
    made.steps.start(project=project, user=fresh(crew.officer), note="Le chantier est ouvert.")
    made.steps.suspend(project=project, user=crew.approver, note="Insécurité.")


@pytest.mark.parametrize("close, why", [(close_bank, "bancaires"), (find, "bloquant"), (suspend, "Suspendue")])
@pytest.mark.parametrize("step", ["request", "authorise", "pay"])
def test_a_gate_that_closes_stops_each_step_and_says_why(project, first, crew, close, why, step):
    if step != "request":
        first = money.request(first, crew)
    if step == "pay":
        first = instalments.authorise(instalment=first, user=fresh(crew.authoriser))
    close(project, crew)
    acts = {
        "request": lambda: money.request(first, crew),
        "authorise": lambda: instalments.authorise(instalment=first, user=fresh(crew.authoriser)),
        "pay": lambda: money.pay(first, crew),
    }
    with pytest.raises(StepRefused, match=why):
        acts[step]()
    assert not Payment.objects.exists()


def test_everything_that_holds_the_second_back_is_listed_at_once(project, first, crew):
    money.pay(first, crew)
    find(project, crew)
    with pytest.raises(StepRefused) as error:
        money.request(made.instalment_of(project, 2), crew)
    assert len(error.value.messages) == 4  # finding, report, receipts, visit
    assert usd(7500) in told(error)


def test_a_whole_plan_is_paid_as_its_gates_open(project, first, crew):
    money.pay(first, crew)
    money.justify(first, crew, "10000")
    made.report(project, crew, instalment=first)
    made.visit(project, crew.officer)
    second = made.instalment_of(project, 2)
    money.pay(second, crew)
    money.justify(second, crew, "8000")
    made.report(project, crew, "final_narrative")
    made.report(project, crew, "final_financial")
    money.pay(made.instalment_of(project, 3), crew)
    project = reread(project)
    assert (project.paid_usd, project.justified_usd) == (Decimal(20000), Decimal(18000))
    assert [row.state for row in project.instalments.all()] == ["justified", "justified", "paid"]


# --- The first payment starts the project ---------------------------------------------------------------------------
def test_the_first_payment_starts_the_project_and_the_next_do_not(project, first, crew):
    paid = money.pay(first, crew, "4000")
    assert reread(project).state == State.ACTIVE
    change = StateChange.objects.get(project=project, target=State.ACTIVE)
    assert (change.transition, change.actor) == ("start", crew.payer) and paid.reference in change.note
    money.pay(reread(first), crew)
    assert StateChange.objects.filter(project=project, transition="start").count() == 1


def test_a_project_already_started_stays_as_it_is(project, first, crew):
    made.start(project, crew)
    money.pay(first, crew)
    assert StateChange.objects.filter(project=project, transition="start").count() == 1


# --- Payment --------------------------------------------------------------------------------------------------------
def test_a_payment_in_francs_keeps_amount_rate_and_day_and_counts_in_dollars(first, crew):
    paid = money.pay(first, crew, "6000000", currency="XOF", rate=Decimal("600"), rate_on=clock.today().replace(day=1))
    assert (paid.amount_usd, paid.local_amount, paid.rate) == (Decimal("10000.00"), Decimal("6000000"), Decimal(600))
    assert reread(first).state == "paid"


def test_any_amount_in_dollars_is_reached_by_a_whole_number_of_francs():
    for rate in (Decimal("553.1234"), Decimal("600"), Decimal("655.957")):
        for amount in (Decimal("10000.00"), Decimal("1234.56"), Decimal("0.01"), Decimal("17500.49")):
            assert Sum(in_xof(amount, rate), "XOF", rate, clock.today()).usd == amount


def test_parts_are_paid_until_the_whole_is(first, crew):
    money.pay(first, crew, "4000")
    part = reread(first)
    assert (part.state, part.unpaid_usd) == ("authorised", Decimal(6000))
    with pytest.raises(ValidationError) as error:
        money.pay(part, crew, "6000.01")
    assert usd(6000) in told(error)
    money.pay(part, crew, "6000")
    assert reread(first).state == "paid"
    with pytest.raises(StepRefused, match="Payée"):
        money.pay(reread(first), crew, "1")


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"reference": " "}, "reference"),
        ({"paid_on": clock.today() + made.dt.timedelta(days=1)}, "paid_on"),
        ({"paid_on": clock.today() - made.dt.timedelta(days=1)}, "paid_on"),  # before the signature
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "10000.01"}, "amount"),
        ({"currency": "XOF"}, "rate"),
        ({"currency": "XOF", "rate": Decimal(0), "rate_on": clock.today()}, "rate"),
        ({"currency": "XOF", "rate": Decimal(600)}, "rate_on"),
        ({"currency": "XOF", "rate": Decimal(600), "rate_on": clock.today() + made.dt.timedelta(days=1)}, "rate_on"),
    ],
)
def test_what_is_wrong_with_a_payment_is_named(first, crew, fields, field):
    allowed = money.authorise(first, crew)
    with pytest.raises(ValidationError) as error:
        money.pay(allowed, crew, **{"amount": "100", **fields})
    assert field in error.value.error_dict
    assert not Payment.objects.exists()


def test_the_same_reference_is_not_paid_twice(first, crew):
    money.pay(first, crew, "4000", reference="VIR-12")
    with pytest.raises(ValidationError, match="déjà cette référence"):
        money.pay(reread(first), crew, "4000", reference="vir-12 ")
    assert reread(first).paid_usd == Decimal(4000)


def test_the_receipt_signed_by_the_partner_is_joined_with_the_payment_or_later_once(first, crew):
    paid = money.pay(first, crew)
    joined = payments.join_signed_receipt(
        payment=paid, user=fresh(first.project.author), receipt=money.upload("Reçu.pdf")
    )
    assert joined.signed_receipt.original_name == "Reçu.pdf"
    with pytest.raises(StepRefused, match="déjà joint"):
        payments.join_signed_receipt(payment=paid, user=fresh(crew.officer), receipt=money.upload())
    with pytest.raises(PermissionDenied):
        payments.join_signed_receipt(payment=paid, user=user_with(Role.PROPOSER), receipt=money.upload())


# --- Sending back, settling -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["requested", "authorised"])
def test_a_request_is_sent_back_with_its_reason_and_can_be_made_again(first, crew, state):
    asked = money.request(first, crew) if state == "requested" else money.authorise(first, crew)
    with pytest.raises(ValidationError, match="motif"):
        instalments.send_back(instalment=asked, user=fresh(crew.payer), reason=" ")
    back = instalments.send_back(instalment=asked, user=fresh(crew.payer), reason="La banque est en grève.")
    assert (back.state, back.requested_by, back.authorised_by) == ("planned", None, None)
    sent = back.returns.get()
    assert (sent.source, sent.reason, sent.returned_by) == (state, "La banque est en grève.", crew.payer)
    assert money.request(back, crew).state == "requested"


def test_what_is_paid_in_part_is_settled_not_sent_back(first, crew):
    allowed = money.authorise(first, crew)
    with pytest.raises(StepRefused, match="Rien n’en est payé"):
        instalments.settle(instalment=allowed, user=fresh(crew.payer), reason="Devis plus bas")
    money.pay(allowed, crew, "9000")
    with pytest.raises(StepRefused, match="soldez-la"):
        instalments.send_back(instalment=allowed, user=fresh(crew.payer), reason="Erreur")
    with pytest.raises(ValidationError, match="motif"):
        instalments.settle(instalment=allowed, user=fresh(crew.payer), reason="")
    settled = instalments.settle(instalment=allowed, user=fresh(crew.payer), reason="Devis plus bas")
    assert (settled.state, settled.unpaid_usd, settled.settled_reason) == ("paid", 0, "Devis plus bas")


def test_a_settled_instalment_already_covered_is_justified(first, crew):
    allowed = money.authorise(first, crew)
    money.pay(allowed, crew, "9000")
    money.justify(allowed, crew, "9000")
    assert reread(first).state == "authorised"
    assert instalments.settle(instalment=allowed, user=fresh(crew.payer), reason="Devis plus bas").state == "justified"


# --- Refunds --------------------------------------------------------------------------------------------------------
def test_a_refund_is_negative_and_justifies_with_the_receipts_what_was_paid(first, crew):
    money.pay(first, crew)
    money.justify(first, crew, "9500")
    back = money.refund(reread(first), crew, "500")
    assert (back.amount_usd, back.kind) == (Decimal(-500), "refund") and back.proof
    assert reread(first).state == "justified"
    assert reread(first.project).refunded_usd == Decimal(500)


def test_a_refund_in_francs_keeps_its_rate(first, crew):
    money.pay(first, crew)
    back = money.refund(reread(first), crew, "600000", currency="XOF", rate=Decimal(600), rate_on=clock.today())
    assert (back.amount_usd, back.local_amount) == (Decimal(-1000), Decimal(-600000))


def test_a_refund_has_its_proof_and_is_at_most_what_is_paid_and_not_justified(first, crew):
    money.pay(first, crew)
    money.justify(first, crew, "9500")
    with pytest.raises(ValidationError) as error:
        money.refund(reread(first), crew, "500.01")
    assert usd(500) in told(error)
    with pytest.raises(ValidationError, match="preuve"):
        payments.refund(instalment=reread(first), user=fresh(crew.payer), movement=money.movement("5"), proof=None)
    assert reread(first).refunded_usd == 0


def test_money_comes_back_after_cancellation_and_goes_to_the_envelope(project, first, crew):
    money.pay(first, crew)
    made.steps.cancel(project=project, user=fresh(crew.approver), note="Le site n’est plus accessible.")
    envelope = Envelope.objects.get()
    assert envelope.reserved_usd == Decimal(10000)
    money.refund(reread(first), crew, "10000")
    assert reread(envelope).reserved_usd == 0
    assert reread(project).reserved_usd == 0


def test_nothing_comes_back_once_closed(crew):
    project = made.in_state(State.CLOSED, crew)
    with pytest.raises(StepRefused, match="Clôturée"):
        money.refund(made.instalment_of(project), crew, "1")


# --- Reversal -------------------------------------------------------------------------------------------------------
def test_a_mistaken_payment_is_undone_by_another_and_paid_rightly_under_the_same_reference(first, crew):
    wrong = money.pay(first, crew, reference="VIR-9")
    with pytest.raises(PermissionDenied, match="Vous avez enregistré"):
        payments.reverse(payment=wrong, user=fresh(crew.payer), reason="Mauvais montant")
    with pytest.raises(ValidationError, match="motif"):
        payments.reverse(payment=wrong, user=fresh(crew.authoriser), reason=" ")
    mirror = payments.reverse(payment=wrong, user=fresh(crew.authoriser), reason="Mauvais montant")
    assert (mirror.amount_usd, mirror.reverses, mirror.note) == (Decimal(-10000), wrong, "Mauvais montant")
    assert reread(wrong).undone
    assert (reread(first).state, reread(first).paid_usd) == ("authorised", 0)
    money.pay(reread(first), crew, "9000", reference="VIR-9")
    assert reread(first.project).paid_usd == Decimal(9000)


def test_an_entry_is_undone_once_and_a_reversal_never(first, crew):
    wrong = money.pay(first, crew)
    mirror = payments.reverse(payment=wrong, user=fresh(crew.authoriser), reason="Mauvais montant")
    for entry in (wrong, mirror):
        with pytest.raises(StepRefused, match="déjà annulée"):
            payments.reverse(payment=entry, user=user_with(Role.FINANCE_OFFICER), reason="Encore")


def test_a_payment_on_which_a_refund_rests_is_not_undone_before_it(first, crew):
    paid = money.pay(first, crew)
    back = money.refund(reread(first), crew, "100")
    with pytest.raises(StepRefused, match="remboursement"):
        payments.reverse(payment=paid, user=fresh(crew.authoriser), reason="Erreur")
    payments.reverse(payment=back, user=fresh(crew.authoriser), reason="Erreur")
    payments.reverse(payment=paid, user=fresh(crew.authoriser), reason="Erreur")
    assert (reread(first).paid_usd, reread(first).refunded_usd) == (0, 0)


def test_a_refund_undone_leaves_the_instalment_to_be_justified_again(first, crew):
    money.pay(first, crew)
    money.justify(first, crew, "9500")
    back = money.refund(reread(first), crew, "500")
    payments.reverse(payment=back, user=fresh(crew.authoriser), reason="Rejeté par la banque")
    assert reread(first).state == "paid"
    assert money.refund(reread(first), crew, "500", reference=back.reference)


def test_a_settled_instalment_whose_payment_is_undone_is_open_again(first, crew):
    allowed = money.authorise(first, crew)
    paid = money.pay(allowed, crew, "9000")
    instalments.settle(instalment=allowed, user=fresh(crew.payer), reason="Devis plus bas")
    payments.reverse(payment=paid, user=fresh(crew.authoriser), reason="Erreur")
    assert (reread(first).state, reread(first).settled, reread(first).unpaid_usd) == (
        "authorised",
        False,
        Decimal(10000),
    )


def test_after_cancellation_a_reversal_follows_into_the_envelope(project, first, crew):
    paid = money.pay(first, crew)
    made.steps.cancel(project=project, user=fresh(crew.approver), note="Le site n’est plus accessible.")
    payments.reverse(payment=paid, user=fresh(crew.authoriser), reason="Virement rejeté par la banque")
    assert Envelope.objects.get().reserved_usd == 0
    assert Project.objects.get().paid_usd == 0
