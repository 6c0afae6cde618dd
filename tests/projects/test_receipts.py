"""Receipts: entered by who follows the project, judged by another from finance, counted once accepted."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from funds.models import Interest
from projects.models import Receipt
from projects.rules.amounts import Sum
from projects.services import receipts
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
    return made.in_state(State.ACTIVE, crew)


@laid_once
def first(project, crew):
    """Paid, 10,000 USD."""
    money.pay(made.instalment_of(project), crew)
    return made.instalment_of(project)


def reread(record):
    return type(record).objects.get(pk=record.pk)


def test_the_focal_point_or_a_programme_officer_enters_and_finance_accepts(project, first, crew):
    for by in (project.author, crew.officer):
        receipt = money.enter(first, by, "2500")
        assert (receipt.state, receipt.entered_by) == ("submitted", by)
        accepted = receipts.accept(receipt=receipt, user=fresh(crew.payer))
        assert (accepted.state, accepted.judged_by) == ("accepted", crew.payer)
    assert reread(first).justified_usd == Decimal(5000)
    assert project.agreed_lines.get().spent_usd == Decimal(5000)


def test_others_do_not_enter_receipts(project, first):
    interested = user_with(Role.PROGRAMME_OFFICER)
    Interest.objects.create(user=interested, organisation=project.partner, nature="Frère du président")
    others = [user_with(role) for role in set(Role) - {Role.PROGRAMME_OFFICER}]
    for person in (*others, interested, user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"))):
        with pytest.raises(PermissionDenied):
            money.enter(first, person)
    assert not Receipt.objects.exists()


def test_who_enters_does_not_judge_nor_does_who_wrote_the_project(project, first, crew):
    both = user_with(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER)
    receipt = money.enter(first, both)
    with pytest.raises(PermissionDenied, match="Vous avez saisi"):
        receipts.accept(receipt=receipt, user=fresh(both))
    project.coauthors.add(crew.payer)
    with pytest.raises(PermissionDenied, match="Vous avez rédigé"):
        receipts.reject(receipt=receipt, user=fresh(crew.payer), reason="Illisible")
    for role in set(Role) - {Role.FINANCE_OFFICER}:
        with pytest.raises(PermissionDenied):
            receipts.accept(receipt=receipt, user=user_with(role))


def test_an_instalment_is_justified_once_its_receipts_cover_it_and_no_longer_when_one_is_rejected(first, crew):
    money.justify(first, crew, "9999.99")
    assert reread(first).state == "paid"
    last = money.justify(first, crew, "0.01")
    assert reread(first).state == "justified"
    rejected = receipts.reject(receipt=last, user=fresh(crew.payer), reason="Doublon")
    assert (rejected.judgement, reread(first).state) == ("Doublon", "paid")


def test_a_rejection_has_its_reason_and_the_piece_may_be_entered_again(first, crew):
    receipt = money.enter(first, crew.officer, number="F-1")
    with pytest.raises(ValidationError, match="motif"):
        receipts.reject(receipt=receipt, user=fresh(crew.payer), reason="  ")
    receipts.reject(receipt=receipt, user=fresh(crew.payer), reason="Illisible")
    with pytest.raises(StepRefused, match="Rejetée"):
        receipts.accept(receipt=receipt, user=fresh(crew.payer))
    assert money.enter(first, crew.officer, number="F-1").state == "submitted"


def test_the_same_piece_of_the_same_supplier_is_entered_once_for_an_instalment(project, first, crew):
    money.enter(first, crew.officer, number="F-1")
    with pytest.raises(ValidationError) as error:
        money.enter(first, crew.officer, number="f-1 ")
    assert "number" in error.value.error_dict
    second = made.instalment_of(project, 2)
    assert money.enter(second, crew.officer, number="F-1")  # the part that the second instalment bears
    assert [twin.instalment.position for twin in receipts.twins(Receipt.objects.get(instalment=second))] == [1]


def test_accepted_receipts_do_not_pass_the_instalment_refunds_deducted(first, crew):
    money.refund(first, crew, "1000")
    money.justify(first, crew, "8000")
    receipt = money.enter(first, crew.officer, "1000.01")
    with pytest.raises(StepRefused) as error:
        receipts.accept(receipt=receipt, user=fresh(crew.payer))
    assert usd(1000) in error.value.messages[0]
    assert reread(receipt).state == "submitted"


def test_the_pieces_of_the_last_instalment_are_verified_before_it_is_paid(project, first, crew):
    last = made.instalment_of(project, 3)
    assert money.justify(last, crew, "2000").state == "accepted"
    assert (reread(last).state, reread(last).justified_usd) == ("planned", Decimal(2000))


def test_a_piece_in_francs_counts_in_dollars(first, crew):
    stated = Sum(Decimal(600000), "XOF", Decimal(600), clock.today())
    receipt = receipts.enter(
        instalment=first, line=first.project.agreed_lines.get(), user=fresh(crew.officer),
        piece=receipts.Piece("F-9", "Quincaillerie", clock.today(), stated), document=money.upload(),
    )  # fmt: skip
    assert (receipt.amount_usd, receipt.local_amount) == (Decimal(1000), Decimal(600000))


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"number": " "}, "number"),
        ({"supplier": ""}, "supplier"),
        ({"issued_on": clock.today() + made.dt.timedelta(days=1)}, "issued_on"),
        ({"amount": "0"}, "amount"),
    ],
)
def test_what_is_wrong_with_a_piece_is_named(first, crew, fields, field):
    with pytest.raises(ValidationError) as error:
        money.enter(first, crew.officer, **fields)
    assert field in error.value.error_dict


def test_a_line_of_another_project_is_refused(first, crew):
    with pytest.raises(ValidationError, match="autre projet"):
        other = first.project.agreed_lines.get()
        other.project_id += 1
        money.enter(first, crew.officer, line=other)


def test_after_cancellation_receipts_still_count_against_what_is_to_be_refunded(project, first, crew):
    made.steps.cancel(project=project, user=fresh(crew.approver), note="Le site n’est plus accessible.")
    money.justify(first, crew, "4000")
    assert reread(project).justified_usd == Decimal(4000)
    money.refund(reread(first), crew, "6000")
    assert reread(first).state == "justified"


def test_before_the_agreement_and_after_closure_there_is_nothing_to_enter(crew):
    closed = made.in_state(State.CLOSED, crew)
    with pytest.raises(StepRefused, match="Clôturée"):
        money.enter(made.instalment_of(closed), crew.officer)
    accepted = Receipt.objects.first()
    with pytest.raises(StepRefused, match="Clôturée"):
        receipts.reject(receipt=accepted, user=user_with(Role.FINANCE_OFFICER), reason="Fausse")
