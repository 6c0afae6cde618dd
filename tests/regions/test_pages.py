"""The pages of the places: a map that a keyboard can use, a table that says the same, and what the UN asks to say."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse

from regions import maps
from regions.models import Region
from regions.services.boundaries import load_boundaries
from tests.factories.accounts import UserFactory
from tests.factories.regions import region
from tests.regions.test_load_boundaries import OFFICIAL, small_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client, name: str, *args) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("path", ["/regions/", "/regions/ML-7/"])
def test_who_is_not_signed_in_is_sent_to_the_door(client, path):
    response = client.get(path)
    assert response.status_code == 302 and reverse("account_login") in response.url


@pytest.mark.parametrize("path", ["/regions/", "/regions/ML-7/"])
def test_the_pages_only_read(reader, path):
    assert reader.post(path).status_code == 405


def test_each_region_is_a_link_on_the_map_and_a_line_in_the_table(reader):
    html = page(reader, "regions:list")
    for place in Region.objects.all():
        assert html.count(f'href="/regions/{place.code}/"') == 2
        assert f"<title>{place.name}</title>" in html
        assert place.capital in html


def test_the_map_says_that_its_lines_are_simplified_and_bind_nobody(reader):
    html = page(reader, "regions:list")
    assert "lignes simplifiées" in html and "Taoudénit" in html
    assert "n’impliquent ni reconnaissance ni acceptation officielles" in html
    assert "Natural Earth" in html


def test_official_outlines_are_credited_and_no_longer_called_simplified(reader):
    load_boundaries(small_file(), source="DNCT", licence="CC BY 4.0")
    html = page(reader, "regions:list")
    assert "DNCT (CC BY 4.0)" in html and "lignes simplifiées" not in html
    assert "n’impliquent ni reconnaissance" in html


def test_a_region_s_page_gives_its_facts_with_their_sources(reader):
    html = page(reader, "regions:detail", "ML-7")
    for said in ("Gao", "ML07", "COD-AB 2015", "INSTAT", "2022", "Ansongo", "Bourem", "4 cercles"):
        assert said in html


def test_what_is_not_known_is_said(reader):
    assert "inconnu" in page(reader, "regions:detail", "ML-10")


def test_an_unknown_region_is_not_found(reader):
    assert reader.get("/regions/ML-99/").status_code == 404


def region_queries(captured) -> int:
    return sum("regions_" in query["sql"] for query in captured.captured_queries)


def test_the_pages_ask_little_of_the_database(reader, django_assert_max_num_queries):
    reader.get(reverse("regions:list"))
    with django_assert_max_num_queries(8) as captured:
        reader.get(reverse("regions:list"))
    assert region_queries(captured) == 1
    with django_assert_max_num_queries(10) as captured:
        reader.get(reverse("regions:detail", args=["ML-7"]))
    assert region_queries(captured) == 3


def paths(html: str) -> int:
    return sum(len(d) for d in re.findall(r' d="([^"]*)"', html))


@pytest.mark.parametrize("official", [False, *([True] if OFFICIAL.exists() else [])])
def test_the_map_is_light(official, reader):
    if official:
        load_boundaries(json.loads(Path(OFFICIAL).read_text()), source="geoBoundaries", licence="CC BY 4.0")
    assert paths(page(reader, "regions:list")) < 15_000
    assert paths(page(reader, "regions:detail", "ML-7")) < 10_000


def test_a_map_can_be_coloured_and_says_the_number_in_words():
    gao = region("ML-7")
    drawing = maps.draw(Region.objects.for_map(), tones={gao.pk: (3, "20 projets")})
    shapes = {shape.code: shape for shape in drawing.shapes}
    assert (shapes["ML-7"].tone, shapes["ML-7"].note) == (3, "20 projets")
    assert shapes["ML-8"].tone is None
    assert shapes["ML-BKO"].small and not shapes["ML-7"].small


def test_a_locator_brings_out_the_region_and_puts_the_point_in_it():
    gao = region("ML-7")
    drawing = maps.draw(Region.objects.for_map(), width=220, current=gao.pk, point=(gao.capital_lat, gao.capital_lon))
    assert drawing.current.code == "ML-7"
    assert 0 < drawing.point_x < 220 and 0 < drawing.point_y < drawing.height


def test_no_outline_no_map():
    Region.objects.update(outline=None)
    assert maps.draw(Region.objects.for_map()) is None
