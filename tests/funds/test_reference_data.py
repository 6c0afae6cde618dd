"""Reference data in the administration: for administrators only, and never looser than the law of the house."""

import datetime as dt

import pytest
from django.test import Client

from funds.models import Criterion, ExchangeRate, Facility, Mechanism, Sector, TranchePlan
from regions.models import Cercle, Region
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with

pytestmark = pytest.mark.django_db
MODELS = {
    "funds/sector": Sector,
    "funds/mechanism": Mechanism,
    "funds/criterion": Criterion,
    "funds/exchangerate": ExchangeRate,
    "funds/facility": Facility,
    "funds/trancheplan": TranchePlan,
    "regions/region": Region,
    "regions/cercle": Cercle,
}
KINDS = list(MODELS)


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(user_with(role))
    return client


def typed(client: Client, address: str) -> dict[str, str]:
    """What the change form holds before anything is typed."""
    form = client.get(address).context["adminform"].form
    return {name: "" if (value := form[name].value()) is None else str(value) for name in form.fields}


@pytest.mark.parametrize("kind", KINDS)
def test_an_administrator_lists_opens_and_never_deletes(kind):
    client = signed_in(Role.ADMINISTRATOR)
    first = MODELS[kind].objects.first()
    answers = [client.get(f"/reference/{kind}/"), client.get(f"/reference/{kind}/{first.pk}/change/")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert client.post(f"/reference/{kind}/{first.pk}/delete/", {"post": "yes"}).status_code == 403
    assert MODELS[kind].objects.filter(pk=first.pk).exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_opens_them(kind, role):
    assert signed_in(role).get(f"/reference/{kind}/").status_code in (302, 403)


@pytest.mark.parametrize("loosened", [{"ceiling_usd": "50000.01"}, {"max_months": "7"}, {"ceiling_usd": ""}])
def test_no_setting_loosens_the_law_of_the_qip(loosened):
    client, address = signed_in(Role.ADMINISTRATOR), "/reference/funds/mechanism/QIP/change/"
    answer = client.post(address, typed(client, address) | loosened)

    assert answer.status_code == 200
    assert "ce plafond ne se règle pas" in answer.content.decode()
    qip = Mechanism.objects.get(pk="QIP")
    assert (qip.ceiling_usd, qip.max_months) == (50000, 6)


def test_the_other_rules_of_a_mechanism_are_data():
    client, address = signed_in(Role.ADMINISTRATOR), "/reference/funds/mechanism/QIP/change/"

    assert client.post(address, typed(client, address) | {"delegated_usd": "20000", "code": "XXX"}).status_code == 302
    assert Mechanism.objects.get(pk="QIP").delegated_usd == 20000


def test_the_months_rate_is_added_and_its_month_kept():
    client = signed_in(Role.ADMINISTRATOR)
    month = dt.date(2030, 1, 1)
    bad = client.post("/reference/funds/exchangerate/add/", {"month": "2030-01-15", "xof_per_usd": "600"})
    assert bad.status_code == 200
    assert not ExchangeRate.objects.filter(month__year=2030).exists()

    assert (
        client.post("/reference/funds/exchangerate/add/", {"month": "2030-01-01", "xof_per_usd": "600"}).status_code
        == 302
    )
    made = ExchangeRate.objects.get(month=month)
    client.post(f"/reference/funds/exchangerate/{made.pk}/change/", {"month": "2031-01-01", "xof_per_usd": "610"})
    made.refresh_from_db()
    assert (made.month, made.xof_per_usd) == (month, 610)
