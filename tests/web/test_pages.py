"""Health, errors, language, request ids and headers: what every answer owes."""

import json
import logging
from unittest import mock

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client

from sr_portal.accounts.roles import Role
from tests.factories.accounts import UserFactory, user_with

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]


def test_healthz_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_is_200_when_every_migration_is_applied(client):
    assert client.get("/readyz").status_code == 200


def test_readyz_is_503_without_the_last_migration_or_the_database(client):
    target = "sr_portal.web.views.MigrationRecorder.applied_migrations"
    with mock.patch(target, return_value={}):
        assert client.get("/readyz").status_code == 503
    with mock.patch(target, side_effect=DatabaseError):
        assert client.get("/readyz").status_code == 503


def test_a_well_formed_request_id_is_kept_and_another_replaced(client):
    assert client.get("/healthz", headers={"X-Request-ID": "abc-123.DEF"})["X-Request-ID"] == "abc-123.DEF"
    for bad in ("short", "x" * 65, "with space", "l\u00efne", "abcdefgh\n"):
        given = client.get("/healthz", headers={"X-Request-ID": bad})["X-Request-ID"]
        assert given != bad
        assert len(given) == 32


def test_each_request_writes_one_line_with_who_and_how_long(client, caplog):
    user = UserFactory()
    client.force_login(user)
    with caplog.at_level(logging.INFO, logger="portal.request"):
        client.get("/ecrire/?q=secret", headers={"X-Request-ID": "test-request-1"})
    (record,) = [record for record in caplog.records if record.name == "portal.request"]
    line = record.msg if isinstance(record.msg, dict) else json.loads(record.getMessage())
    assert line["user_id"] == user.pk
    assert line["status"] == 200
    assert line["path"] == "/ecrire/"
    assert line["milliseconds"] >= 0
    assert "secret" not in str(line)


def test_errors_say_what_to_do_in_the_reader_s_language(client):
    client.force_login(UserFactory())
    missing = client.get("/nulle-part/")
    assert missing.status_code == 404
    assert "Cette page n’existe pas" in missing.content.decode()


def test_a_page_whose_address_holds_a_record_s_number_is_written_to_the_log_as_it_is(client, caplog):
    client.force_login(UserFactory())
    with caplog.at_level("INFO", logger="portal.request"):
        assert client.get("/projets/7/visites/9/compte-rendu.pdf").status_code == 404
    assert "/projets/7/visites/9/compte-rendu.pdf" in caplog.text


def test_a_server_error_shows_its_number_and_no_detail():
    client = Client(raise_request_exception=False)
    answer = client.get("/panne/", headers={"X-Request-ID": "panne-0001"})
    assert answer.status_code == 500
    assert "panne-0001" in answer.content.decode()
    assert "on purpose" not in answer.content.decode()
    assert "script-src" in answer["Content-Security-Policy"]


def test_a_database_that_is_away_is_told_as_such_and_asks_to_try_again():
    answer = Client(raise_request_exception=False).post("/coupure/")
    html = answer.content.decode()
    assert answer.status_code == 503 and answer["Retry-After"] == "5"
    assert "La base de données ne répond pas" in html and "recovery mode" not in html


def test_every_page_carries_the_security_headers(client):
    client.force_login(UserFactory())
    for path in ("/", "/nulle-part/", "/compte/login/", "/healthz"):
        answer = client.get(path, follow=True)
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"


def test_no_page_of_the_frame_holds_inline_style_or_script(client):
    client.force_login(user_with(Role.ADMINISTRATOR))
    page = client.get("/").content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert all("src=" in tag.split(">")[0] for tag in page.split("<script")[1:])


def test_what_sends_parts_of_a_page_is_loaded_by_the_pages_that_do_only(client):
    client.force_login(user_with(Role.PROGRAMME_OFFICER))
    assert "htmx" not in client.get("/").content.decode()
    templates = settings.BASE_DIR / "templates"
    for file in templates.rglob("*.html"):
        if "hx-post" in (text := file.read_text()) or "hx-get" in text:
            loads_it = "parts/htmx.html" in text
            assert loads_it or file.name == "screening_form.html", f"{file}: its page must include parts/htmx.html"


def test_the_language_chosen_is_remembered_with_and_without_an_account(client):
    client.post("/langue/", {"language": "en", "next": "/"})
    assert client.cookies["portal_language"].value == "en"
    user = UserFactory()
    client.force_login(user)
    client.post("/langue/", {"language": "en", "next": "/"})
    user.refresh_from_db()
    assert user.language == "en"
    assert '<html lang="en"' in client.get("/").content.decode()


@pytest.mark.parametrize("target", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)", ""])
def test_the_language_switch_leads_nowhere_else(client, target):
    assert client.post("/langue/", {"language": "fr", "next": target})["Location"] == "/"


def test_an_unknown_language_changes_nothing(client):
    client.post("/langue/", {"language": "xx", "next": "/"})
    assert "portal_language" not in client.cookies


def test_the_reference_data_open_to_administrators_only(client):
    assert client.get("/reference/").status_code == 302
    client.force_login(user_with(Role.PROPOSER))
    assert client.get("/reference/", follow=True).status_code == 403
    client.force_login(user_with(Role.ADMINISTRATOR))
    assert client.get("/reference/").status_code == 200
