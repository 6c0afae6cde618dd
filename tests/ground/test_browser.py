"""Chromium reaches a portal of its own."""

import pytest

pytestmark = pytest.mark.browser


def test_a_stranger_is_led_to_the_sign_in_page(own_server, page):
    answer = page.goto(own_server)

    assert answer.status == 200
    assert "/compte/connexion/" in page.url
    assert page.locator("html").get_attribute("lang") == "fr"
