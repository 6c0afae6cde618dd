"""32 clients at once on the same money: one payment, no cent beyond the budget, whatever the order in which they come."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import cycle

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import Sum
from django.test import Client

from funds.models import Envelope
from projects.models import Instalment, Payment, Project, Receipt, StateChange
from projects.services import instalments, payments, receipts
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories import implementation as made
from tests.factories import money
from tests.factories.accounts import user_with
from tests.factories.projects import fresh

CLIENTS = 32


@pytest.fixture
def crew(own_database, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return made.Crew()


@pytest.fixture
def first(crew) -> Instalment:
    """The first instalment, 10,000 USD, of a project of 20,000 USD that is agreed."""
    return made.instalment_of(made.in_state(State.AGREED, crew))


def at_once(call, items) -> list[str]:
    """Run `call` on every item from `CLIENTS` threads; each answers what became of it."""

    def run(item) -> str:
        try:
            call(item)
        except PermissionDenied:
            return "barred"
        except ValidationError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(run, items))


def people(role: Role) -> list[User]:
    return [user_with(role) for _ in range(8)]


def many(users: list[User]) -> list[User]:
    turn = cycle(users)
    return [next(turn) for _ in range(CLIENTS)]


def sums_hold(project_pk: int) -> None:
    """What R1 of the quality guide asks, by SQL over the rows themselves."""
    project = Project.objects.get(pk=project_pk)
    entries = Payment.objects.filter(instalment__project=project)
    assert (entries.aggregate(net=Sum("amount_usd"))["net"] or 0) == project.paid_usd - project.refunded_usd
    assert project.instalments.aggregate(all=Sum("amount_usd"))["all"] == project.approved_usd
    assert project.paid_usd <= project.approved_usd
    for instalment in project.instalments.all():
        assert instalment.paid_usd <= instalment.amount_usd
    reserved = Project.objects.aggregate(all=Sum("reserved_usd"))["all"]
    assert Envelope.objects.get().reserved_usd == reserved <= Envelope.objects.get().amount_usd


def test_the_same_instalment_requested_32_times_is_requested_once(first, crew):
    answers = at_once(
        lambda user: instalments.request(instalment=first, user=fresh(user)), many(people(Role.PROGRAMME_OFFICER))
    )
    assert (answers.count("done"), answers.count("refused")) == (1, CLIENTS - 1)
    assert Instalment.objects.get(pk=first.pk).state == "requested"


def test_the_same_instalment_authorised_32_times_is_authorised_once(first, crew):
    asked = money.request(first, crew)
    answers = at_once(
        lambda user: instalments.authorise(instalment=asked, user=fresh(user)), many(people(Role.FINANCE_OFFICER))
    )
    assert (answers.count("done"), answers.count("refused")) == (1, CLIENTS - 1)


def test_the_same_instalment_paid_32_times_leaves_one_payment_and_one_start(first, crew):
    allowed = money.authorise(first, crew)

    def pay(user):
        payments.pay(instalment=allowed, user=fresh(user), movement=money.movement("10000"))

    answers = at_once(pay, many(people(Role.FINANCE_OFFICER)))
    assert answers.count("done") == 1
    assert Payment.objects.count() == 1
    assert StateChange.objects.filter(transition="start").count() == 1
    sums_hold(first.project_id)


def test_everybody_at_once_requests_authorises_and_pays_and_one_payment_is_left(first, crew):
    """Each of 32 people takes the whole road as far as they are let; nobody steps twice in a row."""
    everybody = [user_with(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER) for _ in range(CLIENTS)]

    def whole_road(user):
        steps = (
            lambda who: instalments.request(instalment=first, user=who),
            lambda who: instalments.authorise(instalment=first, user=who),
            lambda who: payments.pay(instalment=first, user=who, movement=money.movement("10000")),
        )
        for step in steps * 2:
            try:
                step(fresh(user))
            except (PermissionDenied, ValidationError):
                continue

    at_once(whole_road, everybody)
    left = Instalment.objects.get(pk=first.pk)
    paid = Payment.objects.get()
    assert left.state == "paid"
    assert len({left.requested_by_id, left.authorised_by_id, paid.recorded_by_id}) == 3
    sums_hold(first.project_id)


def test_parts_paid_at_once_never_pass_the_instalment(first, crew):
    allowed = money.authorise(first, crew)

    def pay(amount):
        payments.pay(instalment=allowed, user=fresh(crew.payer), movement=money.movement(amount))

    answers = at_once(pay, [Decimal("999.99")] * CLIENTS)
    assert answers.count("done") == 10
    assert Instalment.objects.get(pk=first.pk).paid_usd == Decimal("9999.90")
    sums_hold(first.project_id)


def test_one_reference_entered_by_many_at_once_for_different_projects_is_paid_once(crew):
    from tests.factories.projects import cast

    company = cast()
    allowed = [money.authorise(made.instalment_of(made.in_state(State.AGREED, crew, company)), crew) for _ in range(4)]

    def pay(instalment):
        payments.pay(
            instalment=instalment, user=fresh(crew.payer), movement=money.movement("2000", reference="VIR-2026-77")
        )

    answers = at_once(pay, allowed * 8)
    assert answers.count("done") == 1
    assert Payment.objects.get().reference == "VIR-2026-77"


def test_refunds_and_receipts_at_once_never_pass_what_was_paid(first, crew):
    money.pay(first, crew)
    first.refresh_from_db()
    pieces = [money.enter(first, crew.officer, "999.99") for _ in range(16)]

    def act(item):
        if isinstance(item, Receipt):
            receipts.accept(receipt=item, user=fresh(crew.payer))
        else:
            money.refund(first, crew, item)

    at_once(act, [item for pair in zip(pieces, [Decimal("999.99")] * 16, strict=True) for item in pair])
    left = Instalment.objects.get(pk=first.pk)
    assert left.justified_usd + left.refunded_usd <= left.paid_usd
    assert left.justified_usd + left.refunded_usd > left.paid_usd - Decimal("999.99")
    sums_hold(first.project_id)


def test_a_payment_and_the_end_of_the_account_or_of_the_project_at_once_are_one_after_the_other(first, crew):
    """Paid while the account was verified and the project under way, or not at all."""
    from funds.services import bank

    allowed = money.authorise(first, crew)
    account = first.project.partner.bank_accounts.get(status="verified")
    acts = [
        lambda: payments.pay(instalment=allowed, user=fresh(crew.payer), movement=money.movement("100")),
        lambda: bank.retire(by=fresh(crew.authoriser), account=account, reason="Compte fermé"),
    ]
    at_once(lambda act: act(), [acts[0]] * 15 + [acts[1]] + [acts[0]] * 16)
    account.refresh_from_db()
    assert account.status == "retired"
    assert not Payment.objects.filter(recorded_at__gt=account.closed_at).exists()
    with pytest.raises(ValidationError, match="bancaires"):
        acts[0]()
    sums_hold(first.project_id)


# --- Over HTTP ------------------------------------------------------------------------------------------------------
def posts(user: User, address: str, data: dict) -> int:
    client = Client()
    client.force_login(fresh(user))
    return client.post(address, data).status_code


def test_one_form_sent_32_times_at_once_pays_once(first, crew):
    money.authorise(first, crew)
    data = {
        "one_time_key": str(uuid.uuid4()), "reference": "VIR-1", "paid_on": made.clock.today().isoformat(),
        "currency": "USD", "amount": "1000", "rate": "", "rate_on": "", "note": "",
    }  # fmt: skip
    address = f"/projets/{first.project_id}/argent/tranches/1/paiement/"
    statuses: list[int] = []
    at_once(lambda _n: statuses.append(posts(crew.payer, address, data)), range(CLIENTS))
    assert set(statuses) == {302}
    assert Payment.objects.count() == 1


def test_32_forms_at_once_with_their_own_keys_never_pass_the_instalment(first, crew):
    money.authorise(first, crew)
    address = f"/projets/{first.project_id}/argent/tranches/1/paiement/"
    statuses: list[int] = []

    def send(rank):
        data = {
            "one_time_key": str(uuid.uuid4()), "reference": f"VIR-{rank}", "paid_on": made.clock.today().isoformat(),
            "currency": "USD", "amount": "1500", "rate": "", "rate_on": "", "note": "",
        }  # fmt: skip
        statuses.append(posts(crew.payer, address, data))

    at_once(send, range(CLIENTS))
    assert sorted(set(statuses)) == [302, 422]
    assert statuses.count(302) == Payment.objects.count() == 6
    sums_hold(first.project_id)
