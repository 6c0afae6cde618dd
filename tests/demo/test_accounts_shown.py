"""One click signs in as any role of the demonstration; elsewhere nothing of it is shown."""

import re

import pytest
from django.urls import reverse

from sr_portal.demo.people import PASSWORD, PEOPLE, make_people

pytestmark = pytest.mark.django_db


def sign_in_page(client, query: str = "") -> str:
    return client.get(reverse("account_login") + query).content.decode()


def test_outside_a_demonstration_no_account_and_no_password_is_shown(client):
    page = sign_in_page(client)
    assert PASSWORD not in page
    assert "demo.portail.example" not in page


def test_each_account_of_the_demonstration_signs_in_by_its_button(client, settings):
    settings.IS_DEMO = True
    make_people(dict.fromkeys(person.region for person in PEOPLE if person.region))
    page = sign_in_page(client, "?next=/projets/")
    buttons = re.findall(r'<button type="submit" name="login" value="([^"]+)"', page)
    assert buttons == [person.email for person in PEOPLE]

    answer = client.post(reverse("account_login"), {"login": buttons[3], "password": PASSWORD, "next": "/projets/"})

    assert answer.status_code == 302 and answer["Location"] == "/projets/"
    assert page.count('value="/projets/"') == 2, "both forms lead where the visitor wanted to go"


def test_the_fields_have_labels_that_no_placeholder_repeats(client):
    page = sign_in_page(client)
    assert "placeholder" not in page
    assert reverse("account_reset_password") in page
