"""The history of a project: every change, by whom, from where, for those who may read it, at a constant cost."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import Activity
from projects.services import committee as committees
from projects.services import screening
from projects.services.steps import withdraw
from projects.services.submission import submit
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.projects import add_line, admitted, cast, complete_draft, in_session, region

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def read(user: User, project, **query: str) -> str:
    answer = browser(user).get(reverse("projects:history", args=[project.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def submitted(**fields):
    draft = complete_draft(**fields)
    return submit(project=draft, user=draft.author)


def test_who_may_not_read_the_project_may_not_read_its_history(client):
    project = submitted()
    address = reverse("projects:history", args=[project.pk])
    assert reverse("account_login") in client.get(address).url
    for user in (user_with(Role.PROGRAMME_OFFICER, region=region("ML-8")), user_with(Role.ADMINISTRATOR)):
        assert browser(user).get(address).status_code == 404
    assert browser(user_with(Role.AUDITOR)).post(address).status_code == 405, "it is read, never written"
    for user in (project.author, user_with(Role.AUDITOR), user_with(Role.FINANCE_OFFICER)):
        assert browser(user).get(address).status_code == 200


def test_a_step_taken_by_its_page_says_by_whom_and_from_where():
    project = submitted()
    officer = user_with(Role.PROGRAMME_OFFICER, name="Étienne Sangaré")
    url = reverse("projects:transition", args=[project.pk, "start_screening"])
    browser(officer).post(url, {"one_time_key": uuid.uuid4()}, REMOTE_ADDR="192.0.2.44")
    html = read(user_with(Role.AUDITOR), project)
    assert "Étienne Sangaré" in html and "depuis 192.0.2.44" in html
    assert "Soumise" in html and "En présélection" in html


def test_lines_deleted_and_co_authors_stay_readable():
    project = complete_draft()
    line = add_line(project, "10", label="Panneau de chantier")
    helper = user_with(Role.PROPOSER, name="Kadidia Sidibé")
    project.coauthors.add(helper)
    line.delete()
    html = read(project.author, project)
    assert "Suppression" in html and "Panneau de chantier" in html
    assert "Corédacteur" in html and "Kadidia Sidibé" in html


def test_an_answer_is_named_by_its_point_in_words():
    people = cast()
    project = screening.start_screening(project=submitted(), user=people.officer)
    screening.answer_checklist(project=project, user=people.officer, answers={"land": ("no", "Titre absent")})
    html = read(people.officer, project)
    assert "Terrain et entretien" in html and "Titre absent" in html
    assert ">land<" not in html and "regional_plan" not in html


def test_the_answers_of_a_round_under_way_are_not_the_author_s_to_read():
    people = cast()
    project = screening.start_screening(project=submitted(), user=people.officer)
    screening.answer_checklist(project=project, user=people.officer, answers={"land": ("no", "Titre absent")})
    assert "Titre absent" not in read(project.author, project)
    assert "Titre absent" in read(user_with(Role.AUDITOR), project)
    screening.send_back(project=project, user=people.officer, reasons={"care": "Joignez le titre"})
    html = read(project.author, project)
    assert "Titre absent" in html and "Joignez le titre" in html


def test_a_vote_is_nobody_s_to_read_until_the_item_is_closed():
    people = cast()
    project = admitted(people)
    session = in_session(people, project)
    item = session.items.get()
    committees.judge(item=item, user=people.chair, scores={}, vote="against", comment="Trop cher")
    for reader in (user_with(Role.AUDITOR), people.secretary, project.author):
        assert "Trop cher" not in read(reader, project)
    for member in people.members:
        scores = dict.fromkeys(project.mechanism.criteria.values_list("pk", flat=True), 4)
        committees.judge(item=item, user=member, scores=scores, vote="for")
    committees.close_item(item=item, user=people.chair)
    assert "Trop cher" in read(user_with(Role.AUDITOR), project, objet="projects.vote")
    present = read(user_with(Role.AUDITOR), project, objet="projects.agendaitem.attendance").split("history-entries")[1]
    assert all(str(member) in present for member in (people.chair, *people.members)), "by their names"


def test_what_was_voted_on_an_item_withdrawn_since_is_kept():
    people = cast()
    project = admitted(people)
    session = in_session(people, project)
    committees.judge(item=session.items.get(), user=people.chair, scores={}, vote="against", comment="Trop cher")
    withdraw(project=project, user=project.author, note="Financé ailleurs")
    html = read(user_with(Role.AUDITOR), project, objet="projects.vote")
    assert "Trop cher" in html and "Suppression" in html


def test_it_is_filtered_by_kind_of_record_by_field_and_by_person():
    project = complete_draft(title="Forage de Labbezanga")
    add_line(project, "10", label="Panneau de chantier")
    everything = read(project.author, project)
    assert '<option value="projects.budgetline">' in everything
    lines = read(project.author, project, objet="projects.budgetline").split('class="history-entries"')[1]
    assert "Panneau de chantier" in lines and "Activité" not in lines
    assert "Aucune modification ne correspond" in read(project.author, project, personne="999999")
    for odd in ("x", "a.b", "a.b.c", "projects.project.nothing", "\x00"):
        assert "Aucune modification ne correspond" in read(project.author, project, objet=odd)


def test_what_people_wrote_is_never_markup():
    project = complete_draft(need="<script>alert(1)</script>")
    html = read(project.author, project)
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)" in html


def test_pages_follow_each_other_by_key():
    project = complete_draft()
    for number in range(60):
        add_line(project, "10", label=f"Ligne n° {number}.")
    seen, html = [], read(project.author, project)
    for _turn in range(20):
        seen.append(html)
        if 'rel="next"' not in html:
            break
        cursor = html.split('rel="next" href="?suite=')[1].split('"')[0]
        html = (
            browser(project.author)
            .get(f"{reverse('projects:history', args=[project.pk])}?suite={cursor}")
            .content.decode()
        )
    for number in range(60):
        created = f"Ligne n° {number}.\u00a0»"
        assert sum(page.count(created) for page in seen) == 1, number
    assert 'rel="prev"' in seen[-1] and 'rel="prev"' not in seen[0]
    assert "début de l’historique" in read(project.author, project, suite="forgé")


def long_proposal(lines: int, officer: User):
    draft = complete_draft()
    for number in range(lines):
        add_line(draft, "10", label=f"Ligne {number}")
        Activity.objects.create(project=draft, title=f"Activité {number}", first_week=number + 1)
    return screening.start_screening(project=submit(project=draft, user=draft.author), user=officer)


def test_it_costs_the_same_with_30_and_with_100_records():
    """Session, person, roles, the project and its writers, the numbers of what hung on it, events and names."""
    officer = user_with(Role.PROGRAMME_OFFICER)
    projects = [long_proposal(lines, officer) for lines in (30, 100)]
    costs = []
    for project in projects:
        client = browser(project.author)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("projects:history", args=[project.pk]))
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 16


def test_a_session_s_moment_is_written_in_the_mission_s_time():
    with_session = cast()
    project = admitted(with_session)
    session = committees.plan_session(
        committee=with_session.regional, user=with_session.secretary, held_on=dt.date(2027, 1, 5)
    )
    committees.put_on_agenda(project=project, session=session, user=with_session.secretary)
    html = read(user_with(Role.AUDITOR), project, objet="projects.agendaitem")
    assert "05/01/2027" in html, "the session by its name, not by its number"
