"""The map of the projects: who sees which places, what is approximate, what is counted instead of sent, which photos."""

import gzip
import json
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import Attachment, Project
from projects.states import State
from regions import placing
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories import implementation as factories
from tests.factories.accounts import user_with
from tests.factories.activities import ActivityFactory
from tests.factories.funds import PartnerFactory
from tests.factories.many import many_projects
from tests.factories.projects import DraftFactory, region

from .visiting import files, under_way  # noqa: F401

pytestmark = pytest.mark.django_db
PAGE, POINTS, ACTIVITIES = "/carte/", "/carte/projets.json", "/coordination/activites/points.json"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def head() -> Client:
    return signed_in(user_with(Role.SECTION_HEAD))


def told(client: Client, url: str = POINTS, **query) -> dict:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return json.loads(answer.content)


def rows(client: Client, url: str = POINTS, **query) -> list[dict]:
    data = told(client, url, **query)
    names = ("id", "lat", "lon", "approximate", *data["columns"])
    return [dict(zip(names, row, strict=True)) for row in data["points"]]


# --- Where ----------------------------------------------------------------------------------------------------------
def test_a_project_stands_at_its_point_or_else_where_the_map_writes_its_cercle_or_its_region(head):
    cercle = region().cercles.filter(label_lat__isnull=False).first()
    exact = DraftFactory(latitude=Decimal("16.27"), longitude=Decimal("-0.04"))
    in_cercle, in_region = DraftFactory(cercle=cercle), DraftFactory()
    found = {row["id"]: (row["lat"], row["lon"], row["approximate"]) for row in rows(head)}

    assert found[exact.pk] == (16.27, -0.04, 0)
    assert found[in_cercle.pk] == (round(cercle.label_lat, 5), round(cercle.label_lon, 5), 1)
    gao = region()
    assert found[in_region.pk] == (
        round(gao.label_lat or gao.capital_lat, 5), round(gao.label_lon or gao.capital_lon, 5), 1,
    )  # fmt: skip


def test_a_pin_tells_title_state_partner_place_and_the_amount_approved_or_asked(head):
    DraftFactory(title="Puits", partner=PartnerFactory(name="Association Faso", acronym="AFASO"), locality="Bourem")
    granted = factories.approved(title="Forage")
    found = {row["title"]: row for row in rows(head)}

    assert (found["Puits"]["state"], found["Puits"]["partner"], found["Puits"]["place"]) == ("draft", "AFASO", "Bourem")
    assert (found["Puits"]["usd"], found["Puits"]["approved"]) == (0, False)
    assert (found["Forage"]["usd"], found["Forage"]["approved"]) == (float(granted.approved_usd), True)


# --- Who ------------------------------------------------------------------------------------------------------------
def test_the_map_holds_what_the_list_holds_for_its_reader():
    DraftFactory(title="Brouillon de Gao")
    many_projects(1, region=region("ML-8"))

    def seen(role, where=None):
        return {row["title"] for row in rows(signed_in(user_with(role, region=where)))}

    assert seen(Role.SECTION_HEAD) == {"Brouillon de Gao", "Forage n° 0"}
    assert seen(Role.REGIONAL_MANAGER, region()) == {"Brouillon de Gao"}
    assert seen(Role.PROGRAMME_OFFICER, region()) == set()
    assert seen(Role.PARTNER) == set()


def test_the_address_filters_map_table_and_data_alike(head):
    many_projects(1, region=region("ML-8"))
    DraftFactory(title="Brouillon de Gao")
    for query, expected in (({"region": "ML-8"}, {"Forage n° 0"}), ({"etat": "draft"}, {"Brouillon de Gao"})):
        page = head.get(PAGE, query)
        assert {row["title"] for row in rows(head, **query)} == expected
        assert {row.project.title for row in page.context["rows"]} == expected
    wrong = head.get(PAGE, {"region": "ML-99"})
    assert wrong.status_code == 422 and "n’ont pas été appliqués" in wrong.content.decode()


# --- How many -------------------------------------------------------------------------------------------------------
@pytest.fixture
def crowd():
    """More than are sent at once, one in three without a point."""
    author = user_with(Role.PROPOSER)
    keys = many_projects(400, author=author)
    keys += many_projects(
        placing.MOST - 199, author=author, region=region(), latitude=Decimal("16.27"), longitude=Decimal("-0.04")
    )
    return len(keys)


def test_a_crowd_is_counted_by_cells_and_sent_once_the_map_comes_closer(head, crowd):
    far = told(head, zoom=5)
    assert far["points"] == [] and far["whole"] is False
    assert sum(cell[2] for cell in far["cells"]) == far["total"] == crowd
    assert len(far["cells"]) < 60 and len(told(head, zoom=7)["cells"]) >= len(far["cells"])

    kidal = told(head, zoom=7, cadre="0.5,18,2.5,20.5")
    assert 0 < len(kidal["points"]) == kidal["total"] < crowd and kidal["cells"] == []
    assert all(18 <= lat <= 20.5 and 0.5 <= lon <= 2.5 for _pk, lat, lon, *_rest in kidal["points"])
    assert kidal["whole"] is False  # the map asks again when it moves


@pytest.mark.parametrize("frame", ["", "1,2,3", "a,b,c,d", "3,4,1,2", "nan,0,1,1", "1,2,3,inf"])
def test_a_frame_that_cannot_be_read_is_no_frame(head, frame):
    DraftFactory()
    assert len(told(head, cadre=frame, zoom="loin")["points"]) == 1


def test_the_map_costs_the_same_at_ten_and_a_thousand_projects(head):
    costs = []
    for count in (10, placing.MOST - 10):
        many_projects(count)
        cost = []
        for address in (PAGE, f"{PAGE}?activites=1", POINTS):
            with CaptureQueriesContext(connection) as captured:
                answer = head.get(address)
            cost.append(len(captured))
            assert answer.status_code == 200
        costs.append(cost)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 12 and costs[0][2] <= 6, costs
    assert len(gzip.compress(answer.content)) < 45_000


def test_data_that_has_not_changed_is_not_sent_again(head):
    project = DraftFactory()
    first = head.get(POINTS)
    assert "private" in first["Cache-Control"]
    assert head.get(POINTS, headers={"If-None-Match": first["ETag"]}).status_code == 304
    Project.objects.filter(pk=project.pk).update(title="Autre")
    assert head.get(POINTS, headers={"If-None-Match": first["ETag"]}).status_code == 200
    outlines = head.get("/regions/contours.json")
    assert head.get("/regions/contours.json", headers={"If-None-Match": outlines["ETag"]}).status_code == 304
    assert len(json.loads(outlines.content)["features"]) == 11


# --- Photos ---------------------------------------------------------------------------------------------------------
def photos(client: Client, project: Project) -> list[dict]:
    answer = client.get(f"/projets/{project.pk}/photos-carte.json")
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_a_popup_shows_the_first_photo_before_and_the_last_after_but_none_that_was_withdrawn(files, head):  # noqa: F811
    crew = factories.Crew()
    project = under_way(State.ACTIVE, crew)
    assert photos(head, project) == []
    annex = Attachment.objects.create(project=project, document=factories.photo_of(crew.officer), kind="photo")
    assert [shot["url"] for shot in photos(head, project)] == [
        f"/projets/{project.pk}/annexes/{annex.document.public_id}/vignette/"
    ]
    visit = factories.visit(project, crew.officer, "other", photos=("before", "during", "after", "after"))
    before, _during, _after, last = visit.photos.order_by("pk")
    found = photos(head, project)
    assert [shot["stage"] for shot in found] == ["Avant", "Après"]
    assert str(before.document.public_id) in found[0]["url"] and str(last.document.public_id) in found[1]["url"]
    assert all(head.get(shot["url"]).status_code == 200 for shot in found)
    for shot in (before, last):
        shot.document.withdrawn_at, shot.document.withdrawn_by = clock.now(), crew.officer
        shot.document.withdrawal_reason = "Floue"
        shot.document.save()
    found = photos(head, project)
    assert str(annex.document.public_id) in found[0]["url"] and str(last.document.public_id) not in found[1]["url"]


def test_photos_of_a_project_that_one_may_not_see_do_not_exist():
    address = f"/projets/{DraftFactory().pk}/photos-carte.json"
    assert signed_in(user_with(Role.PROGRAMME_OFFICER)).get(address).status_code == 404


# --- Activities -----------------------------------------------------------------------------------------------------
def test_activities_are_a_layer_filtered_by_region_and_sector_those_of_the_whole_country_are_counted(head):
    ActivityFactory(title="Eau", region=region("ML-7"), amount=5, currency="USD", amount_usd=5)
    ActivityFactory(title="Écoles", region=region("ML-8"))
    ActivityFactory(title="Partout")
    everything = told(head, ACTIVITIES)
    assert (everything["total"], everything["nowhere"]) == (2, 1)
    assert [(row["title"], row["usd"]) for row in rows(head, ACTIVITIES, region="ML-7")] == [("Eau", 5)]
    page = head.get(PAGE, {"activites": "1", "region": "ML-8"}).content.decode()
    assert "Écoles" in page and "Partout" not in page
    assert signed_in(user_with(Role.PARTNER)).get(ACTIVITIES).status_code == 403
    assert "show-activities" not in signed_in(user_with(Role.PARTNER)).get(PAGE).content.decode()


# --- Without script -------------------------------------------------------------------------------------------------
def test_without_script_there_are_a_drawing_and_a_table_that_says_what_is_approximate(head):
    DraftFactory(title="Puits exact", latitude=Decimal("16.27"), longitude=Decimal("-0.04"))
    DraftFactory(title="Puits sans point")
    page = head.get(PAGE).content.decode()
    drawing = page[page.index('id="map-drawing"') :]
    assert drawing.count('<circle class="region-map-point"') == 2
    assert len(re.findall(r'href="/carte/\?region=ML-', drawing)) == 11
    table = page[page.index("<tbody>") :]
    assert "Puits exact" in table and table.count("position approximative") == 1
    assert "style=" not in page


def test_tiles_are_asked_only_of_the_server_that_the_installation_names(head):
    from tests.ground.test_settings import DATABASE, SEALS, SECRET, start_in_production

    assert "https://tiles" not in head.get(PAGE)["Content-Security-Policy"]
    whole = {**SECRET, **DATABASE, **SEALS, "ALLOWED_HOSTS": "portail.example.org"}
    good = start_in_production(**whole, MAP_TILES_URL="https://{s}.tiles.example.org/{z}/{x}/{y}.png")
    assert good.returncode == 0, good.stderr
    for wrong in ("http://tiles.example.org/{z}/{x}/{y}.png", "https://tiles.example.org/", "https:///{z}/{x}/{y}"):
        refused = start_in_production(**whole, MAP_TILES_URL=wrong)
        assert refused.returncode and "MAP_TILES_URL" in refused.stderr
