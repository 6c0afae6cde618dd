"""Envelopes: who sets them, never below what is reserved, once a click, and what their pages tell."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Envelope
from projects.models import Project
from projects.services import decisions
from sr_portal.accounts.roles import Role
from sr_portal.web.navigation import MONEY_READERS
from sr_portal.web.templatetags.portal import usd
from tests.factories.accounts import user_with
from tests.factories.funds import envelope_of, fill_envelopes
from tests.factories.projects import cast, recommended, region

pytestmark = pytest.mark.django_db


def signed_in(*roles: Role, **where) -> Client:
    client = Client()
    client.force_login(user_with(*roles, **where))
    return client


def sent(client: Client, address: str, key: str | None = None, **data):
    return client.post(address, {"one_time_key": key or str(uuid.uuid4()), **data})


@pytest.fixture
def finance() -> Client:
    return signed_in(Role.FINANCE_OFFICER)


# --- Who ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_those_who_answer_for_money_read_the_envelopes(role):
    envelope = envelope_of("100000")
    client = signed_in(role)
    expected = 200 if role in MONEY_READERS else 403

    for address in ("/enveloppes/", f"/enveloppes/{envelope.pk}/", f"/enveloppes/{envelope.pk}/historique/"):
        assert client.get(address).status_code == expected


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE_OFFICER])
def test_only_the_finance_officer_sets_them(role):
    envelope = envelope_of("100000")
    client = signed_in(role)

    assert client.get("/enveloppes/nouvelle/").status_code == 403
    assert sent(client, "/enveloppes/nouvelle/", mechanism="PBF", fiscal_year="2026", amount_usd="5").status_code == 403
    address = f"/enveloppes/{envelope.pk}/montant/"
    assert sent(client, address, amount_usd="5", seen_usd="100000.00").status_code == 403
    assert list(Envelope.objects.values_list("amount_usd")) == [(Decimal("100000.00"),)]


# --- Setting --------------------------------------------------------------------------------------------------------
def test_the_finance_officer_opens_the_envelope_of_the_year(finance):
    answer = sent(finance, "/enveloppes/nouvelle/", mechanism="QIP", fiscal_year="2026", amount_usd="4 000 000")

    made = Envelope.objects.get()
    assert answer["Location"] == f"/enveloppes/{made.pk}/"
    assert (made.mechanism_id, made.label, made.amount_usd) == ("QIP", "2026-2027", Decimal("4000000"))


@pytest.mark.parametrize(
    "data, field",
    [
        ({"amount_usd": "beaucoup"}, "amount_usd"),
        ({"amount_usd": "-5"}, "amount_usd"),
        ({"amount_usd": "99999999999999"}, "amount_usd"),
        ({"fiscal_year": "1999"}, "fiscal_year"),
        ({"mechanism": "XYZ"}, "mechanism"),
    ],
)
def test_a_bad_envelope_is_refused_and_what_was_typed_is_kept(finance, data, field):
    typed = {"mechanism": "QIP", "fiscal_year": "2026", "amount_usd": "1234567"} | data
    answer = sent(finance, "/enveloppes/nouvelle/", **typed)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert typed["amount_usd"] in answer.content.decode()
    assert not Envelope.objects.exists()


def test_a_year_has_one_envelope_a_mechanism(finance):
    envelope = envelope_of("100000")
    typed = {"mechanism": "QIP", "fiscal_year": envelope.fiscal_year, "amount_usd": "5"}
    answer = sent(finance, "/enveloppes/nouvelle/", **typed)

    assert answer.status_code == 422
    assert "a déjà une enveloppe" in answer.content.decode()


def test_a_double_click_opens_one_envelope(finance):
    key = str(uuid.uuid4())
    typed = {"mechanism": "QIP", "fiscal_year": "2026", "amount_usd": "5"}
    first, second = (sent(finance, "/enveloppes/nouvelle/", key, **typed) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Envelope.objects.count() == 1


# --- Adjusting ------------------------------------------------------------------------------------------------------
def test_an_envelope_never_falls_below_what_is_reserved(finance):
    people = cast()
    envelope = envelope_of("100000")
    decisions.approve(project=recommended(people), user=people.approver)
    address = f"/enveloppes/{envelope.pk}/montant/"

    answer = sent(finance, address, amount_usd="19999.99", seen_usd="100000.00")
    assert answer.status_code == 422
    assert "amount_usd" in answer.context["form"].errors
    envelope.refresh_from_db()
    assert envelope.amount_usd == 100000

    assert sent(finance, address, amount_usd="20 000", seen_usd="100000.00").status_code == 302
    envelope.refresh_from_db()
    assert (envelope.amount_usd, envelope.available_usd) == (20000, 0)


def test_a_later_change_over_an_earlier_one_is_refused_and_says_so(finance):
    envelope = envelope_of("100000")
    address = f"/enveloppes/{envelope.pk}/montant/"
    sent(finance, address, amount_usd="150000", seen_usd="100000.00")
    answer = sent(finance, address, amount_usd="90000", seen_usd="100000.00")

    assert answer.status_code == 422
    assert "150\u202f000\u00a0USD" in answer.content.decode()
    envelope.refresh_from_db()
    assert envelope.amount_usd == 150000
    again = answer.context["form"]
    assert sent(finance, address, amount_usd="90000", seen_usd=again["seen_usd"].value()).status_code == 302


def test_what_was_set_is_in_its_history(finance):
    envelope = envelope_of("100000")
    sent(finance, f"/enveloppes/{envelope.pk}/montant/", amount_usd="150000", seen_usd="100000.00")
    page = finance.get(f"/enveloppes/{envelope.pk}/historique/").content.decode()

    assert "100\u202f000" in page
    assert "150\u202f000" in page


# --- Pages ----------------------------------------------------------------------------------------------------------
def test_the_page_lists_what_reserves_and_counts_what_the_reader_may_not_see():
    people = cast()
    envelope = envelope_of("100000")
    project = decisions.approve(project=recommended(people, title="Marché de Gao"), user=people.approver)
    assert isinstance(project, Project)

    here = signed_in(Role.REGIONAL_MANAGER, region=region()).get(f"/enveloppes/{envelope.pk}/").content.decode()
    assert "Marché de Gao" in here
    elsewhere = signed_in(Role.REGIONAL_MANAGER, region=region("ML-8"))
    page = elsewhere.get(f"/enveloppes/{envelope.pk}/").content.decode()
    assert "Marché de Gao" not in page
    assert "1 projet hors de votre zone" in page


def test_a_mechanism_without_envelope_this_year_is_named(finance):
    envelope_of("100000")
    page = finance.get("/enveloppes/").content.decode()

    assert "Pas encore d’enveloppe" in page
    assert page.count("Pas encore d’enveloppe") == 2  # PBF and the trust fund


def test_the_list_costs_the_same_however_many_years(finance):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert finance.get("/enveloppes/").status_code == 200
        return len(queries)

    envelope_of("100000")
    few = cost()
    fill_envelopes("TF", "150")
    Envelope.objects.bulk_create(
        Envelope(mechanism_id="TF", fiscal_year=year, amount_usd=5) for year in range(1990, 2020)
    )
    assert cost() == few <= 6


def test_nothing_at_all_has_its_own_words(finance):
    assert "Aucune enveloppe pour l’instant." in finance.get("/enveloppes/").content.decode()
    assert "Rien n’est encore réservé." in finance.get(f"/enveloppes/{envelope_of('5').pk}/").content.decode()


def test_an_envelope_says_what_is_reserved_obligated_and_paid(finance):
    from projects.states import State
    from tests.factories import implementation as made

    crew, people = made.Crew(), cast()
    envelope = envelope_of("100000")
    made.approved(people, amount="30000")
    agreed = made.in_state(State.AGREED, crew, people, amount="20000")
    made.pay(made.instalment_of(agreed), crew, Decimal("9000"))

    page = finance.get(f"/enveloppes/{envelope.pk}/").content.decode()
    for label, amount in (("Réservé", 50000), ("Engagé", 20000), ("Payé, net", 9000), ("Disponible", 50000)):
        assert f"<dt>{label}</dt><dd>{usd(amount)}</dd>" in page
    assert usd(9000) in finance.get("/enveloppes/").content.decode()
