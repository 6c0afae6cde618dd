"""The screening page: the checklist kept as it is filled, by its screener alone, round after round."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from funds.models import Interest
from projects.checklist import CHECKLIST
from projects.forms.screening import MENDED_IN, SECTIONS, base_text
from projects.models import Project, ScreeningAnswer
from projects.services import screening
from projects.services.screening import stored_answers
from projects.services.submission import submit
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.projects import cast, complete_draft, region
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def address(project) -> str:
    return reverse("projects:screening", args=[project.pk])


def submitted(**fields) -> Project:
    draft = complete_draft(**fields)
    return submit(project=draft, user=draft.author)


@laid_once
def officer() -> User:
    return user_with(Role.PROGRAMME_OFFICER, name="Étienne Sangaré")


@laid_once
def project(officer) -> Project:
    return screening.start_screening(project=submitted(), user=officer)


def answers(**given: str) -> dict[str, str]:
    """Every point « yes », but those given: code=answer."""
    return {f"answer_{item.code}": given.get(item.code, "yes") for item in CHECKLIST}


def known(project) -> dict[str, str]:
    """What a page that was just read brings back: the fingerprint of the answers stored."""
    under_way = project.screenings.get(closed_at=None)
    return {"fingerprint": base_text(stored_answers(under_way), under_way)}


def kept(project) -> dict[str, tuple[str, str]]:
    rows = ScreeningAnswer.objects.filter(screening__project=project, screening__closed_at=None)
    return {row.item: (row.answer, row.comment) for row in rows}


def test_the_page_asks_every_point_and_shows_what_the_proposal_says_of_it(officer, project):
    html = browser(officer).get(address(project)).content.decode()
    for item in CHECKLIST:
        assert (
            str(escape(str(item.label))) in html
            and f'name="answer_{item.code}"' in html
            and f'name="comment_{item.code}"' in html
        )
    assert "20\u202f000\u00a0USD, pour un plafond de 50\u202f000\u00a0USD" in html
    assert "4\u00a0mois" in html or "4 mois" in html
    assert "Réponses\u00a0: 0 sur 15" in html


def test_answers_are_saved_and_shown_again(officer, project):
    data = known(project) | answers(land="no") | {"comment_land": "Titre à produire", "answer_gender": ""}
    answer = browser(officer).post(address(project), data)
    assert answer.status_code == 302 and answer.url == address(project)
    assert kept(project)["land"] == ("no", "Titre à produire") and kept(project)["gender"] == ("", "")
    html = browser(officer).get(address(project)).content.decode()
    assert "Titre à produire" in html and "Réponses\u00a0: 14 sur 15" in html
    assert "Empêche la recevabilité" in html and "Reste à répondre" in html


def test_the_script_saves_as_one_goes_and_gets_one_line_back(officer, project):
    answer = browser(officer).post(
        address(project), known(project) | {"answer_land": "yes"}, headers={"HX-Request": "true"}
    )
    html = answer.content.decode()
    assert answer.status_code == 200 and "Enregistré le" in html and "<html" not in html
    assert kept(project)["land"] == ("yes", "")


@pytest.mark.parametrize("name", ["admit", "send_back", "declare_inadmissible"])
def test_concluding_saves_first_and_then_asks_to_confirm(officer, project, name):
    answer = browser(officer).post(address(project), known(project) | answers() | {"then": name})
    assert answer.url == reverse("projects:transition", args=[project.pk, name])
    assert kept(project)["land"] == ("yes", "")
    project.refresh_from_db()
    assert project.state == State.SCREENING, "nothing is concluded yet"


def test_a_bad_answer_is_refused_and_what_was_typed_is_kept(officer, project):
    long = "Un commentaire. " * 200
    data = answers() | {"answer_land": "peut-être", "comment_budget": long}
    answer = browser(officer).post(address(project), data)
    html = answer.content.decode()
    assert answer.status_code == 422 and long.strip() in html and "form-errors" in html
    assert kept(project)["gender"] == ("", ""), "all or nothing"
    by_script = browser(officer).post(address(project), data, headers={"HX-Request": "true"})
    assert by_script.status_code == 422 and "Pas encore enregistré" in by_script.content.decode()


def test_an_expired_session_keeps_the_grid(officer, project, client):
    answer = client.post(address(project), answers() | {"comment_land": "Titre à produire"})
    assert reverse("account_login") in answer.url
    client.force_login(User.objects.get(pk=officer.pk), backend=BACKEND)
    assert "Titre à produire" in client.get(address(project)).content.decode()
    assert kept(project)["land"] == ("", ""), "it is shown again, and written by whoever sends it"


@pytest.mark.parametrize("role", [r for r in Role if r != Role.PROGRAMME_OFFICER])
def test_no_other_role_fills_the_grid(project, role):
    user = user_with(role, region=project.region)
    sees = Project.objects.visible_to(user).filter(pk=project.pk).exists()
    reads = role in (Role.AUDITOR, Role.SECTION_HEAD, Role.REGIONAL_MANAGER)
    assert browser(user).get(address(project)).status_code == (200 if reads else 403 if sees else 404)
    assert browser(user).post(address(project), answers()).status_code == (403 if sees else 404)
    assert set(kept(project).values()) == {("", "")}


def test_who_follows_the_screening_reads_and_does_not_write(project, officer):
    for user in (user_with(Role.AUDITOR), user_with(Role.PROGRAMME_OFFICER)):
        html = browser(user).get(address(project)).content.decode()
        assert "Étienne Sangaré examine cette proposition" in html and 'name="answer_land"' not in html
    answer = browser(user).post(address(project), answers())
    assert answer.status_code == 403 and "Étienne Sangaré" in answer.content.decode()
    assert set(kept(project).values()) == {("", "")}


def test_elsewhere_or_not_signed_in_there_is_nothing(project, client):
    stranger = user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"))
    assert browser(stranger).get(address(project)).status_code == 404
    assert browser(stranger).post(address(project), answers()).status_code == 404
    assert reverse("account_login") in client.get(address(project)).url


def test_the_author_and_who_has_an_interest_are_told_why_not(officer, project):
    author = user_with(Role.PROPOSER, Role.PROGRAMME_OFFICER)
    own = screening.start_screening(project=submitted(author=author), user=officer)
    answer = browser(author).get(address(own))
    assert answer.status_code == 403 and "Vous avez rédigé cette proposition" in answer.content.decode()
    Interest.objects.create(user=officer, organisation=project.partner, nature="Parent")
    for answer in (browser(officer).get(address(project)), browser(officer).post(address(project), answers())):
        assert answer.status_code == 403 and "un intérêt dans son partenaire" in answer.content.decode()
    assert set(kept(project).values()) == {("", "")}


def test_a_grid_sent_after_the_conclusion_writes_nothing_and_gives_the_comments_back(officer, project):
    screening.send_back(project=project, user=officer, reasons={"budget": "Devis"})
    answer = browser(officer).post(address(project), answers() | {"comment_land": "Titre à produire"})
    html = answer.content.decode()
    assert answer.status_code == 409 and "Titre à produire" in html and "Renvoyée" in html
    by_script = browser(officer).post(address(project), answers(), headers={"HX-Request": "true"})
    assert by_script.status_code == 409 and "<html" not in by_script.content.decode()
    assert not ScreeningAnswer.objects.filter(answer="yes").exists()


def test_points_answered_no_are_written_where_the_author_mends_them(officer, project):
    data = known(project) | answers(land="no", budget="no") | {"comment_land": "Titre à produire"}
    browser(officer).post(address(project), data)
    html = browser(officer).get(reverse("projects:transition", args=[project.pk, "send_back"])).content.decode()
    assert "Terrain et entretien\u00a0: Titre à produire" in html and "Budget complet et plausible" in html
    assert set(MENDED_IN) == {item.code for item in CHECKLIST} and set(MENDED_IN.values()) <= set(SECTIONS)


def test_nothing_to_mend_is_no_return(officer, project):
    url = reverse("projects:transition", args=[project.pk, "send_back"])
    answer = browser(officer).post(url, {"one_time_key": uuid.uuid4(), "budget": "  "})
    assert answer.status_code == 422 and "au moins pour une section" in answer.content.decode()
    project.refresh_from_db()
    assert project.state == State.SCREENING


def test_an_incomplete_or_blocked_grid_does_not_admit(officer, project):
    url = reverse("projects:transition", args=[project.pk, "admit"])
    browser(officer).post(address(project), known(project) | answers(land="no", budget=""))
    for answer in (browser(officer).get(url), browser(officer).post(url, {"one_time_key": uuid.uuid4()})):
        html = answer.content.decode()
        assert "Réponse bloquante" in html and "Point sans réponse" in html
    assert answer.status_code == 422
    project.refresh_from_db()
    assert project.state == State.SCREENING


def test_every_round_is_kept_and_shown(officer, project):
    for number, reason in ((1, "Joignez trois devis."), (2, "Le troisième devis manque.")):
        data = known(project) | answers(budget="no") | {"comment_budget": f"Tour {number}"}
        browser(officer).post(address(project), data)
        screening.send_back(project=project, user=officer, reasons={"budget": reason})
        submit(project=project, user=project.author)
        project = screening.start_screening(project=project, user=officer)
    html = browser(officer).get(address(project)).content.decode()
    for said in ("Joignez trois devis.", "Le troisième devis manque.", "tour n° 3", "Tours précédents", "Tour 1"):
        assert said in html
    assert kept(project)["budget"] == ("no", "Tour 2"), "taken up again, to be confirmed or changed"


def test_what_deserves_a_second_look_is_shown_to_the_screener(officer):
    partner = PartnerFactory(vetting_status="pending", vetted_on=None)
    submitted(amount="40000", partner=partner)
    project = screening.start_screening(project=submitted(amount="30000", partner=partner), user=officer)
    html = browser(officer).get(address(project)).content.decode()
    assert "Fractionnement possible" in html and "Partenaire non vérifié" in html


def test_before_a_round_the_officer_is_invited_to_begin_one(officer):
    project = submitted()
    html = browser(officer).get(address(project)).content.decode()
    assert reverse("projects:transition", args=[project.pk, "start_screening"]) in html
    assert "start_screening" not in browser(user_with(Role.AUDITOR)).get(address(project)).content.decode()


def test_the_page_costs_the_same_whatever_the_rounds_and_lines(officer):
    people = cast()
    costs = []
    projects = [submitted(), submitted(locality="Ménaka")]
    for turn, project in enumerate(projects):
        for _round in range(5 * turn):
            screening.start_screening(project=project, user=people.officer)
            screening.send_back(project=project, user=people.officer, reasons={"budget": "Devis", "need": "Qui ?"})
            submit(project=project, user=project.author)
        screening.start_screening(project=project, user=people.officer)
    for project in projects:
        client = browser(people.officer)
        with CaptureQueriesContext(connection) as captured:
            client.get(address(project))
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 22


def test_the_day_a_round_was_opened_is_told(officer, project):
    Project.objects.filter(pk=project.pk).update(state_since=project.state_since - dt.timedelta(days=1))
    assert "Examen ouvert le" in browser(officer).get(address(project)).content.decode()
