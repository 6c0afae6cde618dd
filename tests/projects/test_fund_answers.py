"""Markers, focus areas and questions of a mechanism: asked by rows, answered in the form, held at submission."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from funds.models import FormQuestion, Marker, MarkerLevel
from projects.completeness import missing
from projects.exports.memo import memo
from projects.exports.sheet import sheet
from projects.models import Project, ProjectAnswer, ProjectMarker
from projects.services.refusals import as_refusal
from projects.services.steps import StepRefused
from projects.services.submission import submit
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.mechanisms import (
    answer_the_fund,
    focus_area_of,
    fund_columns,
    marker_of,
    mechanism_of,
    question_of,
)
from tests.factories.projects import DraftFactory, complete_draft
from tests.projects.proposal_browser import JSON, address, browser, open_step

pytestmark = pytest.mark.django_db


def refused(call) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        call()
    as_refusal(error.value)
    return str(error.value)


def unanswered(mechanism) -> Project:
    """A complete draft to which `mechanism` then begins to ask something."""
    return complete_draft(mechanism_id=mechanism.pk)


def sent(project: Project) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE projects_project SET state = 'submitted', reference = 'FIX-GAO-2026-0001' WHERE id = %s",
            [project.pk],
        )


# --- Submission ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ask", "said", "named"),
    [
        (marker_of, "Marqueur gender", "answers_before_submission"),
        (question_of, "Question change", "answers_before_submission"),
        (focus_area_of, "domaine d’action", "focus_before_submission"),
    ],
)
def test_what_a_mechanism_asks_is_answered_before_submission(ask, said, named):
    mechanism = mechanism_of()
    project = unanswered(mechanism)
    ask(mechanism)
    project = Project.objects.get(pk=project.pk)
    assert [lack.step for lack in missing(project)] == ["fund"]
    with pytest.raises(StepRefused, match=said):
        submit(project=project, user=project.author)
    assert named in refused(lambda: sent(project))

    answer_the_fund(project)
    Project.objects.filter(pk=project.pk).update(**fund_columns({"mechanism": mechanism}))
    assert submit(project=project, user=project.author).reference.startswith("FIX-")


def test_a_question_that_may_be_left_open_stops_nobody():
    mechanism = mechanism_of()
    project = unanswered(mechanism)
    question_of(mechanism, required=False)
    assert submit(project=project, user=project.author).state == "submitted"


def test_a_blank_answer_is_none():
    mechanism = mechanism_of()
    question = question_of(mechanism)
    project = complete_draft(mechanism_id=mechanism.pk)
    ProjectAnswer.objects.filter(question=question).update(text="  \n ")
    assert "answers_before_submission" in refused(lambda: sent(project))


# --- The database ----------------------------------------------------------------------------------------------------
def test_a_project_answers_its_own_mechanism_and_with_a_level_of_that_marker():
    mechanism = mechanism_of()
    gender, risk = marker_of(mechanism, "gender"), marker_of(mechanism, "risk", 3)
    project = DraftFactory(mechanism_id=mechanism.pk)
    other = DraftFactory()  # a QIP
    low = risk.levels.first()

    def mark(which, marker, level):
        ProjectMarker.objects.create(project=which, marker=marker, level=level)

    assert "answers_of_its_mechanism" in refused(lambda: mark(project, gender, low))
    assert "answers_of_its_mechanism" in refused(lambda: mark(other, risk, low))
    mark(project, risk, low)
    assert "project_marker_once" in str(pytest.raises(DatabaseError, _inside(mark, project, risk, low)).value)
    question = FormQuestion.objects.filter(section__mechanism="PBF").first()
    assert "answers_of_its_mechanism" in refused(
        lambda: ProjectAnswer.objects.create(project=project, question=question, text="x")
    )


def _inside(call, *args):
    def run():
        with transaction.atomic():
            call(*args)

    return run


def test_answers_are_fixed_once_submitted():
    project = complete_draft(mechanism_id="PBF")
    submit(project=project, user=project.author)
    for write in (
        lambda: ProjectAnswer.objects.update(text="autre"),
        lambda: ProjectAnswer.objects.all().delete(),
        lambda: ProjectMarker.objects.update(level=MarkerLevel.objects.filter(marker__code="gender").last()),
        lambda: ProjectMarker.objects.all().delete(),
    ):
        assert "answers_fixed_once_submitted" in refused(write)


def test_answers_leave_with_the_mechanism():
    project = complete_draft(mechanism_id="PBF")
    assert project.marked.exists() and project.answered.exists()
    Project.objects.update(mechanism="TF", facility=None, focus_area=None)
    assert not project.marked.exists() and not project.answered.exists()


# --- The form --------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked():
    """A draft of a mechanism with one marker and one question, and the names of their fields."""
    mechanism = mechanism_of()
    marker, question = marker_of(mechanism), question_of(mechanism)
    return DraftFactory(mechanism_id=mechanism.pk), f"marker_{marker.pk}", f"answer_{question.pk}"


def test_the_step_shows_every_row_and_keeps_what_is_typed(asked):
    project, marker, question = asked
    client = browser(project.author)
    page = client.get(address(project, "fund")).content.decode()
    assert "Marqueur gender" in page and "2 – niveau 2" in page and "Rubrique du fonds" in page

    level = MarkerLevel.objects.get(level=2, marker__mechanism="FIX")
    typed = open_step(client, project, "fund") | {marker: str(level.pk), question: "Parce que…"}
    assert client.post(address(project, "fund"), typed).status_code == 302
    assert (project.marked.get().level, project.answered.get().text) == (level, "Parce que…")

    again = open_step(client, project, "fund")
    assert (again[marker], again[question]) == (str(level.pk), "Parce que…")
    assert client.post(address(project, "fund"), again | {question: " "}).status_code == 302
    assert not project.answered.exists()


def test_a_level_that_is_not_of_the_marker_is_refused_with_its_field_named(asked):
    project, marker, question = asked
    foreign = Marker.objects.get(mechanism="PBF", code="risk").levels.first()
    client = browser(project.author)
    typed = open_step(client, project, "fund") | {marker: str(foreign.pk), question: "Gardé"}
    answer = client.post(address(project, "fund"), typed)
    assert answer.status_code == 422 and "Gardé" in answer.content.decode()
    assert not project.answered.exists()


def test_a_second_writer_is_told_and_can_keep_theirs(asked):
    project, _marker, question = asked
    client = browser(project.author)
    mine = open_step(client, project, "fund")
    theirs = mine | {question: "Leur texte"}
    assert client.post(address(project, "fund"), theirs, headers=JSON).json()["saved"]

    conflict = client.post(address(project, "fund"), mine | {question: "Mon texte"})
    page = conflict.content.decode()
    assert conflict.status_code == 409 and "Leur texte" in page and "Mon texte" in page
    assert project.answered.get().text == "Leur texte"

    newest = open_step(client, project, "fund")["fingerprint"]
    chosen = mine | {question: "Mon texte", "fingerprint": newest, f"keep:{question}": "theirs"}
    assert client.post(address(project, "fund"), chosen).status_code == 302
    assert project.answered.get().text == "Leur texte"
    assert client.post(address(project, "fund"), chosen | {f"keep:{question}": "mine"}).status_code == 302
    assert project.answered.get().text == "Mon texte"


# --- Reading ---------------------------------------------------------------------------------------------------------
def test_the_page_and_the_papers_tell_it_and_a_qip_has_nothing_to_tell(django_assert_max_num_queries):
    project = complete_draft(mechanism_id="PBF")
    client = browser(project.author)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("projects:detail", args=[project.pk])).content.decode()
    assert "Marqueur de genre" in page and "Théorie du changement" in page and "1.1 Réforme" in page

    loaded = Project.objects.for_page().get(pk=project.pk)
    for paper in (sheet(loaded), memo(loaded)):
        told = repr(paper.blocks)
        assert "Ce que le fonds demande" in told and "Marqueur de risque" in told and "Analyse du conflit" in told
    qip = complete_draft()
    assert (
        "Ce que le fonds demande"
        not in browser(qip.author).get(reverse("projects:detail", args=[qip.pk])).content.decode()
    )
    assert "Ce que le fonds demande" not in repr(sheet(Project.objects.for_page().get(pk=qip.pk)).blocks)


def test_the_list_is_filtered_by_a_level():
    project = complete_draft(mechanism_id="PBF", title="Dialogue de Ber")
    complete_draft(title="Forage de Bourem")
    head = user_with(Role.SECTION_HEAD)
    client = Client()
    client.force_login(head)
    level = project.marked.get(marker__code="gender").level
    found = client.get(reverse("projects:list"), {"marqueur": level.pk}).content.decode()
    assert "Dialogue de Ber" in found and "Forage de Bourem" not in found
    assert str(level) in found
    assert client.get(reverse("projects:list"), {"marqueur": "x"}).status_code == 422
