"""A mechanism that the portal never heard of, made of reference rows by an administrator, carries a project.

Each stretch of the road is a function of its own, so that the next ones begin where these end.
"""

import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from funds.models import Mechanism
from projects.checklist import CHECKLIST
from projects.committee_questions import eligible_for
from projects.models import Project
from projects.services import decisions
from projects.services import screening as screenings
from projects.services.annexes import add_annex
from projects.services.steps import StepRefused
from projects.services.submission import submit
from tests.factories.fourth import CODE, Fourth, file_on_page, fourth_mechanism
from tests.factories.funds import envelope_of
from tests.factories.money import upload
from tests.factories.projects import Cast, add_line, cast, complete_draft, in_session, judged
from tests.ground.laid_once import laid_once
from tests.projects.proposal_browser import address, browser, open_step

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@laid_once
def people() -> Cast:
    return cast()


@laid_once
def fourth(people) -> Fourth:
    return fourth_mechanism(people)


def bare_draft(fourth: Fourth, amount: str = "200000") -> Project:
    """Complete but for what the fund asks; above what the mission decides alone."""
    project = complete_draft("20000", mechanism_id="QIP", duration_months=6)
    Project.objects.filter(pk=project.pk).update(mechanism=CODE)
    add_line(project, str(Decimal(amount) - 20000))
    return Project.objects.get(pk=project.pk)


# --- The road, stretch by stretch ------------------------------------------------------------------------------------
def answered_in_the_form(fourth: Fourth, project: Project) -> Project:
    client = browser(project.author)
    typed = open_step(client, project, "fund") | fourth.answers
    assert client.post(address(project, "fund"), typed).status_code == 302
    return Project.objects.get(pk=project.pk)


def submitted(fourth: Fourth, project: Project) -> Project:
    add_annex(
        project=project,
        user=project.author,
        upload=upload("concept.pdf"),
        kind=f"asked:{fourth.document('concept').pk}",
    )
    return submit(project=project, user=project.author)


def admitted(people: Cast, project: Project) -> Project:
    project = screenings.start_screening(project=project, user=people.officer)
    answers = {item.code: ("yes", "") for item in CHECKLIST}
    screenings.answer_checklist(project=project, user=people.officer, answers=answers)
    return screenings.admit(project=project, user=people.officer)


def recommended(people: Cast, project: Project) -> Project:
    judged(people, in_session(people, project))
    return Project.objects.get(pk=project.pk)


def cleared(people: Cast, project: Project, amount: str = "200000") -> None:
    """The officer records the letter of headquarters on its page."""
    data = {
        "reference": "DPPA/2026/118", "cleared_on": "2026-01-15", "amount_usd": amount, "file": upload("siege.pdf"),
        "one_time_key": uuid.uuid4(),
    }  # fmt: skip
    answer = browser(people.officer).post(reverse("projects:clearance", args=[project.pk]), data)
    assert answer.status_code == 302, answer.content.decode()


def approved(people: Cast, fourth: Fourth, project: Project) -> Project:
    envelope_of("1000000", CODE)
    cleared(people, project)
    file_on_page(people.officer, project, fourth.document("steering"))
    return decisions.approve(project=project, user=people.approver)


def carried_to_approval(people: Cast, fourth: Fourth) -> Project:
    project = answered_in_the_form(fourth, bare_draft(fourth))
    return approved(people, fourth, recommended(people, admitted(people, submitted(fourth, project))))


# --- Tests -----------------------------------------------------------------------------------------------------------
def test_it_is_made_of_rows_and_carries_a_project_from_draft_to_approval(people, fourth):
    project = carried_to_approval(people, fourth)
    assert (project.state, project.approved_usd) == ("approved", Decimal("200000.00"))
    assert project.reference.startswith(f"{CODE}-GAO-")
    assert project.agenda_items.get().session.committee == fourth.body


def test_each_of_its_rows_stops_what_does_not_answer_it(people, fourth):
    project = bare_draft(fourth)
    with pytest.raises(StepRefused) as lacking:
        submit(project=project, user=project.author)
    told = " ".join(lacking.value.messages)
    assert all(word in told for word in ("guichet", "domaine d’action", "climate", "link", "concept"))

    project = answered_in_the_form(fourth, project)
    with pytest.raises(StepRefused, match="concept"):
        submit(project=project, user=project.author)
    project = recommended(people, admitted(people, submitted(fourth, project)))
    envelope_of("1000000", CODE)
    with pytest.raises(StepRefused) as lacking:
        decisions.approve(project=project, user=people.approver)
    told = " ".join(lacking.value.messages)
    assert "accord du siège" in told and "steering" in told


def test_its_limits_are_held_by_the_database(fourth):
    project = answered_in_the_form(fourth, bare_draft(fourth))
    with pytest.raises(DatabaseError, match="fund_ceiling"), transaction.atomic():
        add_line(project, "50000.01")
    with pytest.raises(DatabaseError, match="fund_length"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(duration_months=19)


def test_its_own_body_alone_takes_its_projects(people, fourth):
    project = admitted(people, submitted(fourth, answered_in_the_form(fourth, bare_draft(fourth))))
    qip = Project.objects.get(pk=admitted(people, submitted_qip()).pk)
    assert list(eligible_for(fourth.body)) == [project]
    assert list(eligible_for(people.regional)) == [qip]
    assert not eligible_for(people.central).exists()


def submitted_qip() -> Project:
    draft = complete_draft()
    return submit(project=draft, user=draft.author)


def test_nothing_of_it_weighs_on_a_qip(fourth):
    qip = Mechanism.objects.get(pk="QIP")
    assert not qip.asks_more
    assert fourth.mechanism.asks_more
