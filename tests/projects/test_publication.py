"""From approval a project is published, for good; how much of it is told is decided by somebody, with a reason."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from projects.models import Project, PublishedFile
from projects.services.publication import clear_file, set_disclosure, take_back
from projects.states import GRANTED
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew, agreed, approved, in_state, pdf_of, visit
from tests.factories.projects import cast, complete_draft, recommended

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return user_with(Role.SECTION_HEAD)


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_project_is_published_by_its_approval_and_not_before():
    people = cast()
    project = recommended(people)
    assert not Project.objects.published().exists()
    assert (project.published_on, project.iati_identifier) == (None, None)
    granted = approved(people)
    granted.refresh_from_db()
    assert granted.published_on == clock.today()
    assert granted.iati_identifier == f"XM-DAC-41310-{granted.reference}"
    assert list(Project.objects.published()) == [granted]


@pytest.mark.parametrize("state", sorted(GRANTED))
def test_it_stays_published_under_its_identifier_in_every_state_that_follows(state):
    project = in_state(state)
    project.refresh_from_db()
    assert project.state == state
    assert project.published_on and project.iati_identifier.endswith(project.reference)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE projects_project SET published_on = NULL, iati_identifier = NULL WHERE id = %s",
        "UPDATE projects_project SET iati_identifier = 'XM-DAC-41310-AUTRE' WHERE id = %s",
        "UPDATE projects_project SET published_on = published_on - 1 WHERE id = %s",
        "DELETE FROM projects_project WHERE id = %s",
    ],
)
def test_the_database_takes_no_publication_back(statement):
    project = approved()
    with pytest.raises(DatabaseError, match="published_for_good"):
        sql(statement, project.pk)


def test_the_database_publishes_nothing_that_is_not_approved():
    draft = complete_draft()
    sql("UPDATE projects_project SET published_on = now(), iati_identifier = 'X-1' WHERE id = %s", draft.pk)
    draft.refresh_from_db()
    assert (draft.published_on, draft.iati_identifier) == (None, None)


def test_a_new_reporting_organisation_changes_no_identifier_that_was_given(settings):
    from sr_portal.web import publisher

    people = cast()
    before = approved(people)
    before.refresh_from_db()
    given = before.iati_identifier
    settings.PUBLISHER = settings.PUBLISHER | {"ref": "XM-OTHER-1"}
    publisher.install(connection)
    after = approved(people)
    after.refresh_from_db()
    before.refresh_from_db()
    assert before.iati_identifier == given
    assert after.iati_identifier == f"XM-OTHER-1-{after.reference}"


def test_a_project_whose_visibility_endangers_is_published_without_its_place():
    project = approved(visibility_risk=True, latitude="16.27100", longitude="-0.04500", title="Puits d’Ansongo")
    shown = Project.objects.open_to_partners().with_shown().get(pk=project.pk)
    assert shown.disclosure == "cercle" and shown.disclosed_by is None and shown.disclosure_reason
    assert (shown.shown_locality, shown.shown_objective, shown.shown_exactly) == ("", "", False)
    assert "Ansongo" not in shown.shown_title
    assert (shown.shown_latitude, shown.shown_longitude) != (16.271, -0.045)


def test_what_is_told_in_full_is_the_exact_place():
    project = approved(latitude="16.27100", longitude="-0.04500")
    shown = Project.objects.with_shown().get(pk=project.pk)
    assert (shown.shown_latitude, shown.shown_longitude, shown.shown_exactly) == (16.271, -0.045, True)
    assert shown.shown_title == project.title and shown.shown_locality == "Ansongo"


def test_the_section_head_hides_a_project_and_tells_it_again(head):
    project = approved()
    set_disclosure(project=project, user=head, level="hidden", reason="Menaces contre le comité de gestion.")
    assert not Project.objects.open_to_partners().exists()
    assert Project.objects.published().count() == 1
    project.refresh_from_db()
    assert (project.disclosed_by, project.disclosure_reason) == (head, "Menaces contre le comité de gestion.")
    set_disclosure(project=project, user=head, level="full", reason="La menace est levée.")
    assert Project.objects.open_to_partners().count() == 1


def test_the_programme_officer_may_restrict_and_not_open(head):
    project = approved()
    officer = user_with(Role.PROGRAMME_OFFICER)
    set_disclosure(project=project, user=officer, level="cercle", reason="Zone disputée.", public_title="Un forage")
    with pytest.raises(PermissionDenied, match="chef de section"):
        set_disclosure(project=project, user=officer, level="full", reason="Plus de raison.")
    project.refresh_from_db()
    assert project.disclosure == "cercle"


@pytest.mark.parametrize("role", [Role.PROPOSER, Role.FINANCE_OFFICER, Role.AUDITOR, Role.PARTNER, Role.APPROVER])
def test_nobody_else_decides_what_is_told(role):
    project = approved()
    with pytest.raises(PermissionDenied):
        set_disclosure(project=project, user=user_with(role), level="hidden", reason="Pourquoi pas.")


def test_a_restriction_has_a_reason(head):
    project = approved()
    with pytest.raises(ValidationError) as refused:
        set_disclosure(project=project, user=head, level="hidden", reason="  ")
    assert "reason" in refused.value.message_dict
    with pytest.raises(DatabaseError, match="project_disclosure_with_reason"):
        sql(
            "UPDATE projects_project SET disclosure = 'hidden', disclosed_at = now(), disclosed_by_id = %s WHERE id = %s",
            head.pk, project.pk,
        )  # fmt: skip
    with pytest.raises(DatabaseError, match="project_disclosure_by_somebody"):
        sql(
            "UPDATE projects_project SET disclosure = 'hidden', disclosure_reason = 'x', disclosed_at = now()"
            " WHERE id = %s", project.pk,
        )  # fmt: skip


@pytest.mark.parametrize("title", ["Forage d’Ansongo", "Forage d’ANSÔNGO"])
def test_a_public_title_does_not_name_the_place_that_it_keeps_silent(head, title):
    project = approved()
    with pytest.raises(ValidationError) as refused:
        set_disclosure(project=project, user=head, level="cercle", reason="Zone disputée.", public_title=title)
    assert "public_title" in refused.value.message_dict
    with pytest.raises(DatabaseError, match="public_title_tells_no_place"):
        sql(
            "UPDATE projects_project SET disclosure = 'cercle', disclosure_reason = 'x', disclosed_at = now(),"
            " disclosed_by_id = %s, public_title = %s WHERE id = %s", head.pk, title, project.pk,
        )  # fmt: skip


# --- Files ----------------------------------------------------------------------------------------------------------
def photo(project, crew):
    return visit(project, crew.officer, photos=("during",)).photos.get().document


def test_a_photo_is_handed_out_once_cleared_and_no_more_once_taken_back(head):
    crew = Crew()
    project = agreed(crew)
    project.refresh_from_db()
    document = photo(project, crew)
    cleared = clear_file(project=project, user=head, public_id=document.public_id, title="Le chantier", consent=True)
    assert (cleared.cleared_by, cleared.cleared_at is not None) == (head, True)
    assert list(PublishedFile.objects.shown().photos()) == [cleared]
    set_disclosure(project=project, user=head, level="cercle", reason="Zone disputée.")
    assert not PublishedFile.objects.shown().exists()
    set_disclosure(project=project, user=head, level="full", reason="La zone est calme.")
    take_back(cleared=cleared, user=head, reason="Une personne s’est ravisée.")
    assert not PublishedFile.objects.shown().exists()
    assert PublishedFile.objects.get().withdrawal_reason == "Une personne s’est ravisée."


def test_no_photo_without_the_consent_of_those_who_are_seen(head):
    crew = Crew()
    project = agreed(crew)
    project.refresh_from_db()
    document = photo(project, crew)
    with pytest.raises(ValidationError) as refused:
        clear_file(project=project, user=head, public_id=document.public_id, title="Le chantier", consent=False)
    assert "consent" in refused.value.message_dict
    with pytest.raises(DatabaseError, match="published_file_with_consent"):
        PublishedFile.objects.create(project=project, document=document, title="x", consent=False, cleared_by=head)


def test_what_holds_money_or_belongs_elsewhere_is_never_cleared(head):
    crew = Crew()
    project = agreed(crew)
    project.refresh_from_db()
    signed = project.agreement.copies.get().document
    with pytest.raises(ValidationError, match="se publient"):
        clear_file(project=project, user=head, public_id=signed.public_id, title="Protocole", consent=True)
    for stranger in (signed, pdf_of(crew.officer)):
        with pytest.raises(DatabaseError, match="publishable_file_of_the_project"), transaction.atomic():
            PublishedFile.objects.create(project=project, document=stranger, title="x", consent=True, cleared_by=head)
