"""The form of the list is kept as long as it says the same, and not when something was typed into it."""

import datetime as dt

import pytest
from django.core.cache import caches
from django.template.loader import get_template
from django.test import Client

from funds.models import Mechanism, Sector
from regions.models import Region
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with

pytestmark = pytest.mark.django_db
PATHS = (
    "/projets/",
    "/projets/?region=ML-7&etat=draft&etat=active",
    "/projets/?tri=intitule&retard=1",
    "/carte/",
)
CHANGES = {
    "a region's name": lambda: Region.objects.filter(code="ML-6").update(name="Région de nom nouveau"),
    "a mechanism's name": lambda: Mechanism.objects.filter(code="QIP").update(name_fr="Mécanisme de nom nouveau"),
    "a sector's name": lambda: Sector.objects.update(name_fr="Secteur de nom nouveau"),
}


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(user_with(Role.SECTION_HEAD))
    return client


def forms(client: Client, *paths: str) -> list[str]:
    pages = [client.get(path) for path in paths or PATHS]
    return [page.content.decode().partition('id="filters"')[2].partition("</form>")[0] for page in pages]


def made(monkeypatch) -> list[str]:
    """What is made anew from now on."""
    seen: list[str] = []
    template = get_template("projects/list_form.html").template
    plain = type(template)._render
    monkeypatch.setattr(
        type(template), "_render", lambda self, context: seen.append(self.name or "") or plain(self, context)
    )
    return seen


def test_it_is_made_once_for_all_who_ask_the_same(client, monkeypatch):
    before = forms(client)
    assert len(set(before)) == 3 and before[0] == before[-1] and all("<select" in form for form in before)
    seen = made(monkeypatch)
    other = Client()
    other.force_login(user_with(Role.AUDITOR))
    assert forms(client) == forms(other) == before
    assert "projects/list_table.html" not in seen and "projects/list_form.html" not in seen
    assert 'value="Gao"' in forms(client, "/projets/?q=Gao")[0] and "projects/list_form.html" in seen


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_it_offers_follows_its_tables(client, change):
    before = forms(client)
    change()
    after = forms(client)
    assert all(new != old for new, old in zip(after, before, strict=True))
    caches["fragments"].clear()
    assert forms(client) == after


def test_the_language_and_the_year_are_part_of_it(client, monkeypatch):
    before = forms(client)
    english = Client()
    english.force_login(user_with(Role.SECTION_HEAD, language="en"))
    assert all(new != old for new, old in zip(forms(english), before, strict=True))
    next_year = clock.today() + dt.timedelta(days=365)
    monkeypatch.setattr(clock, "today", lambda: next_year)
    assert all(new != old for new, old in zip(forms(client), before, strict=True))


def test_an_error_is_not_kept(client):
    forms(client)
    answer = client.get("/projets/?region=XX")
    assert answer.status_code == 422 and "form-errors" in answer.content.decode()
    assert "form-errors" not in client.get("/projets/").content.decode()
