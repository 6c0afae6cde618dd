"""The pages of visits and findings: what they show, what their forms do without any script, what they cost."""

import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import Visit, VisitPhoto
from projects.services import findings
from projects.services.findings import NewFinding
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.documents.models import Document
from tests.documents.files import jpeg, pdf
from tests.factories import implementation as factories
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew
from tests.factories.projects import cast
from tests.ground.laid_once import laid_once

from .proposal_browser import JSON, browser, hidden
from .visiting import files, fresh, in_days, manager, officer, photo, planned, under_way  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


@laid_once
def crew() -> Crew:
    return Crew()


@laid_once
def project(crew):
    return under_way(crew=crew)


def at(name: str, project, *keys) -> str:
    return reverse(f"projects:{name}", args=[project.pk, *keys])


def typed(visit, **changes) -> dict:
    """The report as a browser without script sends it, with its one-time key."""
    return {
        "one_time_key": str(uuid.uuid4()), "version": visit.version, "done_on": in_days(0).isoformat(),
        "participants": "Affaires civiles", "people_met": "Le maire", "progress": "60", "quality": "fair",
        "safety": "safe", "observations": "Murs montés.", "recommendations": "", "latitude": "", "longitude": "",
        "accuracy_m": "", "findings-TOTAL_FORMS": "1", "findings-INITIAL_FORMS": "0", "findings-0-text": "",
        "findings-0-severity": "minor", "findings-0-due_on": in_days(14).isoformat(), "findings-0-owner": "", **changes,
    }  # fmt: skip


# --- The tab and the page of a visit -----------------------------------------------------------------------------------
def test_the_tab_shows_what_is_to_do_what_was_done_and_what_is_open(project, crew):
    factories.visit(project, crew.officer, "other", photos=("during",), observations="Vu.")
    factories.finding(project, crew.officer, "blocking", text="Dalle non armée.")
    page = browser(crew.officer).get(at("visits", project)).content.decode()

    assert "Visite de mi-parcours" in page and "Visite finale" in page and "Visite complémentaire" in page
    assert "60 %" in page and "1 photo" in page
    assert "Dalle non armée." in page and "1 constat bloquant est ouvert." in page
    assert reverse("projects:visit_add", args=[project.pk]) in page


def test_a_reader_sees_the_tab_without_its_buttons(project, crew):
    page = browser(user_with(Role.AUDITOR)).get(at("visits", project)).content.decode()
    assert "Visite de mi-parcours" in page
    assert at("visit_add", project) not in page and at("visit_report", project, planned(project).pk) not in page


def test_a_visit_made_far_away_says_so(project, crew):
    near = factories.visit(project, crew.officer, "other", distance_m=1999)
    far = factories.visit(project, crew.officer, "other", distance_m=12_345)
    client = browser(crew.officer)
    assert "12,3 km du point du projet" in client.get(at("visit", project, far.pk)).content.decode()
    assert "km du point du projet" not in client.get(at("visit", project, near.pk)).content.decode()
    assert client.get(at("visits", project)).content.decode().count("km du projet") == 1


def test_the_position_is_drawn_beside_the_project(project, crew):
    project.latitude, project.longitude = Decimal("16.27167"), Decimal("-0.04472")
    project.save(update_fields=["latitude", "longitude"])
    visit = factories.visit(
        project, crew.officer, "other", latitude=Decimal("16.3"), longitude=Decimal("-0.04472"), distance_m=3150
    )
    page = browser(crew.officer).get(at("visit", project, visit.pk)).content.decode()
    assert "La visite, à 3,2 km du projet" in page and 'class="sight-ring"' in page


def test_a_visit_has_its_address_in_its_own_project_only(crew):
    people = cast()
    project, other = (under_way(crew=crew, people=people) for _ in range(2))
    assert browser(crew.officer).get(at("visit", project, planned(other).pk)).status_code == 404


@pytest.mark.parametrize("many", [1, 10])
def test_the_tab_costs_the_same_whatever_it_lists(project, crew, many):
    for _ in range(many):
        visit = factories.visit(project, crew.officer, "other", photos=("during",))
        factories.finding(project, crew.officer, visit=visit, owner=project.author)
    client = browser(project.author)
    client.get(at("visits", project))
    with CaptureQueriesContext(connection) as queries:
        client.get(at("visits", project))
    assert len(queries) <= 11, [query["sql"][:120] for query in queries]


@pytest.mark.parametrize("many", [1, 10])
def test_the_page_of_a_visit_costs_the_same_whatever_it_lists(project, crew, many):
    visit = factories.visit(project, crew.officer, "other", photos=("during",) * many)
    for _ in range(many):
        factories.finding(project, crew.officer, visit=visit, owner=project.author)
    client = browser(crew.officer)
    client.get(at("visit", project, visit.pk))
    with CaptureQueriesContext(connection) as queries:
        client.get(at("visit", project, visit.pk))
    assert len(queries) <= 11, [query["sql"][:120] for query in queries]


# --- Planning --------------------------------------------------------------------------------------------------------
def test_a_visit_is_planned_once_for_two_clicks(project, crew):
    client = browser(crew.officer)
    sent = {
        "one_time_key": str(uuid.uuid4()), "kind": "other", "planned_on": in_days(6).isoformat(), "visitor": "",
    }  # fmt: skip
    answers = [client.post(at("visit_add", project), sent) for _ in range(2)]
    made = project.visits.get(kind="other")
    assert {answer["Location"] for answer in answers} == {at("visit", project, made.pk)}


def test_a_day_long_past_is_refused_and_what_was_typed_stays(project, crew):
    sent = {"one_time_key": str(uuid.uuid4()), "kind": "final", "planned_on": "2020-01-01", "visitor": ""}
    answer = browser(crew.officer).post(at("visit_add", project), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "précède la signature" in page and 'value="2020-01-01"' in page


def test_two_people_who_move_a_visit_see_each_other_s_version(project, crew):
    visit, client = planned(project), browser(crew.officer)
    carried = hidden(client.get(at("visit_edit", project, visit.pk)).content.decode())
    Visit.objects.filter(pk=visit.pk).update(planned_on=in_days(30), version=2)
    sent = {**carried, "planned_on": in_days(9).isoformat(), "visitor": str(crew.officer.pk)}
    answer = client.post(at("visit_edit", project, visit.pk), sent)
    page = answer.content.decode()

    assert answer.status_code == 409 and "Rien n’est encore enregistré" in page
    assert in_days(9).isoformat() in page and hidden(page)["version"] == "2"
    again = client.post(at("visit_edit", project, visit.pk), {**sent, **hidden(page)})
    visit.refresh_from_db()
    assert again.status_code == 302 and (visit.planned_on, visit.version) == (in_days(9), 3)


def test_the_page_says_that_a_mandatory_visit_is_replaced(project, crew):
    visit, client = planned(project, "final"), browser(crew.officer)
    page = client.get(at("visit_cancel", project, visit.pk)).content.decode()
    assert "Remplacer une visite" in page and "au moins une visite de mi-parcours" in page
    sent = {"one_time_key": str(uuid.uuid4()), "reason": "Piste coupée.", "replaced_on": ""}
    assert client.post(at("visit_cancel", project, visit.pk), sent).status_code == 422
    done = client.post(at("visit_cancel", project, visit.pk), {**sent, "replaced_on": in_days(20).isoformat()})
    assert done["Location"] == at("visit", project, planned(project, "final").pk)


# --- The report, without any script --------------------------------------------------------------------------------------
def test_a_report_with_findings_and_photos_is_one_form(project):
    visit, client = planned(project), browser(project.author)
    sent = typed(visit, **{"findings-0-text": "Fissure au pignon.", "findings-0-severity": "major"})
    shots = [SimpleUploadedFile("a.jpg", jpeg()), SimpleUploadedFile("b.jpg", jpeg((300, 200)))]
    answer = client.post(at("visit_report", project, visit.pk), {**sent, "photos_after": shots})
    visit.refresh_from_db()

    assert answer.status_code == 302, answer.content.decode()
    assert (visit.state, visit.progress, visit.version) == ("done", 60, 2)
    assert visit.findings.get().severity == "major"
    assert {shot.stage for shot in visit.photos.all()} == {"after"} and visit.photos.count() == 2


def test_the_same_form_sent_twice_has_one_effect_and_one_answer(project):
    visit, client = planned(project), browser(project.author)
    sent = typed(visit, **{"findings-0-text": "Fissure."})
    answers = [client.post(at("visit_report", project, visit.pk), sent) for _ in range(3)]
    visit.refresh_from_db()
    assert len({answer["Location"] for answer in answers}) == 1
    assert visit.version == 2 and visit.findings.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"progress": ""}, "Indiquez l’avancement"),
        ({"progress": "120"}, "de 0 à 100"),
        ({"quality": ""}, "Jugez la qualité"),
        ({"done_on": "2099-01-01"}, "à venir"),
        ({"latitude": "16,27"}, "la latitude et la longitude"),
        ({"latitude": "95", "longitude": "0"}, "latitude"),
        ({"findings-0-text": "Fissure.", "findings-0-due_on": ""}, "Un constat est incomplet"),
        ({"findings-0-text": "Fissure.", "findings-0-due_on": "2020-01-01"}, "ne peut précéder"),
    ],
)
def test_a_report_that_lacks_something_says_what_and_keeps_the_rest(project, changes, said):
    visit = planned(project)
    answer = browser(project.author).post(at("visit_report", project, visit.pk), typed(visit, **changes))
    page = answer.content.decode()
    visit.refresh_from_db()
    assert answer.status_code == 422 and said in page and "Murs montés." in page
    assert visit.state == "planned"


def test_a_file_that_is_no_photo_is_named_and_nothing_is_filed(project):
    visit = planned(project)
    sent = typed(visit, photos_before=SimpleUploadedFile("Plan.pdf", pdf()))
    answer = browser(project.author).post(at("visit_report", project, visit.pk), sent)
    visit.refresh_from_db()
    page = answer.content.decode()
    assert answer.status_code == 422 and "Plan.pdf" in page and "choisissez-les de nouveau" in page
    assert visit.state == "planned" and not VisitPhoto.objects.exists()
    assert not Document.objects.filter(original_name="Plan.pdf").exists()


def test_a_later_correction_is_never_written_over(project, crew):
    visit, client = planned(project), browser(project.author)
    client.post(at("visit_report", project, visit.pk), typed(visit))
    visit.refresh_from_db()
    mine = typed(visit, progress="70", observations="Charpente posée.")
    browser(crew.officer).post(at("visit_report", project, visit.pk), typed(visit, progress="55"))
    answer = client.post(at("visit_report", project, visit.pk), mine)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "Le compte rendu a changé entre-temps" in page and str(crew.officer) in page
    assert "Charpente posée." in page and "Murs montés." in page and "55" in page and "70" in page
    visit.refresh_from_db()
    assert (visit.progress, visit.version) == (55, 3)
    knowing = client.post(at("visit_report", project, visit.pk), {**mine, **hidden(page)})
    visit.refresh_from_db()
    assert knowing.status_code == 302 and (visit.progress, visit.version) == (70, 4)


def test_after_the_end_of_the_session_the_report_is_back(project):
    visit, client = planned(project), browser(project.author)
    client.logout()
    assert client.post(at("visit_report", project, visit.pk), typed(visit, progress="35")).status_code == 302
    client.force_login(project.author, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(at("visit_report", project, visit.pk)).content.decode()
    assert 'value="35"' in page and "Les photos n’ont pas été reçues" in page


# --- The report, as a device sends it ------------------------------------------------------------------------------------
def test_a_device_is_told_the_version_of_its_report_and_the_same_again(project, crew):
    visit, client = planned(project), browser(project.author)
    address, sent = at("visit_report", project, visit.pk), typed(visit)
    first = client.post(address, sent, headers=JSON).json()
    visit.refresh_from_db()
    browser(crew.officer).post(address, typed(visit, progress="55"))
    again = client.post(address, sent, headers=JSON).json()

    assert first == again == {"saved": True, "version": 2, "url": at("visit", project, visit.pk)}
    visit.refresh_from_db()
    assert (visit.progress, visit.version) == (55, 3)


def test_a_device_is_told_what_lacks_by_the_name_of_the_field(project):
    visit = planned(project)
    sent = typed(visit, progress="", **{"findings-0-text": "Fissure.", "findings-0-due_on": ""})
    answer = browser(project.author).post(at("visit_report", project, visit.pk), sent, headers=JSON)
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert errors["progress"] == ["Indiquez l’avancement des travaux."]
    assert errors["findings-0-due_on"] == ["Fixez une échéance."]


def test_a_device_is_given_both_versions(project, crew):
    visit, client = planned(project), browser(project.author)
    address = at("visit_report", project, visit.pk)
    browser(crew.officer).post(address, typed(visit, progress="55"))
    answer = client.post(address, typed(visit, progress="70"), headers=JSON)
    conflict = answer.json()["conflict"]

    assert answer.status_code == 409
    assert (conflict["version"], conflict["by"]) == (2, str(crew.officer))
    assert conflict["values"]["progress"] == "55"
    assert {"name": "progress", "label": "Avancement des travaux", "mine": "70", "stored": "55"} in (
        conflict["differences"]
    )


def test_a_key_that_served_somebody_else_is_refused(project, crew):
    visit = planned(project)
    sent = typed(visit)
    browser(crew.officer).post(at("visit_report", project, visit.pk), sent)
    answer = browser(project.author).post(at("visit_report", project, visit.pk), sent, headers=JSON)
    assert answer.status_code == 400 and answer.json()["saved"] is False


def test_a_device_joins_its_photos_one_by_one_each_once(project):
    visit, client = planned(project), browser(project.author)
    client.post(at("visit_report", project, visit.pk), typed(visit))
    key = str(uuid.uuid4())
    for _ in range(2):
        sent = {"photos": photo(), "stage": "before", "caption": "Le site", "key": key}
        assert client.post(at("visit_photos", project, visit.pk), sent, headers=JSON).json()["saved"] is True
    shot = visit.photos.get()
    assert (str(shot.key), shot.stage, shot.caption) == (key, "before", "Le site")


# --- Photos ----------------------------------------------------------------------------------------------------------
def test_photos_are_handed_only_to_those_who_see_the_project(project, crew):
    shot = factories.visit(project, crew.officer, "other", photos=("after",)).photos.get()
    for name in ("visit_photo", "visit_photo_thumbnail"):
        address = at(name, project, shot.visit_id, shot.document.public_id)
        assert browser(user_with(Role.AUDITOR)).get(address)["Content-Type"] == "image/jpeg"
        for stranger in (officer("ML-8"), user_with(Role.PARTNER), user_with(Role.ADMINISTRATOR)):
            assert browser(stranger).get(address).status_code == 404


def test_a_photo_is_described_then_withdrawn_with_a_reason(project, crew):
    visit = factories.visit(project, crew.officer, "other", photos=("during",))
    shot, client, address = visit.photos.get(), browser(crew.officer), at("visit_photos", project, visit.pk)
    prefix = f"photo-{shot.pk}"
    client.post(address, {"action": f"describe:{shot.pk}", f"{prefix}-stage": "after", f"{prefix}-caption": "Le puits"})
    shot.refresh_from_db()
    assert (shot.stage, shot.caption) == ("after", "Le puits")
    refused = client.post(address, {"action": f"withdraw:{shot.pk}", f"{prefix}-withdraw-reason": ""})
    assert refused.status_code == 422 and "Dites pourquoi" in refused.content.decode()
    client.post(address, {"action": f"withdraw:{shot.pk}", f"{prefix}-withdraw-reason": "Visages reconnaissables."})
    assert client.get(at("visit_photo", project, visit.pk, shot.document.public_id)).status_code == 404


def test_without_a_photo_the_form_says_so(project, crew):
    visit = factories.visit(project, crew.officer, "other")
    answer = browser(crew.officer).post(
        at("visit_photos", project, visit.pk), {"stage": "after", "caption": "Le puits"}
    )
    assert answer.status_code == 422 and "Choisissez au moins une photo" in answer.content.decode()


# --- Findings --------------------------------------------------------------------------------------------------------
def test_a_finding_is_made_once_given_away_and_closed(project, crew):
    client = browser(crew.officer)
    sent = {
        "one_time_key": str(uuid.uuid4()), "key": str(uuid.uuid4()), "text": "Fissure.", "severity": "blocking",
        "owner": "", "due_on": in_days(7).isoformat(),
    }  # fmt: skip
    for _ in range(2):
        assert client.post(at("finding_add", project), sent).status_code == 302
    client.post(at("finding_add", project), {**sent, "one_time_key": str(uuid.uuid4())})
    found = project.findings.get()
    moved = {"one_time_key": str(uuid.uuid4()), "owner": project.author.pk, "due_on": in_days(9).isoformat()}
    assert client.post(at("finding_move", project, found.pk), moved).status_code == 302
    page = client.get(at("finding_close", project, found.pk)).content.decode()
    assert "une fois levé, il ne retient plus les paiements" in page
    closed = {"one_time_key": str(uuid.uuid4()), "note": ""}
    assert client.post(at("finding_close", project, found.pk), closed).status_code == 422
    assert client.post(at("finding_close", project, found.pk), {**closed, "note": "Refait."}).status_code == 302
    found.refresh_from_db()
    assert (found.owner, found.due_on, found.closed_by, found.closing_note) == (
        project.author, in_days(9), crew.officer, "Refait.",
    )  # fmt: skip
    assert "Refait." in client.get(at("finding", project, found.pk)).content.decode()


def test_the_focal_point_is_not_offered_to_close_the_officer_s_finding(project, crew):
    found = findings.add_finding(project=project, user=fresh(crew.officer), new=NewFinding("Fissure.", in_days(7)))
    client = browser(project.author)
    page = client.get(at("finding", project, found.pk)).content.decode()
    assert at("finding_close", project, found.pk) not in page and "dit qu’il est levé" in page
    assert client.post(at("finding_close", project, found.pk), {"note": "Réparé."}).status_code == 403


def test_a_finding_of_a_visit_is_made_from_the_visit(project, crew):
    visit, client = factories.visit(project, crew.officer, "other"), browser(crew.officer)
    address = f"{at('finding_add', project)}?visite={visit.pk}"
    assert "Constat de la visite du" in client.get(address).content.decode()
    sent = {
        "one_time_key": str(uuid.uuid4()), "text": "Fissure.", "severity": "minor", "due_on": in_days(7).isoformat(),
    }  # fmt: skip
    client.post(address, sent)
    assert visit.findings.get().text == "Fissure."
    assert client.get(f"{at('finding_add', project)}?visite={planned(project).pk}").status_code == 404


# --- Once the project ended ----------------------------------------------------------------------------------------------
def test_once_the_project_is_closed_its_visits_are_read_and_no_longer_written(crew):
    project = under_way(State.CLOSED, crew)
    visit = project.visits.filter(state="done").first()
    client = browser(crew.officer)
    assert client.get(at("visits", project)).status_code == 200
    page = client.get(at("visit", project, visit.pk)).content.decode()
    assert at("visit_report", project, visit.pk) not in page
    for name, keys in (("visit_add", ()), ("visit_report", (visit.pk,)), ("visit_photos", (visit.pk,))):
        answer = client.get(at(name, project, *keys))
        assert answer.status_code == 403 and "terminé" in answer.content.decode()


def test_a_manager_of_another_region_finds_nothing(project):
    assert browser(manager("ML-8")).get(at("visits", project)).status_code == 404
