"""The page of one's calendar in Chromium: an address is made, copied, shown once, revoked."""

import pytest
from playwright.sync_api import expect

from .acting import inspect, press

pytestmark = pytest.mark.browser
MAKE, REVOKE = "form[action$='/adresse/'] button", "form[action$='/revoquer/'] button"


def test_an_address_is_made_copied_shown_once_and_revoked(portal):
    with portal.person("gestionnaire") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(portal.address + "/compte/calendrier/")
        inspect(page)
        press(page, MAKE)
        inspect(page)
        address = page.locator("#calendar-address").input_value()
        page.locator("[data-copy]").click()
        expect(page.locator("#notices")).to_contain_text("Adresse copiée.")
        assert page.evaluate("navigator.clipboard.readText()") == address

        with portal.visitor() as program:  # nobody is signed in there
            answer = program.request.get(address)
            assert answer.status == 200 and answer.text().startswith("BEGIN:VCALENDAR")
        page.reload()
        assert page.locator("#calendar-address").count() == 0
        inspect(page)
        press(page, REVOKE)
        expect(page.locator("main")).to_contain_text("aucun agenda ne lit vos échéances")
        assert page.request.get(address).status == 404
