"""Every step of the road by its page: who may, who may not, when it is too late, and clicked twice."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from funds.models import Interest
from projects.lifecycle import TRANSITIONS
from projects.models import Decision, Project, Screening, StateChange
from projects.services import committee as committees
from projects.services import decisions, screening
from projects.services.steps import withdraw
from projects.services.submission import submit
from projects.states import State
from projects.views import implementation_step_pages
from projects.views.road_step_pages import PAGES
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.funds import envelope_of
from tests.factories.projects import Cast, admitted, cast, complete_draft, recommended, region

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
REASONS = {"note": "Le financement est venu d’ailleurs."}


def browser(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def address(project, name: str) -> str:
    return reverse("projects:transition", args=[project.pk, name])


def post(user: User, project, name: str, data: dict | None = None, key: uuid.UUID | None = None):
    return browser(user).post(address(project, name), {"one_time_key": key or uuid.uuid4(), **(data or {})})


@dataclass
class Scene:
    """A project where a step may be taken, by whom, and with what the form asks."""

    project: Project
    actor: User
    data: dict[str, Any]


def a_draft(people: Cast) -> Scene:
    draft = complete_draft()
    return Scene(draft, draft.author, {})


def a_submission(people: Cast) -> Scene:
    draft = complete_draft()
    return Scene(submit(project=draft, user=draft.author), people.officer, {})


def under_examination(people: Cast, data: dict) -> Scene:
    project = screening.start_screening(project=a_submission(people).project, user=people.officer)
    answers = dict.fromkeys(screening.ITEMS, ("yes", ""))
    screening.answer_checklist(project=project, user=people.officer, answers=answers)
    return Scene(project, people.officer, data)


def an_eligible_one(people: Cast) -> Scene:
    session = committees.plan_session(committee=people.regional, user=people.secretary, held_on=dt.date(2027, 1, 5))
    return Scene(admitted(people), people.secretary, {"session": session.pk})


def to_be_decided(people: Cast, data: dict) -> Scene:
    envelope_of("100000")
    return Scene(recommended(people), people.approver, data)


def to_be_withdrawn(people: Cast) -> Scene:
    scene = a_submission(people)
    return Scene(scene.project, scene.project.author, REASONS)


SCENES: dict[str, Callable[[Cast], Scene]] = {
    "submit": a_draft,
    "start_screening": a_submission,
    "admit": lambda people: under_examination(people, {}),
    "send_back": lambda people: under_examination(people, {"budget": "Joignez trois devis."}),
    "declare_inadmissible": lambda people: under_examination(people, REASONS),
    "put_on_agenda": an_eligible_one,
    "approve": lambda people: to_be_decided(people, {"amount_usd": "18 000,50", "conditions": "Clôture du site"}),
    "refuse": lambda people: to_be_decided(people, REASONS),
    "withdraw": to_be_withdrawn,
}
EVERY_STEP = pytest.mark.parametrize("name", SCENES)


def traces() -> tuple:
    """What a refusal must leave as it was."""
    projects = list(Project.objects.order_by("pk").values_list("pk", "state", "updated_at", "reserved_usd"))
    events = Project.pgh_event_model.objects.count() + Screening.pgh_event_model.objects.count()
    return projects, StateChange.objects.count(), Decision.objects.count(), events


def test_each_step_that_a_person_takes_has_a_page_and_no_other_has():
    by_people = {name for name, step in TRANSITIONS.items() if not step.by_system}
    assert set(PAGES) == by_people
    assert set(SCENES) == by_people - set(implementation_step_pages.PAGES)


@EVERY_STEP
def test_the_page_says_what_will_happen_and_writes_nothing(name):
    scene = SCENES[name](cast())
    before = traces()
    answer = browser(scene.actor).get(address(scene.project, name))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Ce qui va se passer" in html and str(TRANSITIONS[name].target.label) in html
    assert 'name="one_time_key"' in html and "disabled" not in html.split("form-actions")[1].split("</form>")[0]
    assert traces() == before


@EVERY_STEP
def test_the_step_is_taken_from_its_page(name):
    scene = SCENES[name](cast())
    answer = post(scene.actor, scene.project, name, scene.data)
    assert answer.status_code == 302, answer.content.decode()
    scene.project.refresh_from_db()
    assert scene.project.state == TRANSITIONS[name].target
    last = scene.project.changes.last()
    assert (last.transition, last.actor) == (name, scene.actor)
    here = browser(scene.actor).get(reverse("projects:detail", args=[scene.project.pk])).content.decode()
    assert str(TRANSITIONS[name].target.label) in here


@EVERY_STEP
def test_the_same_form_sent_twice_acts_once(name):
    scene, key = SCENES[name](cast()), uuid.uuid4()
    first = post(scene.actor, scene.project, name, scene.data, key)
    after = traces()
    second = post(scene.actor, scene.project, name, scene.data, key)
    assert (second.status_code, second.url) == (302, first.url)
    assert traces() == after


@EVERY_STEP
def test_a_form_without_its_key_does_nothing(name):
    scene = SCENES[name](cast())
    before = traces()
    assert browser(scene.actor).post(address(scene.project, name), scene.data).status_code == 400
    assert traces() == before


@EVERY_STEP
def test_no_other_role_may_take_the_step_even_by_its_address(name):
    """404 where the project is not theirs to see, 403 where it is; nothing is written either way."""
    people = cast()
    scene = SCENES[name](people)
    here = scene.project.region
    others = [
        user_with(role, region=here)
        for role in Role
        if not TRANSITIONS[name].role.test(user_with(role, region=here), scene.project)
    ]
    assert len(others) >= len(Role) - 1
    before = traces()
    for user in others:
        sees = Project.objects.visible_to(user).filter(pk=scene.project.pk).exists()
        expected = 403 if sees else 404
        client = browser(user)
        assert client.get(address(scene.project, name)).status_code == expected, user.scopes
        assert post(user, scene.project, name, scene.data).status_code == expected, user.scopes
        assert client.post(address(scene.project, name)).status_code == expected, "whatever is sent"
    assert traces() == before


@EVERY_STEP
def test_the_same_role_elsewhere_does_not_find_the_project(name):
    scene = SCENES[name](cast())
    role = next(iter(User.objects.get(pk=scene.actor.pk).scopes))
    stranger = user_with(role, region=region("ML-8"))
    before = traces()
    assert browser(stranger).get(address(scene.project, name)).status_code == 404
    assert post(stranger, scene.project, name, scene.data).status_code == 404
    assert traces() == before


@EVERY_STEP
def test_who_is_not_signed_in_signs_in_first(name, client):
    scene = SCENES[name](cast())
    before = traces()
    for answer in (client.get(address(scene.project, name)), client.post(address(scene.project, name), scene.data)):
        assert answer.status_code == 302 and reverse("account_login") in answer.url
    assert traces() == before


@EVERY_STEP
def test_a_step_taken_twice_by_two_forms_comes_too_late(name):
    """The second form is told where the proposal is now; what was typed in it is given back."""
    scene = SCENES[name](cast())
    assert post(scene.actor, scene.project, name, scene.data).status_code == 302
    before = traces()
    late = post(scene.actor, scene.project, name, scene.data)
    html = late.content.decode()
    assert late.status_code == 409
    assert "a avancé entre-temps" in html and str(TRANSITIONS[name].target.label) in html
    if "note" in scene.data:
        assert escape(scene.data["note"]) in html
    assert browser(scene.actor).get(address(scene.project, name)).status_code == 409
    assert traces() == before


def test_a_step_of_the_committee_or_of_nobody_has_no_page():
    people = cast()
    project = recommended(people)
    for name in ("recommend", "not_recommend", "defer", "create", "conclure"):
        assert browser(people.chair).get(address(project, name)).status_code == 404


# --- What the forms ask ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["declare_inadmissible", "refuse", "withdraw"])
def test_reasons_are_asked_for(name):
    scene = SCENES[name](cast())
    before = traces()
    answer = post(scene.actor, scene.project, name, {"note": "   "})
    assert answer.status_code == 422 and "Indiquez les motifs." in answer.content.decode()
    assert traces() == before


def test_too_long_a_text_is_kept_in_the_refused_form():
    scene = SCENES["withdraw"](cast())
    text = "Une raison. " * 400
    answer = post(scene.actor, scene.project, "withdraw", {"note": text})
    assert answer.status_code == 422 and text.strip() in answer.content.decode()


def test_an_incomplete_draft_says_what_lacks_and_is_not_submitted():
    draft = complete_draft(need="")
    html = browser(draft.author).get(address(draft, "submit")).content.decode()
    assert "Il manque le contexte et le besoin." in html
    assert "disabled" in html.split("form-actions")[1].split("</form>")[0]
    answer = post(draft.author, draft, "submit")
    assert answer.status_code == 422 and "Il manque le contexte et le besoin." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_an_expired_session_keeps_the_reasons_typed(client):
    scene = SCENES["withdraw"](cast())
    client.post(address(scene.project, "withdraw"), REASONS)
    client.force_login(User.objects.get(pk=scene.actor.pk), backend=BACKEND)
    assert escape(REASONS["note"]) in client.get(address(scene.project, "withdraw")).content.decode()


def test_the_secretary_chooses_among_the_sessions_of_the_right_committee():
    people = cast()
    scene = an_eligible_one(people)
    other = committees.plan_session(committee=people.central, user=people.secretary, held_on=dt.date(2027, 1, 6))
    html = browser(people.secretary).get(address(scene.project, "put_on_agenda")).content.decode()
    assert "Séance du 5 janvier 2027" in html and "6 janvier" not in html
    answer = post(people.secretary, scene.project, "put_on_agenda", {"session": other.pk})
    assert answer.status_code == 422 and "ne relève pas du comité compétent" in answer.content.decode()
    answer = post(people.secretary, scene.project, "put_on_agenda", scene.data)
    assert answer.url == reverse("projects:session", args=[scene.data["session"]])


def test_without_a_session_the_secretary_is_led_to_plan_one():
    people = cast()
    html = browser(people.secretary).get(address(admitted(people), "put_on_agenda")).content.decode()
    assert "Aucune séance n’est prévue." in html and reverse("projects:session_create") in html


# --- Duties apart ---------------------------------------------------------------------------------------------------


def test_nobody_screens_what_they_wrote():
    people = cast()
    author = user_with(Role.PROPOSER, Role.PROGRAMME_OFFICER)
    project = submit(project=(draft := complete_draft(author=author)), user=draft.author)
    before = traces()
    answer = post(author, project, "start_screening")
    assert answer.status_code == 403 and "Vous avez rédigé cette proposition" in answer.content.decode()
    project.coauthors.add(people.officer)
    assert post(people.officer, project, "start_screening").status_code == 403
    assert traces() == before


@pytest.mark.parametrize("name", ["start_screening", "admit", "send_back", "declare_inadmissible", "approve", "refuse"])
def test_nobody_acts_on_a_partner_in_which_they_have_an_interest(name):
    scene = SCENES[name](cast())
    Interest.objects.create(user=scene.actor, organisation=scene.project.partner, nature="Membre du bureau")
    before = traces()
    answer = post(scene.actor, scene.project, name, scene.data)
    assert answer.status_code == 403 and "un intérêt dans son partenaire" in answer.content.decode()
    assert traces() == before


@pytest.mark.parametrize("name", ["admit", "send_back", "declare_inadmissible"])
def test_another_officer_does_not_conclude_and_reads_who_does(name):
    people = cast()
    scene = SCENES[name](people)
    before = traces()
    answer = post(user_with(Role.PROGRAMME_OFFICER), scene.project, name, scene.data)
    assert answer.status_code == 403 and str(people.officer) in answer.content.decode()
    assert traces() == before


def test_who_screened_or_voted_does_not_decide():
    people = cast()
    scene = SCENES["approve"](people)
    approvers = {
        "présélectionné": user_with(Role.APPROVER, Role.PROGRAMME_OFFICER),
        "voté": user_with(Role.APPROVER, Role.COMMITTEE_MEMBER),
    }
    Screening.objects.filter(project=scene.project).update(screener=approvers["présélectionné"])
    scene.project.agenda_items.get().votes.filter(user=people.members[0]).update(user=approvers["voté"])
    for why, user in approvers.items():
        for name in ("approve", "refuse"):
            answer = post(user, scene.project, name, {**scene.data, **REASONS})
            assert answer.status_code == 403 and f"Vous avez {why}" in answer.content.decode()
    assert not Decision.objects.exists()


def test_only_who_wrote_it_withdraws_it():
    scene = SCENES["withdraw"](cast())
    assert post(user_with(Role.PROPOSER), scene.project, "withdraw", REASONS).status_code == 403
    coauthor = user_with(Role.PROPOSER)
    scene.project.coauthors.add(coauthor)
    assert post(coauthor, scene.project, "withdraw", REASONS).status_code == 302


def test_the_project_s_page_leads_to_the_session_that_judges_it():
    people = cast()
    scene = an_eligible_one(people)
    post(people.secretary, scene.project, "put_on_agenda", scene.data)
    item = scene.project.agenda_items.get()
    link = reverse("projects:session_item", args=[scene.data["session"], item.pk])
    url = reverse("projects:detail", args=[scene.project.pk])
    assert link in browser(people.chair).get(url).content.decode()
    assert link not in browser(scene.project.author).get(url).content.decode(), "a page that is not theirs"


def test_a_withdrawn_proposal_moves_under_nobody_s_hands():
    people = cast()
    scene = SCENES["admit"](people)
    withdraw(project=scene.project, user=scene.project.author, note="Financé ailleurs")
    answer = post(people.officer, scene.project, "admit")
    assert answer.status_code == 409 and "Retirée" in answer.content.decode()


def test_an_approval_outpaced_by_another_comes_too_late():
    people = cast()
    scene = SCENES["approve"](people)
    decisions.approve(project=scene.project, user=people.approver, amount_usd=Decimal("5000"))
    answer = post(user_with(Role.APPROVER), scene.project, "refuse", REASONS)
    assert answer.status_code == 409 and escape(REASONS["note"]) in answer.content.decode()
    scene.project.refresh_from_db()
    assert (scene.project.state, scene.project.approved_usd) == (State.APPROVED, Decimal("5000"))
