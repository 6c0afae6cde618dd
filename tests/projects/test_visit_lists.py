"""The calendar of visits and the list of findings: what each reader sees, filters and pages through."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Finding, Visit
from projects.states import State
from projects.views.visit_calendar import month_of, weeks_of
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories import implementation as factories
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew
from tests.factories.projects import cast
from tests.ground.laid_once import laid_once

from .proposal_browser import browser
from .visiting import files, in_days, manager, officer, under_way  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


@laid_once
def crew() -> Crew:
    return Crew()


@laid_once
def project(crew):
    return under_way(crew=crew)


def page_of(user, address: str, **query) -> str:
    answer = browser(user).get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(user, **query) -> list:
    return list(browser(user).get("/visites/", {"vue": "liste", **query}).context["page"])


def found(user, **query) -> list:
    return list(browser(user).get("/constats/", query).context["page"])


# --- The month -------------------------------------------------------------------------------------------------------
def test_a_month_is_whole_weeks_from_monday_with_each_visit_on_its_day():
    visit = Visit(planned_on=dt.date(2026, 11, 30))
    visit.day = visit.planned_on
    weeks = weeks_of(dt.date(2026, 11, 1), [visit])

    assert [len(week) for week in weeks] == [7] * 6
    assert (weeks[0][0].date, weeks[-1][-1].date) == (dt.date(2026, 10, 26), dt.date(2026, 12, 6))
    assert weeks[5][0].visits == [visit] and not weeks[0][0].in_month


def test_a_month_that_cannot_be_read_is_this_month():
    this = clock.today().replace(day=1)
    assert month_of("2027-02") == dt.date(2027, 2, 1)
    assert [month_of(text) for text in ("", "2027-13", "x", "1999-01", "2027-02-01")] == [this] * 5


def test_the_calendar_shows_the_visits_of_the_month(project, crew):
    midway = project.visits.get(kind="midway")
    page = page_of(crew.officer, "/visites/", mois=midway.planned_on.strftime("%Y-%m"))
    assert f"/projets/{project.pk}/visites/{midway.pk}/" in page and "Ansongo" in page
    assert "Aucune visite ce mois-ci." in page_of(crew.officer, "/visites/", mois="2031-01")


def test_a_full_day_leads_to_its_list(project, crew):
    for _ in range(6):
        factories.visit(project, crew.officer, "other", done=False, planned_on=in_days(0))
    page = page_of(crew.officer, "/visites/")
    assert "2 autres" in page and f"du={in_days(0):%Y-%m-%d}" in page


def test_a_late_visit_is_marked(project, crew):
    late = factories.visit(project, crew.officer, "other", done=False, planned_on=in_days(-4))
    assert "is-late" in page_of(crew.officer, "/visites/", mois=late.planned_on.strftime("%Y-%m"))
    assert listed(crew.officer, etat="retard") == [late]
    assert "en retard" in page_of(crew.officer, "/visites/", vue="liste")


# --- The list --------------------------------------------------------------------------------------------------------
def test_visits_are_filtered_by_kind_state_region_person_words_and_days(project, crew):
    done = factories.visit(project, crew.officer, "other", planned_on=in_days(-3))
    given_up = Visit.objects.create(
        project=project, kind="other", planned_on=in_days(2), created_by=crew.officer, state="cancelled",
        cancelled_reason="Inutile.",
    )  # fmt: skip
    midway, final = (project.visits.get(kind=kind) for kind in ("midway", "final"))

    assert listed(crew.officer) == [final, midway, done]
    assert listed(crew.officer, type="midway") == [midway]
    assert listed(crew.officer, etat="faites") == [done]
    assert listed(crew.officer, etat="prevues") == [final, midway]
    assert listed(crew.officer, etat="annulees") == [given_up]
    assert listed(crew.officer, region="ML-8") == [] and len(listed(crew.officer, region="ML-7")) == 3
    assert listed(crew.officer, moi="1") == [done] and listed(project.author, moi="1") == [final, midway]
    assert listed(crew.officer, q="forage") == [final, midway, done] and listed(crew.officer, q="école") == []
    assert listed(crew.officer, du=in_days(1).isoformat(), au=midway.planned_on.isoformat()) == [midway]


def test_everybody_sees_the_visits_of_the_projects_that_they_read(project):
    assert len(listed(user_with(Role.AUDITOR))) == 2 == len(listed(manager()))
    assert listed(manager("ML-8")) == [] == listed(officer("ML-8"))
    for outsider in (user_with(Role.PARTNER), user_with(Role.ADMINISTRATOR), user_with()):
        assert browser(outsider).get("/visites/").status_code == 403


def test_a_day_that_cannot_be_read_is_said_and_filters_nothing(project, crew):
    answer = browser(crew.officer).get("/visites/", {"vue": "liste", "du": "hier"})
    assert answer.status_code == 422 and len(list(answer.context["page"])) == 2
    assert "Ces critères n’ont pas été appliqués" in answer.content.decode()


def test_the_list_goes_on_page_after_page(project, crew):
    Visit.objects.bulk_create(
        Visit(project=project, kind="other", planned_on=in_days(day), created_by=crew.officer) for day in range(60)
    )
    first = browser(crew.officer).get("/visites/", {"vue": "liste"}).context["page"]
    second = browser(crew.officer).get("/visites/", {"vue": "liste", "suite": first.next_cursor}).context["page"]
    assert (len(first), len(second)) == (50, 12)
    assert not {visit.pk for visit in first} & {visit.pk for visit in second}


@pytest.mark.parametrize("query", [{}, {"vue": "liste"}])
@pytest.mark.parametrize("many", [2, 20])
def test_the_visits_cost_the_same_whatever_they_are(project, crew, query, many):
    for _ in range(many):
        Visit.objects.create(
            project=project, kind="other", planned_on=in_days(0), visitor=crew.officer, created_by=crew.officer
        )
    client = browser(crew.officer)
    client.get("/visites/", query)
    with CaptureQueriesContext(connection) as queries:
        client.get("/visites/", query)
    assert len(queries) <= 6, [one["sql"][:150] for one in queries]


# --- Findings --------------------------------------------------------------------------------------------------------
def test_open_findings_are_listed_the_first_due_first(project, crew):
    later = factories.finding(project, crew.officer, due_on=in_days(20), owner=project.author)
    overdue = factories.finding(project, crew.officer, "blocking", due_on=in_days(-2))
    closed = factories.finding(
        project, crew.officer, closed_at=clock.now(), closed_by=crew.officer, closing_note="Refait."
    )
    assert found(crew.officer) == [overdue, later]
    assert found(crew.officer, etat="retard") == [overdue]
    assert found(crew.officer, etat="leves") == [closed]
    assert len(found(crew.officer, etat="tous")) == 3
    assert found(crew.officer, gravite="blocking") == [overdue]
    assert found(project.author, moi="1") == [later]
    assert found(officer("ML-8")) == []


def test_the_findings_of_a_project_that_ended_are_no_longer_to_be_dealt_with(crew):
    people = cast()
    ended = under_way(State.CANCELLED, crew, people=people)
    factories.finding(ended, crew.officer)
    assert found(crew.officer) == []


@pytest.mark.parametrize("many", [2, 20])
def test_the_findings_cost_the_same_whatever_they_are(project, crew, many):
    visit = factories.visit(project, crew.officer, "other")
    for _ in range(many):
        factories.finding(project, crew.officer, visit=visit, owner=project.author)
    client = browser(crew.officer)
    client.get("/constats/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/constats/")
    assert len(queries) <= 6, [one["sql"][:150] for one in queries]


def test_the_menu_leads_to_visits_and_findings(project, crew):
    page = page_of(crew.officer, "/")
    assert 'href="/visites/"' in page and 'href="/constats/"' in page
    assert 'href="/visites/"' not in page_of(user_with(Role.PARTNER), "/")


def test_the_history_of_the_project_tells_of_its_visits_and_findings(project, crew):
    factories.visit(project, crew.officer, "other", photos=("after",))
    factories.finding(project, crew.officer, text="Dalle non armée.")
    auditor, history = user_with(Role.AUDITOR), f"/projets/{project.pk}/historique/"
    assert "Dalle non armée." in page_of(auditor, f"{history}?objet=projects.finding")
    assert "Effectuée" in page_of(auditor, f"{history}?objet=projects.visit")
    assert Finding.objects.count() == 1
