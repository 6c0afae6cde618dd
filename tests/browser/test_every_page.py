"""Every page that each role reaches by its links: accessible, in both languages, on both screens, light, unbroken."""

import re

import pytest
from playwright.sync_api import Error

from sr_portal.demo.people import PEOPLE

from .portal import MAP_WEIGHT_BYTES, PAGE_WEIGHT_BYTES, PHONE, WIDE, accessible, cut_off, shape, too_wide, weight

pytestmark = pytest.mark.browser

LOGINS = ("point.focal", "gestionnaire", "president", "autorite", "administrateur")
NOT_FOLLOWED = ("/compte/deconnexion/", "/reference/", "/static/", "/annexes/")
HANDED_OUT = re.compile(r"\.(pdf|zip)$|/[0-9a-f-]{36}/$")  # files, not pages
LINKS = "links => links.map(link => new URL(link.getAttribute('href'), location).href)"  # those of the map too
MOST_PAGES = 40  # a role that reached more kinds of pages would need a closer look anyway


def walk(portal, page):
    """One page of each kind, by the links that are really there."""
    waiting, known = ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        try:
            answer = page.goto(portal.address + path)
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            continue  # a file handed out
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue  # a picture, on which axe would wait for ever
        yield path, answer.status
        for link in page.eval_on_selector_all("main a[href], nav a[href]", LINKS):
            if not link.startswith(portal.address + "/"):
                continue
            path = link.removeprefix(portal.address).split("#")[0]
            is_page = not (path.startswith(NOT_FOLLOWED) or HANDED_OUT.search(path))
            if is_page and shape(path) not in known and len(known) < MOST_PAGES:
                known.add(shape(path))
                waiting.append(path)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_page_is_accessible_and_fits_the_screen(portal, language):
    faults, seen = [], set()
    for login in LOGINS:
        with portal.person(login, language=language) as page:
            for path, status in walk(portal, page):
                if status >= 400:
                    faults.append(f"{path}: status {status} for {login}")
                if shape(path) in seen and login not in ("point.focal", "gestionnaire"):
                    continue
                seen.add(shape(path))
                for screen in (WIDE, PHONE):
                    page.set_viewport_size(screen)
                    faults += [
                        f"{login}, {screen['width']} px: {fault}"
                        for fault in (*accessible(page), *too_wide(page), *cut_off(page))
                    ]
                page.set_viewport_size(WIDE)

    assert not faults, "\n".join(faults)
    assert len(seen) > 15, seen


def test_each_page_in_the_dark_has_enough_contrast(portal):
    faults = []
    with portal.person("gestionnaire", color_scheme="dark") as page:
        for path, _status in walk(portal, page):
            faults += [f"{path}: {fault}" for fault in accessible(page)]

    assert not faults, "\n".join(faults)


def test_a_first_visit_weighs_less_than_100_kb(portal):
    heavy = {}
    with portal.person("gestionnaire") as page:
        paths = [path for path, _status in walk(portal, page)]
    with portal.person("gestionnaire") as page:
        state = page.context.storage_state()
    for path in paths:
        with portal.visitor(storage_state=state) as page:
            bytes_ = weight(page, portal.address + path)
            if bytes_ >= (MAP_WEIGHT_BYTES if path == "/carte/" else PAGE_WEIGHT_BYTES):
                heavy[path] = bytes_

    assert not heavy


def test_every_account_of_the_demo_signs_in(portal):
    for person in PEOPLE:
        with portal.visitor() as page:
            portal.sign_in(page, person.login)
            assert page.locator("h1").is_visible()
