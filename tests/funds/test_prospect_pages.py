"""The pages of the pipeline: from the first idea to the contribution, on the board, in the list and in files."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Contribution, Prospect
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import DonorFactory
from tests.factories.prospects import lost, prospect

pytestmark = pytest.mark.django_db
BOARD, LIST = "/mobilisation/", "/mobilisation/prospects/"


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, address: str, **data):
    return client.post(address, {"one_time_key": str(uuid.uuid4()), **data})


def typed(head: User, **changes) -> dict:
    today = clock.today()
    return {
        "title": "Eau de Gao", "donor": DonorFactory().pk, "donor_name": "", "mechanism": "TF", "region": "",
        "theme": "", "currency": "NOK", "amount": "10 500 000", "rate": "10,5", "rate_on": today, "likelihood": "40",
        "expected_on": today + dt.timedelta(days=60), "stage": "identified", "responsible": head.pk,
        "next_step": "Appeler", "next_step_on": today + dt.timedelta(days=5), "note": "", **changes,
    }  # fmt: skip


def test_a_prospect_goes_from_idea_to_contribution_through_its_pages(head):
    client, today = signed_in(head), clock.today().isoformat()
    answer = sent(client, f"{LIST}nouveau/", **typed(head))
    assert answer.status_code == 302, answer.context["form"].errors
    made = Prospect.objects.get()
    assert (made.amount_usd, made.weighted_usd) == (1_000_000, 400_000)
    here = f"{LIST}{made.pk}/"

    answer = sent(client, f"{here}etape/", stage="negotiating", seen_stage="identified", back=BOARD)
    assert answer["Location"] == f"{BOARD}#prospect-{made.pk}"
    noted = {
        "held_on": today,
        "channel": "call",
        "with_whom": "Attachée",
        "text": "D’accord sur l’eau",
        "next_step": "Relire",
        "next_step_on": today,
    }
    assert sent(client, f"{here}contact/", **noted).status_code == 302
    page = client.get(here).content.decode()
    assert "D’accord sur l’eau" in page and "Relire" in page and "En négociation" in page

    assert client.post(f"{here}etape/", {"stage": "won"})["Location"] == f"{here}gagner/"
    form = client.get(f"{here}gagner/").context["form"]
    pledge = {name: form[name].value() or "" for name in ("title", "donor", "mechanism", "currency", "note")}
    assert (pledge["title"], form["pledged_rate"].value(), form.initial["pledged_amount"]) == (
        "Eau de Gao",
        "10,5",
        made.amount,
    )
    pledge |= {
        "reference": "CTB-77",
        "region": "",
        "theme": "",
        "pledged_amount": "10500000",
        "pledged_on": today,
        "pledged_rate": "10.5",
        "pledged_rate_on": today,
    }
    answer = sent(client, f"{here}gagner/", **pledge)
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer["Location"] == f"/contributions/{Contribution.objects.get().pk}/"
    page = client.get(here).content.decode()
    assert "CTB-77" in page and "Annoncée" in page
    assert client.get(f"{here}historique/").status_code == 200


def test_the_errors_name_their_field_and_keep_what_was_typed(head):
    client = signed_in(head)
    known = DonorFactory(name="Royaume connu")
    for changes, field in (
        ({"donor": ""}, "donor"),
        ({"donor_name": "Un autre"}, "donor"),
        ({"donor": "", "donor_name": "royaume connu"}, "donor_name"),
        ({"rate": ""}, "rate"),
        ({"likelihood": "120"}, "likelihood"),
        ({"next_step": ""}, "next_step"),
        ({"mechanism": "QIP"}, "mechanism"),
    ):
        answer = sent(client, f"{LIST}nouveau/", **typed(head, **{"donor": known.pk, **changes}))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert "10 500 000" in answer.content.decode()
    assert not Prospect.objects.exists()


def test_a_later_correction_shows_what_stands(head):
    client, made = signed_in(head), prospect(by=head)
    address = f"{LIST}{made.pk}/fiche/"
    seen = client.get(address).context["form"]["seen"].value()
    data = typed(head, donor=made.donor_id)
    assert sent(client, address, **data, seen=seen).status_code == 302
    answer = sent(client, address, **{**data, "title": "Deux"}, seen=seen)
    assert answer.status_code == 422 and "La fiche telle qu’elle est maintenant" in answer.content.decode()
    again = answer.context["form"]["seen"].value()
    assert sent(client, address, **{**data, "title": "Deux"}, seen=again).status_code == 302


def test_a_card_that_somebody_moved_is_shown_where_it_is(head):
    client, made = signed_in(head), prospect(by=head)
    sent(client, f"{LIST}{made.pk}/etape/", stage="promised", seen_stage="contacted")
    answer = client.post(
        f"{LIST}{made.pk}/etape/",
        {
            "one_time_key": str(uuid.uuid4()),
            "stage": "identified",
            "seen_stage": "contacted",
            "back": "//ailleurs.example/",
        },
        follow=True,
    )
    assert answer.request["PATH_INFO"] == BOARD and "Quelqu’un d’autre a déplacé" in answer.content.decode()
    assert Prospect.objects.get().stage == "promised"


def test_the_list_filters_sums_and_exports_the_same(head):
    client, other = signed_in(head), user_with(Role.PROGRAMME_OFFICER)
    mine = prospect(by=head, title="À moi", next_step_on=clock.today() - dt.timedelta(days=2))
    prospect(by=head, title="À elle", responsible=other, likelihood=50)
    lost(by=head, title="Perdu")

    def titles(**query) -> list[str]:
        return [row.title for row in client.get(LIST, query).context["page"].rows]

    assert titles() == ["À moi", "À elle"]
    assert titles(retard="on") == ["À moi"]
    assert titles(responsable=other.pk) == ["À elle"]
    assert titles(donateur=mine.donor_id) == ["À moi"]
    assert (titles(etape="lost"), len(titles(etape="toutes")), titles(q="elle")) == (["Perdu"], 3, ["À elle"])
    assert titles(mecanisme="PBF") == []
    assert client.get(LIST).context["sums"].weighted_usd == Decimal(75_000)
    text = b"".join(client.get(f"{LIST}export.csv", {"retard": "on"}).streaming_content).decode()
    assert "À moi" in text and "À elle" not in text
    assert client.get(f"{LIST}export.xlsx").content.startswith(b"PK")
    assert client.get(LIST, {"mecanisme": "???"}).status_code == 422


def test_the_next_steps_of_somebody_are_on_their_home_page(head):
    prospect(by=head, next_step="Rappeler l’ambassade", next_step_on=clock.today() - dt.timedelta(days=1))
    assert "Rappeler l’ambassade" in signed_in(head).get("/").content.decode()
    assert "Rappeler l’ambassade" not in signed_in(user_with(Role.PROGRAMME_OFFICER)).get("/").content.decode()


def test_the_board_and_the_list_cost_the_same_however_much_there_is(head):
    client = signed_in(head)

    def costs() -> list[tuple[int, int]]:
        found = []
        for address in (BOARD, LIST):
            with CaptureQueriesContext(connection) as queries:
                size = len(client.get(address).content)
            found.append((len(queries), size))
        return found

    first = prospect(by=head)
    for _n in range(9):
        prospect(by=head, donor=first.donor)
    few = costs()
    rows = list(Prospect.objects.values_list("pk", flat=True))
    names = [field.column for field in Prospect._meta.concrete_fields if not field.generated and field.column != "id"]
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO funds_prospect ({columns}) SELECT {columns} FROM funds_prospect, generate_series(1, 99)"
            " WHERE id = ANY(%s)", [rows],
        )  # fmt: skip
    many = costs()
    assert [queries for queries, _size in many] == [queries for queries, _size in few]
    (board, _), (listed, _) = many
    assert (board, listed) <= (7, 6) and listed <= 6
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{LIST}{first.pk}/")
    assert len(queries) <= 12
