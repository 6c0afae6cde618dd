"""The pages of contributions: from the pledge to the transfer, each by whom it concerns."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Contribution
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.bank import proof
from tests.factories.funds import DonorFactory, came_in, pledged, received, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def signed_in(*roles: Role) -> Client:
    client = Client()
    client.force_login(user_with(*roles))
    return client


def sent(client: Client, address: str, **data):
    return client.post(address, {"one_time_key": str(uuid.uuid4()), **data})


def test_a_pledge_is_registered_signed_and_received_by_its_people():
    head, finance, today = signed_in(Role.SECTION_HEAD), signed_in(Role.FINANCE_OFFICER), clock.today().isoformat()
    typed = {
        "reference": "CTB-1", "title": "Eau de Gao", "donor": DonorFactory().pk, "mechanism": "TF", "region": "",
        "theme": "Eau et assainissement", "currency": "NOK", "pledged_amount": "10 500 000", "pledged_on": today,
        "pledged_rate": "10,5", "pledged_rate_on": today, "note": "",
    }  # fmt: skip
    answer = sent(head, "/contributions/nouvelle/", **typed)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Contribution.objects.get()
    assert (made.stage, made.pledged_usd) == ("pledged", 1_000_000)

    page = finance.get(f"/contributions/{made.pk}/signature/")
    seen = page.context["form"]["seen"].value()
    typed = {"amount": "10500000", "signed_on": today, "rate": "10.5", "rate_on": today, "seen": seen}
    assert "agreement" in sent(finance, f"/contributions/{made.pk}/signature/", **typed).context["form"].errors
    assert sent(finance, f"/contributions/{made.pk}/signature/", agreement=proof(), **typed).status_code == 302

    typed = {"reference": "AV-1", "amount": "10 500 001", "received_on": today, "rate": "10", "rate_on": today}
    answer = sent(finance, f"/contributions/{made.pk}/encaissement/", proof=proof(), **typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["amount"])
    assert "10 500 001" in answer.content.decode()
    typed["amount"] = "10500000"
    assert sent(finance, f"/contributions/{made.pk}/encaissement/", proof=proof(), **typed).status_code == 302
    made.refresh_from_db()
    assert (made.stage, made.received_usd, made.exchange_usd) == ("received", 1_050_000, 50_000)
    for address in ("", "historique/"):
        assert finance.get(f"/contributions/{made.pk}/{address}").status_code == 200


def test_a_later_correction_shows_what_stands():
    head = signed_in(Role.SECTION_HEAD)
    contribution = signed("1000")
    seen = head.get(f"/contributions/{contribution.pk}/fiche/").context["form"]["seen"].value()
    assert sent(head, f"/contributions/{contribution.pk}/fiche/", title="Un", note="", seen=seen).status_code == 302
    answer = sent(head, f"/contributions/{contribution.pk}/fiche/", title="Deux", note="", seen=seen)
    assert answer.status_code == 422 and "La fiche telle qu’elle est maintenant" in answer.content.decode()
    again = answer.context["form"]["seen"].value()
    assert sent(head, f"/contributions/{contribution.pk}/fiche/", title="Deux", note="", seen=again).status_code == 302


def test_a_receipt_recorded_by_mistake_is_cancelled_by_another():
    contribution = signed("1000")
    receipt = came_in(contribution, "400")
    address = f"/contributions/{contribution.pk}/encaissements/{receipt.pk}/annulation/"
    assert sent(signed_in(Role.FINANCE_OFFICER), address, reason="Autre fonds").status_code == 302
    contribution.refresh_from_db()
    assert contribution.received_usd == Decimal(0)


@pytest.mark.parametrize("word", ["annoncees", "signees", "en-cours", "recues", "retirees"])
def test_the_list_filters_by_stage(word):
    pledged("10"), signed("10"), received("10")
    came_in(signed("10"), "5")
    page = signed_in(Role.AUDITOR).get("/contributions/", {"etape": word})
    assert len(page.context["page"].rows) == (0 if word == "retirees" else 1)


def test_the_list_costs_the_same_at_10_and_at_1000():
    client, head, donor = signed_in(Role.AUDITOR), user_with(Role.SECTION_HEAD), DonorFactory()
    today = clock.today()

    def many(start: int, end: int) -> None:
        Contribution.objects.bulk_create(
            Contribution(
                reference=f"N-{n}", title=f"Don {n}", donor=donor, mechanism_id="TF", pledged_amount=n, pledged_on=today,
                pledged_rate_on=today, registered_by=head, theme="Santé" if n % 2 else "",
            )
            for n in range(start, end)
        )  # fmt: skip

    many(1, 11)
    searched = f"/contributions/?q=don&mecanisme=TF&donateur={donor.pk}&etape=annoncees"
    few = [cost(client, address) for address in ("/contributions/", searched)]
    many(11, 1001)
    assert [cost(client, address) for address in ("/contributions/", searched)] == few
    assert max(few) <= 6, few
    assert client.get(searched).context["count"].number == 1000
    assert client.get("/contributions/?mecanisme=QIP").status_code == 422, "no contribution funds it"
    User.objects.update(language="en")
    assert "Health" in client.get("/contributions/").content.decode()


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
