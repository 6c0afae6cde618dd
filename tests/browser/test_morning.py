"""A manager's morning, by keyboard and in French: what is late, where, which project; the plan; the brief to print."""

import re

import pytest
from playwright.sync_api import Page, expect

from projects.models import Project
from regions.models import Plan
from sr_portal.web import clock
from tests.documents.printed import assert_accessible, read, text_of

from .acting import inspect
from .portal import MAP_WEIGHT_BYTES, Portal, accessible, weight

pytestmark = pytest.mark.browser
MOST_TABS = 250

FOCUSED = """() => { const at = document.activeElement;
  return { text: (at.getAttribute("aria-label") || at.innerText || at.title || "").trim(), href: at.href || "", name: at.name || "" }; }"""


def tab_to(page: Page, *, text: str = "", href: str = "", name: str = "") -> None:
    """Press Tab until what is focused says `text`, leads to an address that holds `href`, or is the field `name`."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if (name and at["name"] == name) or (not name and text in at["text"] and href in at["href"]):
            return
    raise AssertionError(f"never reached: {text or href or name}")


def enter(page: Page, **what: str) -> None:
    """Reach it by Tab, press Enter, and wait for the page that it leads to."""
    tab_to(page, **what)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_managers_morning(portal: Portal):
    late = Project.objects.filter(fact__due_on__lt=clock.today(), mechanism_id="QIP").exclude(state="draft")
    place = late.order_by("region__rank").first().region
    with portal.person("chef.section") as page:
        enter(page, text="Tableau de bord")
        inspect(page)
        tab_to(page, name="mecanisme")
        page.keyboard.type("Projets à impact")
        enter(page, text="Afficher")
        assert "mecanisme=QIP" in page.url

        enter(page, href=f"/tableau-de-bord/regions/{place.code}/")
        expect(page.locator("h1")).to_have_text(place.name)
        assert "mecanisme=QIP" in page.url
        region_url = page.url
        tile = int(page.locator(".board-tiles a", has_text="En retard").first.locator(".figure-value").inner_text())
        enter(page, text="En retard")
        assert {"delai=retard", "mecanisme=QIP", f"region={place.code}"} <= set(page.url.split("?")[1].split("&"))
        list_url = page.url
        told = int(re.sub(r"\D", "", page.locator(".list-count").inner_text().split("·")[0]))
        assert told == tile > 0

        enter(page, href="/projets/", text=page.locator(".project-table tbody th a").first.inner_text())
        assert re.search(r"/projets/\d+/$", page.url)
        page.go_back()
        assert page.url == list_url and page.locator(".chips .chip").count() >= 3
        page.go_back()
        assert page.url == region_url and page.locator("[name=mecanisme]").input_value() == "QIP"

        enter(page, text="Fiche région")
        assert "mecanisme=QIP" in page.url
        inspect(page)
        tab_to(page, text="PDF d’une page")
        with page.expect_download() as handed:
            page.keyboard.press("Enter")
        content = handed.value.path().read_bytes()
        assert len(read(content).pages) == 1 and place.name in text_of(content)
        assert_accessible(content, language="fr", title=f"Fiche région\u00a0: {place.name}")


def test_a_plans_coverage_is_read(portal: Portal):
    plan = Plan.objects.in_force().order_by("region__rank").first()
    with portal.person("chef.section") as page:
        enter(page, href="/plans/")
        enter(page, href=f"/plans/{plan.pk}/couverture/")
        expect(page.locator("h1")).to_have_text(plan.title)
        assert page.locator("table.heat tbody tr").count() > 1
        inspect(page)


def test_a_project_is_found_on_the_map_by_keyboard_and_the_map_is_as_it_was_left(portal: Portal):
    with portal.person("chef.section") as page:
        enter(page, text="Carte")
        expect(page.locator("#map-status")).to_contain_text("projets sur la carte")
        inspect(page)
        for _closer in range(8):
            pins = page.locator(".map-spot:has(> .map-pin)")
            if pins.count():
                break
            page.locator(".map-spot").first.focus()
            page.keyboard.press("Enter")
            page.wait_for_timeout(700)
        pins.first.focus()
        page.keyboard.press("Enter")
        title = page.locator(".leaflet-popup .map-popup-title")
        expect(title).to_be_focused()
        expect(page.locator(".map-photos")).not_to_contain_text("Chargement")
        assert not accessible(page)
        page.keyboard.press("Escape")
        expect(title).to_have_count(0)
        expect(pins.first).to_be_focused()
        page.keyboard.press("Enter")
        expect(title).to_be_focused()
        seen, said = page.url, title.inner_text()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text(said)
        page.go_back()
        assert page.url == seen and "#" in seen


def test_the_map_is_light_and_says_the_same_without_script(portal: Portal):
    with portal.person("chef.section") as page:
        state = page.context.storage_state()
    with portal.visitor(storage_state=state) as page:
        assert weight(page, portal.address + "/carte/?activites=1") < MAP_WEIGHT_BYTES
    with portal.visitor(storage_state=state, java_script_enabled=False) as page:
        page.goto(portal.address + "/carte/?activites=1")
        assert page.locator("#map-drawing svg").is_visible() and not page.locator("#map").is_visible()
        assert page.locator(".project-table tbody tr").count() > 5
        assert page.locator("#activities-heading").is_visible()
