"""Activities from IATI files: what concerns Mali, one row a region, recognised by its identifier; nothing doubtful read."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client
from lxml import etree

from funds.imports.iati import NotIati, activities_of
from funds.models import ExchangeRate, Organisation, PartnerActivity
from sr_portal.accounts.roles import Role
from sr_portal.imports.models import DataImport, ImportStatus
from sr_portal.imports.running import run
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.imports.files import named
from tests.imports.iati_files import GAO, KIDAL, activity, file_of, official_schema

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ExchangeRate.objects.update_or_create(month="2026-01-01", defaults={"xof_per_usd": Decimal("655.957")})


@pytest.fixture
def head():
    return user_with(Role.SECTION_HEAD)


def checked(user, content: bytes) -> DataImport:
    client = Client()
    client.force_login(user)
    answer = client.post("/importer/iati/fichier/", {"file": named(content, "activites.xml")})
    assert answer.status_code == 302, answer.context["form"].errors
    assert client.get(answer["Location"]).status_code == 200
    return DataImport.objects.latest("pk")


def confirmed(user, record: DataImport) -> DataImport:
    client = Client()
    client.force_login(user)
    assert client.post(f"/importer/{record.pk}/", {"one_time_key": str(uuid.uuid4())}).status_code == 302
    run.call(record.pk)
    record.refresh_from_db()
    assert record.status == ImportStatus.DONE, record.failure
    return record


def test_the_files_of_these_tests_are_valid_by_the_official_schema():
    schema = etree.XMLSchema(etree.parse(official_schema()))
    schema.assertValid(etree.fromstring(file_of(activity(locations=GAO + KIDAL), activity("other", locations=GAO))))


def test_an_activity_of_two_regions_is_two_rows_that_share_its_money(head):
    unicef = PartnerFactory(name="Fonds des Nations Unies pour l’enfance", acronym="UNICEF")
    record = confirmed(head, checked(head, file_of(activity(locations=GAO + KIDAL))))
    assert (record.created, record.fault_count) == (2, 0)
    rows = {one.region.code: one for one in PartnerActivity.objects.select_related("region")}
    assert set(rows) == {"ML-7", "ML-8"}
    gao = rows["ML-7"]
    assert (gao.organisation, gao.title, gao.status, gao.source) == (
        unicef,
        "Points d’eau de Gao et de Kidal",
        "ongoing",
        "iati",
    )
    assert (gao.amount, gao.currency, gao.amount_usd) == (Decimal(5000), "EUR", Decimal(5000)), "half of Mali's half"
    assert (gao.funder, gao.implementer, gao.sector_id) == ("Royaume de Norvège", "Association Kanuya", "14031")
    assert str(gao.starts_on) == "2026-01-15" and str(gao.ends_on) == "2027-01-14"
    assert gao.latitude == Decimal("16.27") and rows["ML-8"].longitude == Decimal("1.41")


def test_a_second_import_changes_only_what_changed(head):
    confirmed(head, checked(head, file_of(activity(locations=GAO), activity("b"))))
    assert Organisation.objects.get(name="UNICEF").is_ptf, "an unknown publisher enters the registry"
    again = checked(head, file_of(activity(locations=GAO, status="4"), activity("b"), activity("c", country=MALI)))
    assert (again.created, again.updated, again.unchanged) == (1, 1, 1)
    confirmed(head, again)
    assert PartnerActivity.objects.get(external_id="XM-DAC-41122-Mali-014").status == "done"


MALI = '<recipient-country code="ML"/>'


def test_what_does_not_concern_the_country_is_left_out(head):
    niger = activity("niger", country='<recipient-country code="NE"/>')
    assert checked(head, file_of(niger, activity("ml", country=MALI))).created == 1
    only = checked(head, file_of(niger))
    assert only.status == ImportStatus.FAULTY and "Mali" in only.faults[0]["message"]


def test_each_fault_names_its_activity(head):
    wrong_day, nameless = activity("a", start="2026-02-31"), activity("b", title="").replace("Water points", "")
    record = checked(head, file_of(activity("ok"), wrong_day, nameless))
    assert {(one["row"], one["sheet"], one["column"]) for one in record.faults} == {
        (2, "a", "activity-date"), (3, "b", "title"),
    }  # fmt: skip


def test_a_family_of_sectors_is_enough_and_an_unknown_one_is_left_empty(head):
    family, unknown = ('<sector vocabulary="2" code="140"/>', '<sector vocabulary="1" code="99810"/>')
    confirmed(head, checked(head, file_of(activity("a", sector=family), activity("b", sector=unknown))))
    found = dict(PartnerActivity.objects.values_list("external_id", "sector"))
    assert found == {"a": "14030", "b": None}


def test_a_currency_without_a_rate_keeps_its_amount(head):
    danish = '<value currency="DKK" value-date="2026-01-01">1000</value>'
    confirmed(head, checked(head, file_of(activity(budget=danish, country=MALI))))
    one = PartnerActivity.objects.get()
    assert (one.amount, one.currency, one.amount_usd) == (Decimal(1000), "DKK", None)


@pytest.mark.parametrize(
    "content, said",
    [
        (b"<a", "XML"),
        (b"MZ\x90\x00", "XML"),
        (b"<html/>", "IATI"),
        (file_of(activity(), version="1.05"), "version 2"),
        (
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><iati-activities version="2.03">&b;</iati-activities>',
            "type",
        ),
        (
            b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 99 + b'"><!ENTITY c "&b;&b;">]><iati-activities version="2.03"/>',
            "type",
        ),
    ],
)
def test_what_is_no_iati_or_brings_entities_is_refused(head, content, said):
    with pytest.raises(NotIati, match=said):
        activities_of(content)
    record = checked(head, content)
    assert record.status == ImportStatus.FAULTY and not PartnerActivity.objects.exists()
