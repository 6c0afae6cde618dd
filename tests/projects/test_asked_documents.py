"""The documents that the Trust Fund and the Peacebuilding Fund wait for: rows that the migrations lay down."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from funds.models import RequiredDocument
from projects import asked_documents
from projects.dossier_pieces import of_the_mechanism
from projects.models import Attachment, Project
from projects.services import decisions
from projects.services.steps import StepRefused
from projects.services.submission import submit
from sr_portal.web import clock
from tests.factories.fourth import body_of
from tests.factories.funds import came_in, envelope_of, signed
from tests.factories.mechanisms import prf
from tests.factories.projects import cast, complete_draft, fresh, recommended
from tests.projects.proposal_browser import browser

pytestmark = pytest.mark.django_db
NOTE, MINUTES = "Note conceptuelle signée", "Compte rendu du comité de pilotage"


def without(project: Project) -> Project:
    """The same, with none of the documents that its mechanism asks for."""
    Attachment.objects.filter(project=project, asked__isnull=False).delete()
    return Project.objects.get(pk=project.pk)


def moved(project: Project, state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE projects_project SET state = %s, reference = coalesce(reference, 'TF-GAO-2026-0001') WHERE id = %s",
            [state, project.pk],
        )


def missing_on_the_page(project: Project) -> list[str]:
    due = browser(project.author).get(reverse("projects:dossier", args=[project.pk])).context["due"]
    return [each["wanted"].need.label for each in due if each["wanted"].is_missing]


def test_each_fund_has_its_own_and_the_qip_none():
    found = RequiredDocument.objects.values_list("mechanism", "code", "step")
    assert sorted(found) == [("PBF", "steering", "approve"), ("TF", "concept", "submit")]


def test_no_project_of_the_trust_fund_is_submitted_without_its_concept_note():
    draft = without(complete_draft(mechanism_id="TF"))
    with pytest.raises(StepRefused, match=NOTE):
        submit(project=draft, user=draft.author)
    with pytest.raises(DatabaseError, match="documents_before_each_step"), transaction.atomic():
        moved(draft, "submitted")


def test_no_project_of_the_peacebuilding_fund_is_approved_without_the_minutes_of_its_committee():
    people = cast()
    body_of("PBF", people)
    came_in(signed("50000", "PBF"), "50000")
    envelope_of("50000", "PBF")
    project = recommended(people, mechanism_id="PBF", facility=prf())
    with transaction.atomic():
        assert decisions.approve(project=project, user=fresh(people.approver)).state == "approved"
        transaction.set_rollback(True)
    with pytest.raises(StepRefused, match=MINUTES):
        decisions.approve(project=without(project), user=fresh(people.approver))


def test_a_project_past_the_step_when_a_document_became_required_is_not_asked_for_it():
    with clock.at(clock.now() - dt.timedelta(days=30)):
        past = complete_draft(mechanism_id="TF")
        past = submit(project=past, user=past.author)
    later = complete_draft(mechanism_id="TF")
    later = submit(project=later, user=later.author)
    past, later = without(past), without(later)

    assert NOTE not in missing_on_the_page(past)
    assert NOTE in missing_on_the_page(later)
    note = RequiredDocument.objects.get(code="concept")
    assert asked_documents.never_asked(past, [note.pk]) == {note.pk}


def test_what_was_filed_counts_though_it_was_never_asked():
    with clock.at(clock.now() - dt.timedelta(days=30)):
        past = complete_draft(mechanism_id="TF")
        past = submit(project=past, user=past.author)
    (note,) = of_the_mechanism(Project.objects.get(pk=past.pk))
    assert note.is_due and note.is_met


def test_the_author_joins_the_note_on_the_page_of_annexes():
    draft = without(complete_draft(mechanism_id="TF"))
    page = browser(draft.author).get(reverse("projects:edit", args=[draft.pk, "annexes"])).content.decode()
    assert f"{NOTE} – à joindre avant de soumettre" in page
