"""Nothing typed is lost when the session has expired."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]


def test_what_was_typed_is_back_after_signing_in_once(client):
    answer = client.post("/ecrire/", {"title": "Forage de Tessit", "password1": "secret", "one_time_key": "k"})
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/ecrire/")
    stored = Session.objects.get().get_decoded()["kept_input"]["data"]
    assert "secret" not in stored
    assert "one_time_key" not in stored

    client.force_login(UserFactory())
    assert client.get("/ecrire/").content == b"Forage de Tessit"
    assert client.get("/ecrire/").content == b"nothing kept"


def test_a_page_saved_in_the_background_leads_to_sign_in_too(client):
    answer = client.post("/ecrire/", {"title": "Puits"}, headers={"HX-Request": "true"})
    assert "next=/ecrire/" in answer["HX-Redirect"]


def test_too_much_text_is_not_kept_and_the_page_says_so(client):
    answer = client.post("/ecrire/", {"title": "x" * 300_000}, follow=True)
    assert "trop longue" in answer.content.decode()
    assert "kept_input" not in client.session


def test_signing_in_elsewhere_meanwhile_loses_nothing_either():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    answer = client.post("/ecrire/", {"title": "Dalot"}, headers={"Origin": "http://testserver"})
    assert answer.status_code == 302
    assert client.get("/ecrire/").content == b"Dalot"


def test_a_form_from_another_site_is_refused_and_keeps_nothing():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    answer = client.post("/ecrire/", {"title": "Piège"}, headers={"Origin": "https://ailleurs.example"})
    assert answer.status_code == 403
    assert "rien n’a été enregistré" in answer.content.decode()
    assert client.get("/ecrire/").content == b"nothing kept"
