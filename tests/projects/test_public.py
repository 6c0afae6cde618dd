"""The page that anybody may read: closed unless opened, knows nobody, and gives no sensitive project away."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects import public_figures
from projects.models import Project
from projects.rules.publication import Disclosure
from projects.services.publication import clear_file, set_disclosure, take_back
from projects.states import State
from regions.models import Region
from sr_portal.accounts.roles import Role
from sr_portal.web.templatetags.portal import usd
from tests.factories import implementation as factories
from tests.factories.accounts import user_with
from tests.factories.many import many_projects
from tests.factories.projects import cast, region

from .visiting import files, under_way  # noqa: F401

pytestmark = pytest.mark.django_db
PAGE, IN_ENGLISH = "/public/", "/public/en/"


@pytest.fixture(autouse=True)
def opened(settings):
    settings.PUBLIC_PAGE = True


@pytest.fixture
def head():
    return user_with(Role.SECTION_HEAD)


def page(address: str = PAGE, **query) -> str:
    answer = Client().get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def granted():
    """Approve a project of Gao; the same people decide on all of a test."""
    people = cast()

    def approve(title: str, usd: str = "20000", **fields) -> Project:
        project = factories.approved(people, title=title, amount=usd, **fields)
        project.refresh_from_db()
        return project

    return approve


def restricted(project: Project, head, level: Disclosure, **more) -> Project:
    return set_disclosure(project=project, user=head, level=level, reason="Groupes armés à proximité", **more)


# --- Whether --------------------------------------------------------------------------------------------------------
def test_it_is_closed_unless_the_installation_opens_it(settings, files, head):  # noqa: F811
    address = f"/public/photos/{cleared(head).document.public_id}/"
    for path in (PAGE, IN_ENGLISH, address):
        assert Client().get(path).status_code == 200
    settings.PUBLIC_PAGE = False
    client = Client()
    client.force_login(head)
    for path in (PAGE, IN_ENGLISH, address):
        assert Client().get(path).status_code == client.get(path).status_code == 404
    assert "/public/" not in Client().get("/compte/connexion/").content.decode()


def test_it_is_the_same_for_everybody_and_may_be_kept_on_the_way(head, granted):
    granted("Forage d’Ansongo")
    client = Client()
    client.force_login(head)
    theirs, anybodys = client.get(PAGE), Client().get(PAGE)
    assert theirs.content == anybodys.content and head.name not in theirs.content.decode()
    assert not theirs.cookies and not anybodys.cookies
    assert anybodys["Vary"] == "Accept-Encoding" and anybodys["Cache-Control"] == "public, max-age=120"
    assert "csrf" not in anybodys.content.decode()
    assert Client().get(PAGE, headers={"If-None-Match": anybodys["ETag"]}).status_code == 304


def test_the_language_is_in_the_address(granted):
    granted("Forage d’Ansongo")
    assert '<html lang="fr">' in page() and '<html lang="en">' in page(IN_ENGLISH)
    assert Client().get(IN_ENGLISH, headers={"Accept-Language": "fr"})["Content-Language"] == "en"
    client = Client()
    client.cookies["portal_language"] = "en"
    assert '<html lang="fr">' in client.get(PAGE).content.decode()


# --- What -----------------------------------------------------------------------------------------------------------
def test_it_tells_of_approved_projects_only(head, granted):
    assert "n’est encore publié" in page()
    granted("Forage d’Ansongo", locality="Ansongo")
    many_projects(2)
    text = page()
    assert "Forage d’Ansongo" in text and "Forage n°" not in text
    assert usd("20000") in text and "Association" in text


def test_a_region_shows_its_projects_and_an_unknown_one_does_not_exist(head, granted):
    granted("Forage d’Ansongo")
    assert "Forage d’Ansongo" in page(region="ML-7")
    elsewhere = page(region="ML-8")
    assert "Forage d’Ansongo" not in elsewhere and "Aucun projet publié" in elsewhere
    assert Client().get(PAGE, {"region": "ML-99"}).status_code == 404


def test_no_person_is_named(head, granted):
    project = granted("Forage d’Ansongo")
    assert project.author.name not in page() and project.author.email not in page()


# --- What is not ----------------------------------------------------------------------------------------------------
def test_without_its_place_a_project_tells_cercle_sector_and_state_and_no_amount(head, granted):
    cercle = region().cercles.first()
    granted("Marché de Gao")
    hidden_place = granted("Forage de Tessit", "31000", locality="Tessit", cercle=cercle)
    restricted(hidden_place, head, Disclosure.CERCLE)
    text = page()
    for told in ("Tessit", "31", hidden_place.partner.name):
        assert told not in re.sub(r"<svg.*?</svg>|\?suite=\S+|<head>.*?</head>", "", text, flags=re.DOTALL), told
    assert cercle.name in text and text.count("non publié</span>") == 2


def test_a_hidden_project_is_in_no_row_count_sum_or_dot(head, granted):
    granted("Marché de Gao")
    before = page()
    restricted(granted("Forage de Tessit", "31000", locality="Tessit"), head, Disclosure.HIDDEN)
    assert page() == before


def total_of(code: str = "ML-7"):
    every = Project.objects.open_to_partners()
    figures = public_figures.figures_of(every, list(Region.objects.for_map()))
    return figures, next((line for line in figures.lines if line.region.code == code), None)


def test_the_totals_less_the_rows_leave_nothing_of_a_sensitive_project(head, granted):
    """The attack: the amount of a region, or of the country, less the amounts of the rows."""
    rows = [granted(f"Marché n° {n}", amount) for n, amount in enumerate(("20000", "15000"))]
    known = sum(project.approved_usd for project in rows)
    restricted(granted("Forage de Tessit", "31000"), head, Disclosure.CERCLE)
    restricted(granted("Puits de Talataye", "29000"), head, Disclosure.HIDDEN)
    figures, gao = total_of()
    assert (gao.projects, gao.usd, figures.usd) == (3, known, known)
    assert gao.people == figures.people == sum(project.direct_total for project in rows)
    assert (figures.discreet.projects, figures.discreet.usd) == (1, None)


def test_their_amounts_are_told_together_once_they_are_several_and_rounded(head, granted):
    """The attack by waiting: the sum of today less that of yesterday is not the newest project's amount."""
    for n in range(public_figures.FEWEST):
        assert total_of()[0].discreet.usd is None
        restricted(granted(f"Puits n° {n}", "31000"), head, Disclosure.CERCLE)
    assert total_of()[0].discreet.usd == Decimal(200_000)
    restricted(granted("Un de plus", "49000"), head, Disclosure.CERCLE)
    assert total_of()[0].discreet.usd == Decimal(200_000)
    assert "environ" in page()


def test_rows_come_in_the_order_of_what_they_show_and_not_of_when_they_were_approved(head, granted):
    granted("Puits")
    restricted(granted("Abattoir de Tessit"), head, Disclosure.CERCLE, public_title="Zone d’abattage")
    granted("École")
    found = re.findall(r'<th scope="row">([^<]+)<span', page())
    assert found == ["École", "Puits", "Zone d’abattage"]


# --- Photos ---------------------------------------------------------------------------------------------------------
def cleared(head, project: Project | None = None):
    crew = factories.Crew()
    project = project or under_way(State.ACTIVE, crew)
    shot = factories.visit(project, crew.officer, "other", photos=("after",)).photos.get()
    return clear_file(
        project=project, user=head, public_id=shot.document.public_id, title="La pompe marche", consent=True
    )


def test_a_photo_is_shown_once_cleared_and_gone_with_its_clearing_or_its_project(files, head):  # noqa: F811
    shown = cleared(head)
    address = f"/public/photos/{shown.document.public_id}/"
    assert "La pompe marche" in page() and address in page()
    answer = Client().get(address)
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "public, max-age=120" and not answer.cookies
    restricted(shown.project, head, Disclosure.CERCLE)
    assert Client().get(address).status_code == 404 and "La pompe marche" not in page()
    set_disclosure(project=shown.project, user=head, level=Disclosure.FULL, reason="La zone est calme")
    assert Client().get(address).status_code == 200
    take_back(cleared=shown, user=head, reason="Un enfant est reconnaissable")
    assert Client().get(address).status_code == 404


def test_a_photo_that_nobody_cleared_does_not_exist(files, head):  # noqa: F811
    crew = factories.Crew()
    shot = factories.visit(under_way(State.ACTIVE, crew), crew.officer, "other", photos=("after",)).photos.get()
    assert Client().get(f"/public/photos/{shot.document.public_id}/").status_code == 404


# --- Cost -----------------------------------------------------------------------------------------------------------
def test_it_costs_the_same_at_two_projects_and_at_twelve(granted):
    costs = []
    for count in (2, 10):
        for n in range(count):
            granted(f"Puits n° {n}")
        with CaptureQueriesContext(connection) as captured:
            page()
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 6, costs
