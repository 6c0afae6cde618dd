"""The pages of funds: what they show, to whom, at which cost; their files say the same."""

import csv
import gzip
import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Contribution, Envelope, Mechanism
from funds.rules import fiscal_year_of
from projects.models import Allocation, Project
from projects.services import decisions
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories import implementation as made
from tests.factories.accounts import user_with
from tests.factories.funds import DonorFactory, envelope_of, fill_envelopes, received, signed
from tests.factories.many import many_projects
from tests.factories.projects import cast, fresh, recommended, region
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db

WATER = "Eau et assainissement"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def client_of(role: Role = Role.FINANCE_OFFICER, **where) -> Client:
    client = Client()
    client.force_login(user_with(role, **where))
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@laid_once
def water_of_gao() -> Project:
    """20,000 USD approved in Gao: 12,000 of an earmark for water, 8,000 unearmarked; 4,000 paid."""
    received("50000")
    signed("12000", theme=WATER)
    envelope_of("50000", "TF")
    people, crew = cast(), made.Crew()
    project = recommended(people, amount="20000", mechanism_id="TF", title="Marché de Gao")
    project = made.sign(decisions.approve(project=project, user=fresh(people.approver)), crew)
    made.pay(made.instalment_of(project), crew, Decimal(4000))
    return project


def test_the_fund_shows_both_availables_and_each_earmark(water_of_gao):
    client = client_of()
    page = client.get("/fonds/TF/")
    told = {figure.name: figure.amount for figure in page.context["figures"]}
    assert told == {
        "pledged": 62000, "signed": 62000, "received": 50000, "envelope": 50000, "reserved": 20000,
        "obligated": 20000, "paid": 4000, "justified": 0, "available": 30000, "free": 42000,
    }  # fmt: skip
    text = page.content.decode()
    assert "Disponible dans l’enveloppe" in text and "Libre dans les contributions" in text
    assert 'aria-label="Reçu\u00a0: 50\u202f000\u00a0USD"' in text, "the drawing says in words what it shows"
    uses = {use.words: (use.allocated_usd, use.paid_usd, use.free_usd) for use in page.context["shown"].earmarks}
    assert uses == {WATER: (12000, 4000, 0), "non affectée": (8000, 0, 42000)}
    assert f"/enveloppes/{water_of_gao.envelope_id}/fin-d-exercice/" in text
    assert "Marché de Gao" in text_of(client, f"/fonds/TF/affectation/?region=&theme={WATER}")
    assert "Fonds de consolidation" in text_of(client, "/fonds/")


def test_a_year_is_chosen_and_an_unknown_one_is_not_found(water_of_gao):
    client, year = client_of(), water_of_gao.envelope.fiscal_year
    assert client.get(f"/fonds/TF/?annee={year}").context["shown"].reserved_usd == 20000
    for wrong in ("/fonds/TF/?annee=1999", "/fonds/TF/?annee=x", "/fonds/XX/", "/fonds/TF/affectation/?theme=Or"):
        assert client.get(wrong).status_code == 404, wrong


def test_a_fund_without_anything_says_so():
    client = client_of()
    assert "Aucune contribution n’est inscrite." in text_of(client, "/fonds/TF/")
    assert "Aucune enveloppe n’est ouverte" in text_of(client, "/fonds/QIP/")
    assert "n’est pas financé par des contributions" in text_of(client, "/fonds/QIP/")


def test_projects_elsewhere_are_counted_and_not_named(water_of_gao):
    elsewhere = client_of(Role.REGIONAL_MANAGER, region=region("ML-8"))
    page = text_of(elsewhere, f"/fonds/TF/affectation/?region=&theme={WATER}")
    assert "Marché de Gao" not in page and "1 projet hors de votre zone" in page
    book = openpyxl.load_workbook(io.BytesIO(elsewhere.get("/fonds/TF/chiffres.xlsx").content))
    assert book["Projets"].max_row == 1
    book = openpyxl.load_workbook(io.BytesIO(client_of().get("/fonds/TF/chiffres.xlsx").content))
    assert [row[5] for row in book["Projets"].iter_rows(min_row=2, values_only=True)] == [12000, 8000]


def test_the_files_say_what_the_page_says(water_of_gao):
    client = client_of()
    page = client.get("/fonds/TF/")
    answer = client.get("/fonds/TF/chiffres.csv")
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    whole = [line for line in lines if line["Affectation"] == "ensemble"]
    assert [Decimal(line["Montant (USD)"]) for line in whole] == [row.amount for row in page.context["figures"]]
    paid = [line for line in lines if line["Affectation"] == WATER and line["Chiffre"] == "Payé, net"]
    assert [line["Montant (USD)"] for line in paid] == ["4000.00"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/fonds/TF/chiffres.xlsx").content))
    assert book.sheetnames == ["Chiffres", "Enveloppes", "Affectations", "Contributions", "Projets"]
    assert [row[1] for row in book["Chiffres"].iter_rows(min_row=2, values_only=True)] == [
        row.amount for row in page.context["figures"]
    ]
    assert client.get("/fonds/QIP/chiffres.xlsx").status_code == 200


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def many_contributions(count: int, mark: str = "N") -> None:
    head, finance, donor, today = (
        user_with(Role.SECTION_HEAD),
        user_with(Role.FINANCE_OFFICER),
        DonorFactory(),
        clock.today(),
    )
    where = [(None, ""), (region(), ""), (None, WATER), (region("ML-8"), WATER)]
    Contribution.objects.bulk_create(
        Contribution(
            reference=f"{mark}-{n:05}", title=f"Don {n}", donor=donor, mechanism_id="TF", region=where[n % 4][0],
            theme=where[n % 4][1], pledged_amount=1000, pledged_on=today, pledged_rate_on=today, registered_by=head,
            signed_amount=1000, signed_on=today, signed_rate=1, signed_rate_on=today, signature_by=finance,
            signature_at=clock.now(),
        )
        for n in range(count)
    )  # fmt: skip


def many_holders(count: int, year: int | None = None) -> None:
    """As many projects that hold money: their reservations are written as an approval would leave them."""
    fill_envelopes("TF", str(count * 500))
    year = year or fiscal_year_of(clock.today(), Mechanism.objects.get(pk="TF").fiscal_year_first_month)
    envelope = Envelope.objects.create(mechanism_id="TF", fiscal_year=year, amount_usd=count * 500)
    with connection.cursor() as cursor:
        keys = many_projects(count, mechanism_id="TF", region=region(), state=State.DRAFT)
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE projects_project SET state = 'approved', budget_usd = 500, recommended_usd = 500,"
            " approved_usd = 500, reserved_usd = 500, published_on = current_date,"
            " reference = 'TF-' || id, iati_identifier = 'TF-' || id, envelope_id = %s WHERE id = ANY(%s)",
            [envelope.pk, keys],
        )
        cursor.execute("SET session_replication_role = origin")
        for key in keys:
            cursor.execute("SELECT allocate_project(%s)", [key])


ADDRESSES = ("/fonds/", "/fonds/TF/", "/fonds/TF/?annee={year}", "/fonds/TF/affectation/", "/contributions/{used}/")


def test_the_pages_cost_the_same_at_10_and_at_1000():
    client = client_of()
    many_contributions(10)
    many_holders(10)
    used = Allocation.objects.values_list("contribution", flat=True)[0]
    addresses = [address.format(year=clock.today().year, used=used) for address in ADDRESSES]
    few = [cost(client, address) for address in addresses]
    many_holders(1000, year=clock.today().year - 1)
    many_contributions(1000, "M")
    assert [cost(client, address) for address in addresses] == few
    assert max(few) <= 12, few
    for address in addresses:
        assert len(gzip.compress(client.get(address).content)) < 20_000, address
