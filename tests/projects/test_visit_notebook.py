"""What the visit notebook reads from the portal: whose visits, with what, under which headers."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Interest
from projects.models import Visit
from projects.states import State
from projects.views import visit_field
from sr_portal.accounts.roles import Role
from tests.factories import implementation as factories
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew
from tests.factories.projects import cast
from tests.ground.laid_once import laid_once

from .proposal_browser import JSON, browser
from .test_visit_pages import at, typed
from .visiting import files, in_days, manager, officer, photo, planned, under_way  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


@laid_once
def crew() -> Crew:
    return Crew()


@laid_once
def project(crew):
    return under_way(crew=crew)


def carried(user) -> list[dict]:
    return browser(user).get("/carnet/visites.json").json()["visits"]


def test_the_notebook_carries_the_visits_of_its_user_and_the_open_findings_of_their_projects(project, crew):
    factories.visit(project, crew.officer, "other", done=False)
    factories.finding(project, crew.officer, "blocking", text="Dalle non armée.")
    factories.finding(
        project,
        crew.officer,
        text="Panneau.",
        closed_at=project.state_since,
        closed_by=crew.officer,
        closing_note="Posé.",
    )
    found = carried(project.author)

    assert [visit["kind"] for visit in found] == ["Visite de mi-parcours", "Visite finale"]
    assert [finding["text"] for finding in found[0]["findings"]] == ["Dalle non armée."]
    assert found[0]["report"] == at("visit_report", project, planned(project).pk)
    assert [str(project.author.pk), str(project.author)] in found[0]["people"]
    assert len(carried(crew.officer)) == 1


def test_a_visit_made_is_carried_for_two_months_with_its_report_to_be_corrected(project):
    visit = planned(project)
    client = browser(project.author)
    client.post(at("visit_report", project, visit.pk), typed(visit, latitude="16,3", longitude="-0,05"))
    made = next(one for one in carried(project.author) if one["id"] == visit.pk)
    assert (made["state"], made["version"]) == ("done", 2)
    assert (made["values"]["progress"], made["values"]["latitude"], made["values"]["longitude"]) == (
        "60",
        "16,3",
        "-0,05",
    )
    Visit.objects.filter(pk=visit.pk).update(done_on=in_days(-61), version=3)
    assert visit.pk not in [one["id"] for one in carried(project.author)]


def test_nothing_is_carried_of_a_project_that_ended_or_out_of_sight_or_in_whose_partner_one_has_an_interest(crew):
    people = cast()
    ended = under_way(State.CANCELLED, crew, people=people)
    lives = under_way(crew=crew, people=people)
    stranger = officer("ML-8")
    for project in (ended, lives):
        Visit.objects.create(
            project=project, kind="other", planned_on=in_days(3), visitor=stranger, created_by=crew.officer
        )
        Visit.objects.create(
            project=project, kind="other", planned_on=in_days(3), visitor=crew.officer, created_by=crew.officer
        )
    assert carried(stranger) == []
    assert [one["project"]["id"] for one in carried(crew.officer)] == [lives.pk]
    Interest.objects.create(user=crew.officer, organisation=lives.partner, nature="Frère du trésorier")
    assert carried(crew.officer) == []


@pytest.mark.parametrize("many", [2, 20])
def test_the_notebook_costs_the_same_whatever_it_carries(project, crew, many):
    for _ in range(many):
        factories.visit(project, crew.officer, "other", done=False)
        factories.finding(project, crew.officer)
    client = browser(crew.officer)
    client.get("/carnet/visites.json")
    with CaptureQueriesContext(connection) as queries:
        client.get("/carnet/visites.json")
    assert len(queries) <= 6, [one["sql"][:150] for one in queries]


def test_the_page_of_the_notebook_is_the_same_for_everybody(project, crew):
    pages = {browser(user).get("/carnet/").content for user in (project.author, crew.officer, manager())}
    keys = re.compile(rb'name="findings-[^"]*key"[^>]*>')
    assert len({keys.sub(b"", page) for page in pages}) == 1
    page = pages.pop().decode()
    assert project.title not in page and "csrfmiddlewaretoken" not in page
    assert "<script>" not in page and " style=" not in page


def test_only_those_who_make_visits_have_a_notebook(crew):
    for address in ("/carnet/", "/carnet/session.json", "/carnet/visites.json"):
        assert browser(user_with(Role.AUDITOR)).get(address).status_code == 403
        assert Client().get(address).headers["Location"].startswith("/compte/connexion/")
        assert "no-store" in browser(crew.officer).get(address).headers["Cache-Control"]


def test_the_session_says_who_is_signed_in_with_a_token_that_serves(project):
    client = Client(enforce_csrf_checks=True)
    client.force_login(project.author, backend="django.contrib.auth.backends.ModelBackend")
    told = client.get("/carnet/session.json").json()
    assert told["user"] == {"id": str(project.author.pk), "name": project.author.name}
    visit = planned(project)
    address = at("visit_report", project, visit.pk)
    headers = {**JSON, "X-CSRFToken": told["csrf"], "X-Draft-User": told["user"]["id"]}
    assert client.post(address, typed(visit), headers=headers).json()["version"] == 2


def test_the_draft_of_one_person_is_never_filed_as_another_s(project, crew):
    visit = planned(project)
    headers = {**JSON, "X-Draft-User": str(project.author.pk)}
    answer = browser(crew.officer).post(at("visit_report", project, visit.pk), typed(visit), headers=headers)
    assert answer.status_code == 403
    visit.refresh_from_db()
    assert visit.state == "planned"
    done = factories.visit(project, crew.officer, "other")
    sent = {"photos": photo(), "stage": "before", "caption": ""}
    assert browser(crew.officer).post(at("visit_photos", project, done.pk), sent, headers=headers).status_code == 403
    assert not done.photos.exists()


# --- Installable -----------------------------------------------------------------------------------------------------
def test_the_service_worker_is_served_from_the_root_and_names_only_static_files_and_the_page():
    answer = Client().get("/service-worker.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Service-Worker-Allowed"] == "/" and answer.headers["Cache-Control"] == "no-cache"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = browser(user_with(Role.PROGRAMME_OFFICER)).get("/carnet/")
    head = dict(re.findall(r"^const (VERSION|PAGE|FILES) = (.*);$", answer.content.decode(), re.MULTILINE))
    assert json.loads(head["PAGE"]) == "/carnet/" and re.fullmatch(r"[0-9a-f]{16}", json.loads(head["VERSION"]))
    assert page.headers["X-Notebook-Version"] == json.loads(head["VERSION"])
    kept = json.loads(head["FILES"])
    assert all(address.startswith("/static/") for address in kept)
    assert "/static/js/visit/notebook.js" in kept and "/static/css/field.css" in kept


def test_every_module_that_the_notebook_imports_is_kept():
    kept = set(visit_field.MODULES)
    for name in kept:
        with open(finders.find(f"js/visit/{name}.js"), encoding="utf-8") as file:
            assert set(re.findall(r'from "\./([a-z]+)\.js"', file.read())) <= kept


def test_the_version_changes_with_the_files(monkeypatch):
    before = visit_field.version()
    monkeypatch.setattr(visit_field, "_content", lambda path: b"something else")
    visit_field.version.cache_clear()
    try:
        assert visit_field.version() != before
    finally:
        visit_field.version.cache_clear()


def test_the_manifest_opens_the_notebook_in_the_reader_s_language():
    french = Client().get("/manifest.webmanifest", headers={"Accept-Language": "fr"}).json()
    assert french["short_name"] == "Carnet" and french["start_url"] == "/carnet/"
    assert {icon["sizes"] for icon in french["icons"]} == {"192x192", "512x512"}
    for icon in french["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_the_calendar_leads_to_the_notebook_of_those_who_have_one(project, crew):
    assert 'href="/carnet/"' in browser(crew.officer).get("/visites/").content.decode()
    assert 'href="/carnet/"' not in browser(user_with(Role.AUDITOR)).get("/visites/").content.decode()
