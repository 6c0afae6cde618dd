"""Who does what, where, when: who reads and writes it, what is refused, and what list, map and files show."""

import csv
import io
import uuid
from decimal import Decimal

import openpyxl
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds import merging
from funds.activity_rules import in_usd, split_evenly
from funds.models import ExchangeRate, PartnerActivity, Sector
from funds.services import activities as services
from regions.models import Cercle
from sr_portal.accounts.roles import Role
from sr_portal.history.reading import changes_of
from tests.factories.accounts import user_with
from tests.factories.activities import ActivityFactory
from tests.factories.funds import PartnerFactory
from tests.factories.regions import region

pytestmark = pytest.mark.django_db
LIST, NEW = "/coordination/activites/", "/coordination/activites/nouvelle/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def head():
    return user_with(Role.SECTION_HEAD)


def typed(**changes) -> dict[str, str]:
    partner = PartnerFactory()
    return {
        "one_time_key": str(uuid.uuid4()), "organisation": str(partner.pk), "title": "Points d’eau",
        "region": str(region().pk), "starts_on": "2026-03-01", "status": "ongoing", **changes,
    }  # fmt: skip


# --- Who ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_everybody_of_the_mission_reads_it_and_a_ptf_does_not(role):
    activity, client = ActivityFactory(), signed_in(user_with(role))
    for address in (LIST, f"{LIST}carte/", activity.get_absolute_url(), f"{activity.get_absolute_url()}historique/"):
        assert client.get(address).status_code == (403 if role is Role.PARTNER else 200)


def test_a_head_of_office_writes_in_their_region_only():
    manager = signed_in(user_with(Role.REGIONAL_MANAGER, region=region("ML-7")))
    assert manager.post(NEW, typed()).status_code == 302
    for elsewhere in (str(region("ML-8").pk), ""):
        refused = manager.post(NEW, typed(region=elsewhere))
        assert refused.status_code == 422 and "region" in refused.context["form"].errors
    assert PartnerActivity.objects.count() == 1
    theirs = ActivityFactory(region=region("ML-8"))
    assert manager.get(f"{theirs.get_absolute_url()}modifier/").status_code == 403


# --- What is written ------------------------------------------------------------------------------------------------
def test_an_activity_is_typed_in_with_its_worth_in_usd(head):
    ExchangeRate.objects.update_or_create(month="2026-03-01", defaults={"xof_per_usd": Decimal("600")})
    answer = signed_in(head).post(NEW, typed(amount="6 000 000", currency="xof", latitude="16,27", longitude="-0,04"))
    made = PartnerActivity.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert (made.amount_usd, made.currency, made.source, made.created_by) == (Decimal("10000.00"), "XOF", "typed", head)


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"title": ""}, "title"),
        ({"organisation": "999999"}, "organisation"),
        ({"ends_on": "2026-02-28"}, "__all__"),
        ({"amount": "5000"}, "__all__"),
        ({"amount": "5000", "currency": "DKK"}, "amount_usd"),
        ({"amount": "5000", "currency": "francs"}, "currency"),
        ({"latitude": "16.2"}, "__all__"),
        ({"latitude": "12.6", "longitude": "-8.0"}, "latitude"),
        ({"beneficiaries": "-3"}, "beneficiaries"),
        ({"starts_on": "hier"}, "starts_on"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_what_was_typed_is_kept(head, changes, field):
    answer = signed_in(head).post(NEW, typed(**{"description": "Texte à garder"} | changes))
    assert answer.status_code == 422 and field in answer.context["form"].errors, answer.context["form"].errors
    assert "Texte à garder" in answer.content.decode()
    assert not PartnerActivity.objects.exists()


def test_a_cercle_of_another_region_is_refused_by_form_and_database(head):
    elsewhere = Cercle.objects.exclude(region=region()).first()
    answer = signed_in(head).post(NEW, typed(cercle=str(elsewhere.pk)))
    assert "cercle" in answer.context["form"].errors
    with pytest.raises(DatabaseError, match="cercle_in_region"), transaction.atomic():
        ActivityFactory(region=region(), cercle=elsewhere)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 5},
        {"currency": "USD"},
        {"amount": 5, "currency": "USD", "amount_usd": 6},
        {"amount": 5, "currency": "USD"},
        {"amount": 5, "currency": "usd", "amount_usd": 5},
        {"ends_on": "2020-01-01"},
        {"latitude": 1},
    ],
)
def test_the_database_holds_the_rules_of_the_row(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityFactory(**wrong)


def test_a_point_outside_its_region_is_refused_by_the_database():
    with pytest.raises(DatabaseError, match="point_in_region"), transaction.atomic():
        ActivityFactory(region=region(), latitude=12, longitude=-8)


def test_a_later_save_over_a_newer_version_is_refused_then_goes_over_it(head):
    activity = ActivityFactory(region=region(), title="Avant")
    seen = services.version_of(activity)
    client, address = signed_in(head), f"{activity.get_absolute_url()}modifier/"
    fields = {"organisation": str(activity.organisation_id), "seen": seen}
    assert client.post(address, typed(**fields, title="Première")).status_code == 302
    late = client.post(address, typed(**fields, title="Seconde"))
    assert late.status_code == 422 and "Première" in late.content.decode() and "Seconde" in late.content.decode()
    again = client.post(address, typed(**fields | {"seen": late.context["form"].data["seen"]}, title="Seconde"))
    assert again.status_code == 302
    activity.refresh_from_db()
    assert activity.title == "Seconde"
    assert len(changes_of(activity).page.rows) >= 2 if hasattr(changes_of(activity), "page") else True


def test_a_double_click_writes_one(head):
    client, data = signed_in(head), typed()
    first, second = (client.post(NEW, data) for _ in range(2))
    assert first["Location"] == second["Location"] and PartnerActivity.objects.count() == 1


# --- What is shown --------------------------------------------------------------------------------------------------
def titles(client, **query) -> set[str]:
    return {activity.title for activity in client.get(LIST, query).context["page"]}


def test_each_filter_keeps_what_it_says(head):
    water, school = Sector.objects.get(pk="14031"), Sector.objects.get(pk="11120")
    ActivityFactory(title="Eau", sector=water, region=region("ML-7"), status="planned", source="iati")
    ActivityFactory(title="Écoles", sector=school, status="done", organisation=PartnerFactory(acronym="UNICEF"))
    client = signed_in(head)
    assert titles(client, q="ecoles") == titles(client, q="unicef") == titles(client, region="-") == {"Écoles"}
    assert titles(client, region="ML-7") == titles(client, secteur="14031") == titles(client, etat="planned") == {"Eau"}
    assert titles(client, source="iati") == {"Eau"}
    assert titles(client) == {"Eau", "Écoles"}
    wrong = client.get(LIST, {"region": "ML-99"})
    assert wrong.status_code == 422 and "n’ont pas été appliqués" in wrong.content.decode()


def test_list_map_and_page_cost_the_same_at_ten_and_a_hundred_rows(head):
    client = signed_in(head)
    costs = []
    for count in (10, 90):
        for n in range(count):
            ActivityFactory(
                region=region("ML-7"), created_by=head, sector_id="14031",
                latitude=Decimal("16.27") + Decimal(n) / 1000, longitude="-0.04",
            )  # fmt: skip
        one = PartnerActivity.objects.first()
        cost = []
        for address in (LIST, f"{LIST}carte/", one.get_absolute_url(), f"{one.get_absolute_url()}modifier/"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            cost.append(len(captured))
        costs.append(cost)
    assert costs[0] == costs[1]
    assert costs[0][0] <= 6 and max(costs[0]) <= 12, costs


def test_the_map_counts_each_region_and_the_whole_country(head):
    for code in ("ML-7", "ML-7", "ML-6"):
        ActivityFactory(region=region(code), amount=100, currency="USD", amount_usd=100)
    ActivityFactory()
    context = signed_in(head).get(f"{LIST}carte/").context
    found = {where.code if where else "-": (total["count"], total["usd"]) for where, total in context["rows"]}
    assert found == {"ML-6": (1, Decimal(100)), "ML-7": (2, Decimal(200)), "-": (1, None)}
    tones = {shape.code: shape.tone for shape in context["map"].shapes}
    assert (tones["ML-7"], tones["ML-6"], tones["ML-8"]) == (5, 3, 0)


def test_files_hold_what_the_list_is_filtered_to_and_no_formula(head):
    ActivityFactory(title="=HYPERLINK(1)", region=region("ML-7"), amount=5, currency="USD", amount_usd=5)
    ActivityFactory(title="Autre", region=region("ML-8"))
    client = signed_in(head)
    text = b"".join(client.get(f"{LIST}export.csv", {"region": "ML-7"}).streaming_content).decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text))
    assert [dict(zip(heading, row, strict=True))["Intitulé"] for row in rows] == ["'=HYPERLINK(1)"]
    told = b"".join(client.get(f"{LIST}export.xlsx", {"region": "ML-7"}).streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(told))
    assert len(book.sheetnames) == 2 and book.active.freeze_panes == "A2"
    cells = {str(h.value): c for h, c in zip(*book.active.iter_rows(), strict=True)}
    assert cells["Intitulé"].data_type == "s" and cells["Montant"].value == 5
    assert cells["Début"].value is not None


def test_two_organisations_that_tell_the_same_activity_are_not_merged():
    one, two = PartnerFactory(), PartnerFactory()
    ActivityFactory(organisation=one, external_id="A")
    assert merging.obstacles(one, two) == []
    ActivityFactory(organisation=two, external_id="A")
    assert ["« A »" in reason for reason in merging.obstacles(one, two)] == [True]


# --- Sums -----------------------------------------------------------------------------------------------------------
def test_amounts_are_turned_into_usd_by_the_rate_and_the_parity():
    assert in_usd(Decimal("6000"), "XOF", Decimal("600")) == Decimal("10.00")
    assert in_usd(Decimal("100"), "EUR", Decimal("655.957")) == Decimal("100.00")
    assert in_usd(Decimal("12.345"), "USD", None) == Decimal("12.35")
    assert in_usd(Decimal("1"), "DKK", Decimal("600")) is None and in_usd(Decimal("1"), "XOF", None) is None


def test_parts_sum_to_the_cent():
    assert split_evenly(Decimal("100.00"), 3) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
