"""The brief of a region: what it tells, on one page whatever there is to tell; and each chart as a picture."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from projects.models import Project
from sr_portal.accounts.roles import Role
from sr_portal.dashboards.slides import CHARTS
from sr_portal.web import clock
from tests.documents.printed import assert_accessible, read, text_of
from tests.factories.accounts import user_with
from tests.factories.implementation import approved
from tests.factories.many import many_projects
from tests.factories.plans import in_force
from tests.factories.projects import cast, region

pytestmark = pytest.mark.django_db
GAO = "/tableau-de-bord/regions/ML-7/"
PAGE, PDF, CHART = f"{GAO}fiche/", f"{GAO}fiche.pdf", "/tableau-de-bord/graphiques/{}.png"
LONG = "Réhabilitation et électrification solaire du centre de santé communautaire et de ses logements, "


def signed_in(*roles: Role, **where) -> Client:
    client = Client()
    client.force_login(user_with(*roles, **where))
    return client


@pytest.fixture
def head() -> Client:
    return signed_in(Role.SECTION_HEAD)


def pdf(client: Client, address: str = PDF) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    return b"".join(answer.streaming_content)


@pytest.fixture
def told():
    """A late project with a point, a large one, and a plan that lacks money."""
    people = cast()
    with clock.at(dt.datetime(2026, 7, 6, 12, tzinfo=dt.UTC)):
        approved(people, title="Marché de Bourem", amount="42000", latitude=Decimal("16.9"), longitude=Decimal("-0.3"))
    approved(people, title="Forage de Djebock", amount="48000")
    return in_force(900_000)[0]


def test_the_brief_tells_figures_late_and_largest_projects_and_how_far_the_plan_is_paid_for(head, told):
    answer = head.get(PAGE)
    brief, page = answer.context["brief"], answer.content.decode()
    assert [line.project.title for line in brief.late] == ["Marché de Bourem"]
    assert [line.project.title for line in brief.largest] == ["Forage de Djebock", "Marché de Bourem"]
    assert [(line.number, line.days_late > 100) for line in brief.late] == [(1, True)] and brief.largest[
        0
    ].number is None
    assert [row.priority for row in brief.gaps] == [told] and brief.plan.total.gap == 900_000
    assert len(brief.drawing.dots) == 1 and page.count('class="brief-number"') == 1
    assert told.title in page and told.plan.title in page and "style=" not in page


def test_the_pdf_says_the_same_on_one_accessible_page(head, told):
    content = pdf(head)
    text = text_of(content)
    for said in ("Fiche région", "Gao", "Marché de Bourem", "Forage de Djebock", told.title, told.plan.title):
        assert said in text, said
    assert len(read(content).pages) == 1
    assert_accessible(content, language="fr", title="Fiche région\u00a0: Gao")


def test_it_stays_one_page_with_all_there_can_be(head):
    many_projects(40, region=region(), latitude=Decimal("16.27"), longitude=Decimal("-0.04"))
    Project.objects.update(title=LONG * 2)
    people = cast()
    with clock.at(dt.datetime(2026, 7, 6, 12, tzinfo=dt.UTC)):
        for n in range(5):
            approved(people, title=f"{LONG}{n}", amount="49999.99")
    in_force(*["12345678.90"] * 9)
    assert len(read(pdf(head)).pages) == 1


def test_a_region_without_anything_has_a_brief_that_says_so(head):
    page = head.get("/tableau-de-bord/regions/ML-10/fiche/").content.decode()
    assert "Aucun projet déposé" in page and "Aucun plan régional" in page
    assert len(read(pdf(head, "/tableau-de-bord/regions/ML-10/fiche.pdf")).pages) == 1


def test_it_is_narrowed_by_its_address_as_the_dashboard_is(head, told):
    assert head.get(f"{PAGE}?mecanisme=PBF").context["board"].is_empty
    assert head.get(f"{PAGE}?secteur=14031").context["brief"].late
    assert head.get(f"{PAGE}?mecanisme=XX").status_code == 422


def test_a_region_outside_of_ones_area_has_none(told):
    elsewhere = signed_in(Role.REGIONAL_MANAGER, region=region("ML-8"))
    for address in (PAGE, PDF, CHART.format("argent") + "?region=ML-7"):
        assert elsewhere.get(address).status_code == 404
    assert signed_in(Role.PROPOSER).get(PAGE).status_code == 403


def test_it_is_in_the_language_of_its_reader(told):
    user = user_with(Role.SECTION_HEAD)
    user.language = "en"
    user.save()
    client = Client()
    client.force_login(user)
    content = pdf(client)
    assert read(content).trailer["/Root"]["/Lang"].startswith("en") and len(read(content).pages) == 1


def test_the_brief_costs_the_same_at_ten_and_a_thousand_projects(head):
    costs = []
    for count in (10, 990):
        many_projects(count, region=region())
        with CaptureQueriesContext(connection) as captured:
            assert head.get(PAGE).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 12, costs


# --- Slides ---------------------------------------------------------------------------------------------------------
def test_each_chart_of_the_page_is_a_picture_for_a_slide(head, told):
    page = head.get("/tableau-de-bord/")
    links = page.context["slides"]()
    assert {link.url.split("/")[-1].removesuffix(".png") for link in links} == set(CHARTS) - {"exercices"}
    for link in links:
        answer = head.get(link.url)
        assert answer["Content-Type"] == "image/png"
        picture = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
        assert picture.size == (1920, 1080) and len(picture.convert("L").getcolors()) > 20


def test_a_slide_counts_what_its_page_counts(head, told):
    links = head.get(f"{GAO}?secteur=14031").context["slides"]()
    assert all("region=ML-7" in link.url and "secteur=14031" in link.url for link in links)
    assert not any("carte" in link.url for link in links)
    assert head.get(CHART.format("argent") + "?region=ML-99").status_code == 404
    assert head.get(CHART.format("rien")).status_code == 404
    assert head.get(CHART.format("exercices")).status_code == 404  # one year alone draws no line


def test_the_same_slide_is_the_same_file(head, told):
    one, two = (b"".join(head.get(CHART.format("etats")).streaming_content) for _ in range(2))
    assert one == two
