"""The page « Données » with its files, the export of the list, and the pages on which publication is decided."""

import csv
import io
import uuid

import pytest
import python_calamine
from django.test import Client

from projects.models import Project, PublishedFile
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew, agreed, approved, visit
from tests.factories.projects import cast, complete_draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# --- The data page --------------------------------------------------------------------------------------------------
def test_a_partner_reads_the_page_and_takes_a_file(django_assert_max_num_queries):
    client = signed_in(user_with(Role.PARTNER))
    with django_assert_max_num_queries(12):
        page = client.get("/donnees/")
    assert page.status_code == 200
    for name in ("projets.csv", "projets.xlsx", "projets.geojson", "iati-activites.xml", "4w.csv", "datapackage.json"):
        assert f"/donnees/{name}".encode() in page.content
    answer = client.get("/donnees/fonds.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert {row[0] for row in lines(body(answer))} >= {"code", "QIP", "PBF", "TF"}
    assert b"octets" in client.get("/donnees/").content  # the size of what was just taken


def test_the_public_sees_it_only_where_the_setting_says_so(settings):
    assert Client().get("/donnees/").status_code == 302
    assert Client().get("/donnees/fonds.csv").status_code == 302
    settings.PUBLIC_DATA = True
    assert Client().get("/donnees/").status_code == 200
    assert Client().get("/donnees/fonds.csv").status_code == 200


@pytest.mark.parametrize("address", ["?separateur=tabulation", "?hxl=oui", "?region=ML-7"])
def test_a_file_asked_for_in_a_way_that_is_not_understood_is_refused(address):
    assert signed_in(user_with(Role.PARTNER)).get(f"/donnees/projets.csv{address}").status_code == 400


def test_there_is_no_other_file():
    assert signed_in(user_with(Role.PARTNER)).get("/donnees/comptes.csv").status_code == 404


def test_a_partner_gets_no_draft_and_no_internal_text():
    complete_draft(title="Brouillon secret")
    project = approved(need="Le maire a dit en confidence.")
    content = body(signed_in(user_with(Role.PARTNER)).get("/donnees/projets.csv")).decode()
    assert project.reference in content
    assert "Brouillon secret" not in content and "en confidence" not in content


# --- The export of the list -----------------------------------------------------------------------------------------
def test_the_list_is_exported_as_it_is_filtered():
    people = cast()
    one, other = approved(people, title="Un pont"), approved(people, title="Un puits")
    client = signed_in(user_with(Role.SECTION_HEAD))
    told = lines(body(client.get("/projets/export.csv?q=pont")))
    assert told[0][:2] == ["Référence", "Intitulé"]
    assert [row[0] for row in told[1:]] == [one.reference]
    content = body(client.get("/projets/export.xlsx?etat=approved"))
    book = python_calamine.load_workbook(io.BytesIO(content))
    assert {row[0] for row in book.get_sheet_by_index(0).to_python()[1:]} == {one.reference, other.reference}
    assert ["Filtre : État", "Approuvée", ""] in book.get_sheet_by_name("Notice").to_python()
    assert b"/projets/export.xlsx?q=pont" in client.get("/projets/?q=pont").content


def test_nobody_exports_what_they_may_not_read():
    project = approved()
    elsewhere = user_with(Role.PROGRAMME_OFFICER, region=None)
    assert project.reference.encode() in body(signed_in(elsewhere).get("/projets/export.csv"))
    assert project.reference.encode() not in body(signed_in(user_with(Role.PARTNER)).get("/projets/export.csv"))


def test_a_filter_that_is_not_understood_exports_nothing():
    answer = signed_in(user_with(Role.SECTION_HEAD)).get("/projets/export.csv?montant_min=beaucoup")
    assert answer.status_code == 422 and "Rien n’a été exporté" in answer.content.decode()


# --- Publication ----------------------------------------------------------------------------------------------------
def test_the_section_head_restricts_a_project_in_the_browser():
    project = approved()
    client = signed_in(user_with(Role.SECTION_HEAD))
    assert "XM-DAC-41310" in client.get(f"/projets/{project.pk}/publication/").content.decode()
    address = f"/projets/{project.pk}/publication/choix/"
    assert client.get(address).status_code == 200
    refused = client.post(
        address, {"level": "cercle", "public_title": "Ansongo", "reason": "", "one_time_key": str(uuid.uuid4())}
    )
    assert refused.status_code == 422
    assert "nomme le lieu" in refused.content.decode() and "Ansongo" in refused.content.decode()
    done = client.post(address, {"level": "hidden", "reason": "Menaces.", "one_time_key": str(uuid.uuid4())})
    assert done.status_code == 302
    assert not Project.objects.open_to_partners().exists()


def test_the_officer_is_not_offered_to_tell_more():
    project = approved(visibility_risk=True)
    page = (
        signed_in(user_with(Role.PROGRAMME_OFFICER)).get(f"/projets/{project.pk}/publication/choix/").content.decode()
    )
    assert 'value="hidden"' in page and 'value="full"' not in page


def test_a_photo_is_cleared_handed_to_a_partner_and_taken_back():
    crew = Crew()
    project = agreed(crew)
    document = visit(project, crew.officer, photos=("during",)).photos.get().document
    officer, partner = signed_in(crew.officer), signed_in(user_with(Role.PARTNER))
    handed = f"/donnees/fichiers/{document.public_id}/"
    assert partner.get(handed).status_code == 404
    address = f"/projets/{project.pk}/publication/fichiers/{document.public_id}/"
    assert (
        officer.post(address, {"title": "Chantier", "language": "fr", "one_time_key": str(uuid.uuid4())}).status_code
        == 422
    )
    typed = {"title": "Chantier", "language": "fr", "consent": "on", "one_time_key": str(uuid.uuid4())}
    assert officer.post(address, typed).status_code == 302
    assert partner.get(handed).status_code == 200
    assert "Chantier" in officer.get(f"/projets/{project.pk}/publication/").content.decode()
    assert (
        officer.post(f"{address}retrait/", {"reason": "Ravisé.", "one_time_key": str(uuid.uuid4())}).status_code == 302
    )
    assert partner.get(handed).status_code == 404
    assert PublishedFile.objects.get().withdrawal_reason == "Ravisé."
