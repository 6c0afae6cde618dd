"""A proposal is written step by step in the browser, and says at each step what is still missing."""

import re

import pytest
from django.urls import reverse

from projects.forms.proposal import STEPS
from projects.models import Project
from sr_portal.accounts.roles import Role
from sr_portal.web.choices import without_accents
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.projects import complete_draft, region
from tests.projects.proposal_browser import address, browser, key_of, open_step

pytestmark = pytest.mark.django_db


def test_four_answers_open_a_draft_and_lead_to_its_first_step():
    client = browser(user_with(Role.PROPOSER))
    page = client.get(reverse("projects:create")).content.decode()
    typed = {"title": "Forage de Labbezanga", "mechanism": "QIP", "region": region().pk, "one_time_key": key_of(page)}
    first = client.post(reverse("projects:create"), typed)
    draft = Project.objects.get()
    assert first.url == address(draft)
    assert client.post(reverse("projects:create"), typed).url == first.url, "a second click leads to the same draft"
    assert Project.objects.count() == 1


@pytest.mark.parametrize("step", list(STEPS))
def test_every_step_opens_for_its_author(step):
    project = complete_draft()
    assert browser(project.author).get(address(project, step)).status_code == 200


def test_a_step_says_what_is_missing():
    project = complete_draft(need="", objective="")
    page = browser(project.author).get(address(project, "need")).content.decode()
    assert "le contexte et le besoin" in page.lower() and "2 points à compléter" in page


@pytest.mark.parametrize("step", [code for code, step in STEPS.items() if step.form])
def test_a_step_sent_back_unchanged_changes_nothing(step):
    project = complete_draft()
    client = browser(project.author)
    before = Project.objects.values().get()
    answer = client.post(address(project, step), open_step(client, project, step))
    assert answer.status_code == 302
    assert Project.objects.values().get() == before
    assert [project.lines.count(), project.results.count(), project.activities.count()] == [1, 1, 1]


def test_partners_and_sectors_stand_where_a_reader_looks_for_them():
    for name in ("Zone verte", "Éducation pour tous", "Djenné solidarité"):
        PartnerFactory(name=name)
    project = complete_draft()
    client = browser(project.author)
    partners = client.get(address(project, "partner")).content.decode()
    assert partners.index("Djenné") < partners.index("Éducation pour tous") < partners.index("Zone verte")
    sectors = client.get(address(project, "essentials")).content.decode()
    families = re.findall(r'<optgroup label="([^"]+)"', sectors)
    assert families == sorted(families, key=without_accents) and len(families) > 5
