"""The last look: what is missing, what deserves attention, and the submission, once."""

import pytest

from projects.models import Project, StateChange
from projects.services import screening as screenings
from projects.states import State
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.projects import complete_draft, fresh
from tests.projects.proposal_browser import address, browser, key_of, open_step

pytestmark = pytest.mark.django_db


def review(client, project) -> str:
    answer = client.get(address(project, "review"))
    assert answer.status_code == 200
    return answer.content.decode()


def submit_by_page(client, project):
    return client.post(address(project, "review"), {"one_time_key": key_of(review(client, project))})


def test_everything_that_is_missing_leads_to_its_field():
    project = complete_draft(sector=None, need="", partner=None)
    Project.objects.filter(pk=project.pk).update(partner=None)
    page = review(browser(project.author), project)
    for step, anchor in (("essentials", "id_sector"), ("need", "id_need"), ("partner", "id_partner")):
        assert f'href="{address(project, step)}#{anchor}"' in page
    assert "Il manque encore 3 points" in page and "disabled" in page


@pytest.mark.parametrize(
    ("step", "lack"),
    [
        ("essentials", "id_sector"),
        ("need", "id_need"),
        ("plan", "id_results"),
        ("partner", "id_partner"),
        ("budget", "id_lines"),
    ],
)
def test_what_is_missing_leads_to_something_that_is_on_the_page(step, lack):
    project = complete_draft()
    assert f'id="{lack}"' in browser(project.author).get(address(project, step)).content.decode()


def test_a_complete_proposal_is_submitted_once_with_its_reference():
    project = complete_draft()
    client = browser(project.author)
    page = review(client, project)
    assert "La proposition est complète" in page and 'data-confirm="Soumettre la proposition' in page
    typed = {"one_time_key": key_of(page)}
    first, second = client.post(address(project, "review"), typed), client.post(address(project, "review"), typed)
    assert first.status_code == second.status_code == 302 and first.url == second.url
    project.refresh_from_db()
    assert project.state == State.SUBMITTED and project.reference.startswith("QIP-GAO-")
    assert StateChange.objects.filter(project=project, transition="submit").count() == 1


def test_an_incomplete_proposal_is_refused_and_nothing_changes():
    project = complete_draft(need="")
    answer = submit_by_page(browser(project.author), project)
    assert answer.status_code == 422 and "Il manque le contexte et le besoin" in answer.content.decode()
    project.refresh_from_db()
    assert (project.state, project.reference) == (State.DRAFT, None)


def test_an_excluded_partner_bars_the_submission():
    project = complete_draft(partner=PartnerFactory(excluded=True, exclusion_reason="Fonds détournés."))
    client = browser(project.author)
    assert "Le partenaire de mise en œuvre est exclu." in review(client, project)
    assert submit_by_page(client, project).status_code == 422
    assert Project.objects.get(pk=project.pk).state == State.DRAFT


def test_a_submission_without_its_key_does_nothing():
    project = complete_draft()
    assert browser(project.author).post(address(project, "review")).status_code == 400
    assert Project.objects.get(pk=project.pk).state == State.DRAFT


def test_a_returned_proposal_shows_what_to_mend_and_goes_back_with_the_same_reference():
    project = complete_draft()
    client = browser(project.author)
    submit_by_page(client, project)
    officer = user_with(Role.PROGRAMME_OFFICER)
    screenings.start_screening(project=Project.objects.get(pk=project.pk), user=officer)
    reasons = {"budget": "Joignez trois devis.", "annexes": "Ajoutez une photo du site."}
    screenings.send_back(project=Project.objects.get(pk=project.pk), user=fresh(officer), reasons=reasons)
    page = review(client, project)
    assert "Joignez trois devis." in page and "Ajoutez une photo du site." in page
    assert "Soumettre à nouveau" in page
    assert "Joignez trois devis." in client.get(address(project, "budget")).content.decode()
    assert "Ajoutez une photo du site." in client.get(address(project, "annexes")).content.decode()
    reference = Project.objects.get(pk=project.pk).reference

    typed = open_step(client, project, "budget") | {"lines-0-label": "Travaux, trois devis joints"}
    assert client.post(address(project, "budget"), typed).status_code == 302
    assert submit_by_page(client, project).status_code == 302
    project.refresh_from_db()
    assert (project.state, project.reference) == (State.SUBMITTED, reference)


def test_the_region_and_the_mechanism_stay_once_the_reference_is_given():
    project = complete_draft()
    client = browser(project.author)
    submit_by_page(client, project)
    officer = user_with(Role.PROGRAMME_OFFICER)
    screenings.start_screening(project=Project.objects.get(pk=project.pk), user=officer)
    screenings.send_back(
        project=Project.objects.get(pk=project.pk), user=fresh(officer), reasons={"need": "Précisez le besoin."}
    )
    typed = open_step(client, project, "essentials") | {"mechanism": "TF", "title": "Nouvel intitulé"}
    assert client.post(address(project, "essentials"), typed).status_code == 302
    project.refresh_from_db()
    assert (project.mechanism_id, project.title) == ("QIP", "Nouvel intitulé")


def test_a_coauthor_may_submit():
    project = complete_draft()
    colleague = user_with(Role.PROPOSER)
    project.coauthors.add(colleague)
    assert submit_by_page(browser(colleague), project).status_code == 302
    assert Project.objects.get(pk=project.pk).state == State.SUBMITTED
