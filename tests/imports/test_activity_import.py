"""Activities from a spreadsheet through the pages: columns told once, a report by row and column, all or nothing."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client

from funds.models import Organisation, PartnerActivity
from sr_portal.accounts.roles import Role
from sr_portal.imports.models import ColumnMapping, DataImport, ImportStatus
from sr_portal.imports.running import run
from tests.factories.accounts import user_with
from tests.factories.activities import ActivityFactory
from tests.factories.funds import PartnerFactory
from tests.factories.regions import region
from tests.imports.files import HEADING, named, xlsx

pytestmark = pytest.mark.django_db
GOOD = ["UNICEF", "Points d’eau", "Gao", "2026-03-01", "ML-1", 5000, "USD"]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def head():
    return user_with(Role.SECTION_HEAD)


@pytest.fixture
def unicef():
    return PartnerFactory(name="Fonds des Nations Unies pour l’enfance", acronym="UNICEF")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, content: bytes, name: str = "activites.xlsx"):
    return client.post("/importer/activities/fichier/", {"file": named(content, name)})


def checked(client: Client, rows, *, heading=HEADING, **options) -> DataImport:
    """Sent, its columns taken as they were guessed, and checked."""
    answer = sent(client, xlsx([heading, *rows]))
    assert answer.status_code == 302, answer.context["form"].errors
    form = client.get(answer["Location"]).context["form"]
    data = {name: field.initial for name, field in form.fields.items() if field.initial} | options
    assert client.post(answer["Location"], data).status_code == 302
    return DataImport.objects.latest("pk")


def confirmed(client: Client, record: DataImport) -> DataImport:
    answer = client.post(f"/importer/{record.pk}/", {"one_time_key": str(uuid.uuid4())})
    assert answer.status_code == 302
    run.call(record.pk)
    record.refresh_from_db()
    return record


def faults(record: DataImport) -> set[tuple[int, str]]:
    return {(fault["row"], fault["column"]) for fault in record.faults}


# --- The way of a good file ------------------------------------------------------------------------------------------
def test_a_file_is_checked_then_confirmed_and_all_of_it_is_there(head, unicef):
    client = browser(head)
    record = checked(client, [GOOD, ["Fonds des Nations Unies pour l’enfance", "Écoles", "", "1/4/2026", "", "", ""]])
    assert (record.status, record.rows, record.created, record.fault_count) == (ImportStatus.CHECKED, 2, 2, 0)
    assert not PartnerActivity.objects.exists(), "a check writes nothing"
    assert "Confirmer" in client.get(f"/importer/{record.pk}/").content.decode()
    assert confirmed(client, record).status == ImportStatus.DONE
    made = PartnerActivity.objects.get(external_id="ML-1")
    assert (made.organisation, made.region, made.amount_usd, made.source) == (unicef, region(), Decimal(5000), "sheet")
    assert (made.created_by, made.data_import, made.import_row) == (head, record, 2)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "activites.xlsx" in page and "ligne 2" in page
    assert "Chef" not in client.get(f"{made.get_absolute_url()}historique/").context  # the page opens
    assert PartnerActivity.objects.get(title="Écoles").region is None


def test_a_second_import_recognises_what_is_there(head, unicef):
    client, rows = browser(head), [GOOD, ["UNICEF", "Écoles", "Gao", "2026-04-01", "", "", ""]]
    confirmed(client, checked(client, rows))
    before = list(PartnerActivity.objects.order_by("pk").values())
    again = checked(client, rows)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    confirmed(client, again)
    assert list(PartnerActivity.objects.order_by("pk").values()) == before
    changed = confirmed(client, checked(client, [[*GOOD[:5], 6000, "USD"], rows[1]]))
    assert (changed.updated, changed.unchanged) == (1, 1)
    assert PartnerActivity.objects.get(external_id="ML-1").amount_usd == 6000


def test_a_confirmation_counts_once(head, unicef):
    client = browser(head)
    record = confirmed(client, checked(client, [GOOD]))
    answer = client.post(f"/importer/{record.pk}/", {"one_time_key": str(uuid.uuid4())})
    assert answer.status_code == 422 and "déjà parti" in answer.content.decode()
    run.call(record.pk)
    assert PartnerActivity.objects.count() == 1


def test_columns_are_remembered_for_the_next_file(head, unicef):
    client = browser(head)
    heading = ["Acteur", "Quoi", "Où", "Quand", "N°", "Budget", "Devise"]
    answer = sent(client, xlsx([heading, GOOD]))
    form = client.get(answer["Location"]).context["form"]
    assert form.fields["activities-organisation"].initial == ""
    places = {"organisation": 0, "title": 1, "region": 2, "starts_on": 3, "external_id": 4, "amount": 5, "currency": 6}
    data = {f"activities-{name}": str(at) for name, at in places.items()}
    assert client.post(answer["Location"], data | {"activities-title": ""}).status_code == 422
    assert client.post(answer["Location"], data | {"activities-title": "0"}).status_code == 422
    assert client.post(answer["Location"], data).status_code == 302
    assert ColumnMapping.objects.get(user=head).headings["activities"]["organisation"] == "acteur"
    moved = sent(client, xlsx([["Devise", *heading[:-1]], ["USD", *GOOD[:-1]]]))
    again = client.get(moved["Location"]).context["form"]
    assert (again.fields["activities-organisation"].initial, again.fields["activities-currency"].initial) == ("1", "0")


# --- What is refused -------------------------------------------------------------------------------------------------
def test_each_fault_is_told_by_row_and_column_and_nothing_is_written(head, unicef):
    rows = [
        GOOD,
        ["ONG inconnue", "Eau", "Gao", "2026-03-01", "a", "", ""],
        ["UNICEF", "", "Gao", "2026-03-01", "b", "", ""],
        ["UNICEF", "Eau", "Atlantide", "31/02/2026", "c", "", ""],
        ["UNICEF", "Eau", "Gao", "2026-03-01", "d", "beaucoup", "USD"],
        ["UNICEF", "Eau", "Gao", "2026-03-01", "e", 50, ""],
        GOOD,
    ]
    client = browser(head)
    record = checked(client, rows)
    assert record.status == ImportStatus.FAULTY
    assert faults(record) == {
        (3, "Organisation"), (4, "Intitulé"), (5, "Région"), (5, "Début"), (6, "Montant"), (7, "Monnaie"),
        (8, "Intitulé"),
    }  # fmt: skip
    page = client.get(f"/importer/{record.pk}/").content.decode()
    assert "« Atlantide » n’est pas une région du Mali." in page and "Confirmer l’import" not in page
    text = b"".join(client.get(f"/importer/{record.pk}/erreurs.csv").streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 8 and "Atlantide" in text
    assert client.post(f"/importer/{record.pk}/", {"one_time_key": str(uuid.uuid4())}).status_code == 422
    assert not PartnerActivity.objects.exists()


def test_a_point_outside_its_region_is_told_by_its_row(head, unicef):
    heading = [*HEADING, "Latitude", "Longitude"]
    record = checked(browser(head), [[*GOOD, 16.27, -0.04], [*GOOD[:4], "ML-2", 1, "USD", 12.6, -8]], heading=heading)
    assert faults(record) == {(3, "Latitude")}


def test_unknown_organisations_are_registered_when_that_is_asked(head):
    rows = [
        ["Nouvelle ONG", "Eau", "Gao", "2026-03-01", "1", "", ""],
        ["nouvelle ong", "Puits", "Gao", "2026-03-01", "2", "", ""],
    ]
    client = browser(head)
    assert checked(client, rows).fault_count == 2
    confirmed(client, checked(client, rows, registers_unknown="on"))
    made = Organisation.objects.get()
    assert (made.name, made.is_ptf, made.vetting_status, made.created_by) == ("Nouvelle ONG", True, "pending", head)
    assert made.activities.count() == 2


def test_a_head_of_office_brings_in_their_region_only(unicef):
    manager = user_with(Role.REGIONAL_MANAGER, region=region("ML-8"))
    assert faults(checked(browser(manager), [GOOD])) == {(2, "Région")}


def test_what_went_wrong_since_the_check_is_refused_whole(head, unicef):
    client = browser(head)
    record = checked(client, [GOOD, ["UNICEF", "Écoles", "Gao", "2026-04-01", "ML-2", "", ""]])
    unicef.acronym = "Autre"
    unicef.save()
    record = confirmed(client, record)
    assert record.status == ImportStatus.FAILED and record.fault_count == 2 and "rien n’a été importé" in record.failure
    assert not PartnerActivity.objects.exists()


def test_what_the_database_refuses_undoes_the_whole_import(head, unicef, monkeypatch):
    from django.db import IntegrityError

    from funds.imports import activity_plan

    client = browser(head)
    record = checked(client, [GOOD])
    real = activity_plan.ActivityPlan.write

    def breaks(plan, record, step):
        real(plan, record, step)
        raise IntegrityError("activity_known_once")

    monkeypatch.setattr(activity_plan.ActivityPlan, "write", breaks)
    record = confirmed(client, record)
    assert record.status == ImportStatus.FAILED and "activity_known_once" in record.failure
    assert not PartnerActivity.objects.exists()
    monkeypatch.undo()
    assert confirmed(client, record).status == ImportStatus.DONE


@pytest.mark.parametrize(
    "content, name, said",
    [
        (b"MZ\x90", "a.xlsx", "contenu"),
        (b"Nom,Lieu\n=1+1,Gao\n", "a.csv", "formule"),
        ("Organisation\nÉ\n".encode() + "É\n".encode("cp1252"), "a.csv", "deux alphabets"),
        (b"", "a.csv", "vide"),
    ],
)
def test_a_broken_file_is_refused_at_the_door(head, content, name, said):
    answer = sent(browser(head), content, name)
    assert answer.status_code == 422 and said in answer.content.decode().lower()
    assert not DataImport.objects.exists()


# --- Who -------------------------------------------------------------------------------------------------------------
def test_somebody_else_s_file_is_not_there_and_audit_reads_it(head, unicef):
    record = checked(browser(head), [GOOD])
    assert browser(user_with(Role.SECTION_HEAD)).get(f"/importer/{record.pk}/").status_code == 404
    assert browser(user_with(Role.AUDITOR)).get(f"/importer/{record.pk}/").status_code == 200
    assert browser(user_with(Role.PROPOSER)).get("/importer/").status_code == 403


def test_the_export_of_the_list_is_imported_as_unchanged(head):
    ActivityFactory(
        region=region(), amount=5, currency="USD", amount_usd=5, external_id="x", sector_id="14031", beneficiaries=3
    )
    ActivityFactory(title="=Signe", locality="Bourem")
    client = browser(head)
    content = b"".join(client.get("/coordination/activites/export.xlsx").streaming_content)
    answer = sent(client, content)
    form = client.get(answer["Location"]).context["form"]
    client.post(answer["Location"], {name: field.initial for name, field in form.fields.items() if field.initial})
    record = DataImport.objects.get()
    assert (record.faults, record.unchanged, record.created, record.updated) == ([], 2, 0, 0)


def test_the_template_has_every_column_and_the_codes(head):
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(browser(head).get("/importer/activities/modele.xlsx").content))
    assert book.sheetnames == ["Activités", "Notice", "Listes"]
    assert [cell.value for cell in book["Activités"][1]][:2] == ["Identifiant", "Organisation"]
    assert ("Région", "ML-7", "Gao") in [tuple(cell.value for cell in row) for row in book["Listes"].iter_rows()]
