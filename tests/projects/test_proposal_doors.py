"""Who may open and write the form, and what a page of it costs."""

import pytest
from django.urls import reverse

from funds.models import Interest
from projects.forms.proposal import STEPS
from projects.models import Attachment, Project
from projects.services.submission import submit
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.projects import add_line, complete_draft, fresh, region
from tests.projects.proposal_browser import JSON, address, browser

pytestmark = pytest.mark.django_db
READERS = [role for role in Role if role not in (Role.PARTNER, Role.ADMINISTRATOR)]


def submitted(**fields) -> Project:
    draft = complete_draft(**fields)
    return submit(project=draft, user=fresh(draft.author))


@pytest.mark.parametrize("step", list(STEPS))
def test_who_is_not_signed_in_is_sent_to_the_door(client, step):
    answer = client.get(address(complete_draft(), step))
    assert answer.status_code == 302 and reverse("account_login") in answer.url


@pytest.mark.parametrize("role", list(Role))
def test_only_a_focal_point_opens_a_draft(role):
    client = browser(user_with(role))
    expected = 200 if role is Role.PROPOSER else 403
    assert client.get(reverse("projects:create")).status_code == expected
    if expected == 403:
        assert client.post(reverse("projects:create"), {"title": "Forage"}).status_code == 403
        assert not Project.objects.exists()


@pytest.mark.parametrize("step", list(STEPS))
def test_somebody_else_s_draft_does_not_exist(step):
    project = complete_draft()
    client = browser(user_with(Role.PROPOSER))
    assert client.get(address(project, step)).status_code == 404
    assert client.post(address(project, step), {"need": "Intrus"}).status_code == 404


@pytest.mark.parametrize("role", READERS)
def test_who_may_read_a_project_but_not_write_it_is_refused(role):
    project = submitted()
    client = browser(user_with(role))
    before = Project.objects.values().get()
    for step in STEPS:
        assert client.get(address(project, step)).status_code in (403, 404)
        assert client.post(address(project, step), {"need": "Intrus"}).status_code in (400, 403, 404)
        assert client.post(address(project, step), {"need": "Intrus"}, headers=JSON).status_code in (400, 403, 404)
    assert Project.objects.values().get() == before


def test_a_focal_point_of_another_region_sees_nothing():
    project = submitted()
    client = browser(user_with(Role.PROPOSER, region=region("ML-8")))
    assert client.get(address(project)).status_code == 404


def test_the_author_who_is_no_longer_a_focal_point_may_read_and_no_longer_write():
    project = complete_draft()
    project.author.role_assignments.all().delete()
    answer = browser(project.author).get(address(project, "need"))
    assert answer.status_code == 403 and "pas modifiable" in answer.content.decode()
    assert 'name="need"' not in answer.content.decode()


def test_a_submitted_proposal_is_not_written_any_more():
    project = submitted()
    client = browser(project.author)
    answer = client.post(address(project, "need"), {"need": "Autre besoin", "fingerprint": "{}"})
    assert answer.status_code == 403 and "Soumise" in answer.content.decode()
    assert Project.objects.get(pk=project.pk).need != "Autre besoin"


def test_a_step_that_does_not_exist_is_not_found():
    project = complete_draft()
    assert browser(project.author).get(f"/projets/{project.pk}/redaction/inconnue/").status_code == 404


def test_reading_writes_nothing():
    project = complete_draft()
    client = browser(project.author)
    before = Project.objects.values().get()
    for step in STEPS:
        client.get(address(project, step))
        client.head(address(project, step))
    assert Project.objects.values().get() == before


# --- Co-authors ----------------------------------------------------------------------------------------------------
def test_the_author_lets_a_colleague_write_and_takes_it_back():
    project = complete_draft()
    colleague = user_with(Role.PROPOSER)
    url = reverse("projects:coauthors", args=[project.pk])
    author = browser(project.author)
    assert author.post(url, {"add": "1", "person": colleague.pk}).status_code == 302
    assert browser(colleague).get(address(project)).status_code == 200
    assert colleague.name in author.get(url).content.decode()
    assert author.post(url, {"remove": colleague.pk}).status_code == 302
    assert browser(colleague).get(address(project)).status_code == 404


def test_a_coauthor_reads_who_writes_and_changes_it_not():
    project = complete_draft()
    colleague, third = user_with(Role.PROPOSER), user_with(Role.PROPOSER)
    project.coauthors.add(colleague)
    url = reverse("projects:coauthors", args=[project.pk])
    client = browser(colleague)
    assert client.get(url).status_code == 200
    assert client.post(url, {"add": "1", "person": third.pk}).status_code == 403
    assert client.post(url, {"remove": colleague.pk}).status_code == 403
    assert set(project.coauthors.all()) == {colleague}


def test_only_a_focal_point_of_the_region_can_be_asked_to_write():
    project = complete_draft()
    url = reverse("projects:coauthors", args=[project.pk])
    for person in (user_with(Role.APPROVER), user_with(Role.PROPOSER, region=region("ML-8"))):
        assert browser(project.author).post(url, {"add": "1", "person": person.pk}).status_code == 422
    assert not project.coauthors.exists()


# --- What a page costs ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("step", list(STEPS))
def test_a_page_asks_the_same_few_questions_whatever_the_proposal_holds(step, django_assert_max_num_queries):
    small, large = complete_draft("100"), complete_draft("100")
    for number in range(39):
        add_line(large, "100", label=f"Ligne {number}")
        large.activities.create(title=f"Activité {number}", first_week=number + 1, weeks=1)
        large.results.create(statement=f"Résultat {number}")
    for _ in range(5):
        large.coauthors.add(user_with(Role.PROPOSER))
    client = browser(small.author), browser(large.author)
    for each, project in zip(client, (small, large), strict=True):
        each.get(address(project, step))  # the session and the content types are loaded
    with django_assert_max_num_queries(12) as few:
        client[0].get(address(small, step))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client[1].get(address(large, step))


def test_the_list_of_annexes_asks_the_same_questions_for_one_and_for_many(
    settings, tmp_path, django_assert_max_num_queries
):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from sr_portal.documents.services import store
    from tests.documents.files import pdf

    settings.MEDIA_ROOT = tmp_path
    project = complete_draft()
    client = browser(project.author)

    def join(count: int) -> None:
        for number in range(count):
            document = store(SimpleUploadedFile(f"devis {number}.pdf", pdf()), by=project.author)
            Attachment.objects.create(project=project, document=document, kind="quote")

    join(1)
    client.get(address(project, "annexes"))
    with django_assert_max_num_queries(12) as few:
        client.get(address(project, "annexes"))
    join(20)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(address(project, "annexes"))


def test_somebody_with_an_interest_in_the_partner_may_still_propose_it():
    """The interest bars from deciding, and is declared; writing is not deciding."""
    project = complete_draft()
    Interest.objects.create(user=project.author, organisation=project.partner, nature="Ancien salarié")
    assert browser(project.author).get(address(project, "partner")).status_code == 200
