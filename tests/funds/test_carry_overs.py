"""Money carried to the next year: after the end, within the share, exactly, once confirmed; never what is reserved."""

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from funds.models import CarryOver, Envelope, Mechanism
from funds.rules import fiscal_year_of, most_carried
from funds.services import carry_overs
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import usd
from tests.factories.accounts import user_with
from tests.factories.mechanisms import mechanism_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return user_with(Role.FINANCE_OFFICER)


def fund(share: str = "100", first_month: int = 1) -> Mechanism:
    return mechanism_of("FIX", carry_over_max=Decimal(share), fiscal_year_first_month=first_month)


def envelope(mechanism: Mechanism, years_ago: int, amount: str = "1000") -> Envelope:
    year = fiscal_year_of(clock.today(), mechanism.fiscal_year_first_month) - years_ago
    return Envelope.objects.create(mechanism=mechanism, fiscal_year=year, amount_usd=Decimal(amount))


def carry(by, source: Envelope, amount: str, seen: str = "1000") -> CarryOver:
    return carry_overs.carry_over(by=by, source=source, amount_usd=Decimal(amount), seen_usd=Decimal(seen))


def amounts(mechanism: Mechanism) -> list[Decimal]:
    return list(
        Envelope.objects.filter(mechanism=mechanism).order_by("fiscal_year").values_list("amount_usd", flat=True)
    )


# --- What moves -----------------------------------------------------------------------------------------------------
def test_what_is_carried_leaves_the_old_year_exactly_as_it_enters_the_next(finance):
    mechanism = fund()
    old = envelope(mechanism, 1)
    envelope(mechanism, 0, "500")
    carry(finance, old, "400.25")
    assert amounts(mechanism) == [Decimal("599.75"), Decimal("900.25")]


def test_the_next_envelope_is_opened_where_there_is_none(finance):
    mechanism = fund()
    carry(finance, envelope(mechanism, 1), "1000")
    assert amounts(mechanism) == [0, 1000]


def test_what_a_project_gives_back_later_is_carried_later_within_the_same_share(finance):
    mechanism = fund("50")
    old = envelope(mechanism, 1)
    carry(finance, old, "300")
    with pytest.raises(ValidationError, match="Au plus"):
        carry(finance, old, "200.01", seen="700")
    carry(finance, old, "200", seen="700")
    old.refresh_from_db()
    assert carry_overs.reasons_against(old) == ["La part reportable de cette enveloppe l’est déjà."]


money = st.decimals("0", "9999999", places=2)


@given(amount=money, reserved=money, carried=money, share=st.decimals("0", "100", places=2))
def test_never_more_than_the_unreserved_nor_than_the_share(amount, reserved, carried, share):
    most = most_carried(amount, min(reserved, amount), carried, share)
    assert 0 <= most <= amount - min(reserved, amount)
    if most:
        assert carried + most <= round((amount + carried) * share / 100 + Decimal("0.005"), 2)


# --- What does not --------------------------------------------------------------------------------------------------
def test_a_year_that_runs_carries_nothing(finance):
    with pytest.raises(ValidationError, match="pas terminé"):
        carry(finance, envelope(fund(), 0), "1")


def test_money_that_lapses_is_not_carried(finance):
    with pytest.raises(ValidationError, match="caduc"):
        carry(finance, envelope(fund("0"), 1), "1")


def test_what_changed_under_the_eyes_of_who_confirms_is_shown_again(finance):
    with pytest.raises(carry_overs.Moved, match="Il reste maintenant"):
        carry(finance, envelope(fund(), 1), "1", seen="900")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE_OFFICER])
def test_finance_alone_carries(role):
    with pytest.raises(PermissionDenied):
        carry(user_with(role), envelope(fund(), 1), "1")


@pytest.mark.parametrize(
    ("share", "years", "amount", "reserved", "name"),
    [
        ("100", (0, -1), "1", "0", "carry_over_after_the_end"),
        ("100", (2, 0), "1", "0", "carry_over_to_the_next"),
        ("100", (1, 1), "1", "0", "carry_over_to_the_next"),
        ("25", (1, 0), "250.01", "0", "carry_over_share"),
        ("100", (1, 0), "400.01", "600", "carry_over_unreserved"),
        ("100", (1, 0), "0", "0", "carry_over_positive"),
    ],
)
def test_the_database_refuses_whoever_writes(finance, share, years, amount, reserved, name):
    mechanism = fund(share)
    kept = {ago: envelope(mechanism, ago) for ago in {*years}}
    source, target = (kept[ago] for ago in years)
    Envelope.objects.filter(pk=source.pk).update(reserved_usd=Decimal(reserved))
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        CarryOver.objects.create(source=source, target=target, amount_usd=Decimal(amount), carried_by=finance)
    assert set(amounts(mechanism)) == {1000}


@pytest.mark.parametrize("statement", ["UPDATE funds_carryover SET amount_usd = 1", "DELETE FROM funds_carryover"])
def test_what_was_carried_stays_as_it_was(finance, statement):
    carry(finance, envelope(fund(), 1), "10")
    with pytest.raises(DatabaseError, match="carried_for_good"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_year_from_july_is_over_on_the_first_of_july(finance):
    old = envelope(fund(first_month=7), 1)
    first, last = old.bounds
    assert (first.month, first.day, last.month, last.day) == (7, 1, 6, 30)
    carry(finance, old, "10")


# --- Pages ----------------------------------------------------------------------------------------------------------
def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_finance_sees_what_will_happen_then_confirms_once(finance):
    mechanism = fund()
    old, client = envelope(mechanism, 1), client_of(finance)
    address = f"/enveloppes/{old.pk}/report/"
    assert "/report/" in client.get(f"/enveloppes/{old.pk}/").content.decode()
    asked = client.get(address, {"amount_usd": "600", "seen_usd": "1000.00"})
    page = asked.content.decode()
    assert "Confirmer le report" in page and usd(Decimal(400)) in page
    assert amounts(mechanism) == [1000]

    sent = {"amount_usd": "600.00", "seen_usd": "1000.00", "one_time_key": str(uuid.uuid4())}
    answers = [client.post(address, sent) for _ in range(2)]
    target = Envelope.objects.get(fiscal_year=old.fiscal_year + 1)
    assert {answer["Location"] for answer in answers} == {f"/enveloppes/{target.pk}/"}
    assert amounts(mechanism) == [400, 600]
    assert "reportés de l’exercice" in client.get(f"/enveloppes/{target.pk}/").content.decode()
    assert "reportés sur l’exercice" in client.get(f"/enveloppes/{old.pk}/").content.decode()
    assert usd(Decimal(600)) in client.get(f"/enveloppes/{target.pk}/historique/").content.decode()


def test_a_confirmation_over_another_one_writes_nothing_and_says_so(finance):
    mechanism = fund()
    old, client = envelope(mechanism, 1), client_of(finance)
    carry(finance, old, "100")
    sent = {"amount_usd": "600", "seen_usd": "1000.00", "one_time_key": str(uuid.uuid4())}
    answer = client.post(f"/enveloppes/{old.pk}/report/", sent)
    assert answer.status_code == 422 and "Il reste maintenant" in answer.content.decode()
    assert amounts(mechanism) == [900, 100]


def test_too_much_is_told_beside_the_amount_before_anything_is_confirmed(finance):
    old = envelope(fund("25"), 1)
    page = client_of(finance).get(f"/enveloppes/{old.pk}/report/", {"amount_usd": "300", "seen_usd": "1000"})
    assert page.context["form"].errors["amount_usd"] and "Confirmer le report" not in page.content.decode()


def test_why_nothing_is_carried_is_said_instead_of_a_form(finance):
    old = envelope(fund("0"), 1)
    page = client_of(finance).get(f"/enveloppes/{old.pk}/report/").content.decode()
    assert "caduc" in page and '<form method="get" class="panel' not in page
    assert "sont caducs" in client_of(finance).get(f"/enveloppes/{old.pk}/").content.decode()


def test_the_page_costs_few_queries(finance):
    old, client = envelope(fund(), 1), client_of(finance)
    client.get(f"/enveloppes/{old.pk}/report/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/enveloppes/{old.pk}/report/", {"amount_usd": "600", "seen_usd": "1000"})
    assert len(queries) <= 12
