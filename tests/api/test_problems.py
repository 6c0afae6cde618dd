"""What the API refuses, it refuses as RFC 9457 says, in French and English, and never by a page."""

import pytest
from django.test import Client, override_settings

from sr_portal.accounts.roles import Role
from sr_portal.api import views
from tests.api.asking import Program, partner
from tests.factories.accounts import user_with

pytestmark = pytest.mark.django_db


def told(answer, status: int, word: str) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status and body["type"] == f"/api/#{word}"
    assert body["title"] and body["detail"] and body["request_id"] == answer["X-Request-ID"]
    return body


def test_without_a_token_401_says_how_to_give_one():
    answer = Client().get("/api/v1/regions")
    body = told(answer, 401, "unauthorized")
    assert answer["WWW-Authenticate"].startswith("Token") and "Authorization" in body["detail"]


@pytest.mark.parametrize("header", ["Bearer abc", "Token", "Token a b", "Token " + "x" * 200, "Token é", "Token abc"])
def test_a_token_that_is_none_is_401(header):
    told(Client().get("/api/v1/regions", headers={"Authorization": header}), 401, "unauthorized")


def test_somebody_without_a_role_is_403_and_a_focal_point_reads_no_envelope():
    client = Client()
    client.force_login(user_with())
    told(client.get("/api/v1/regions"), 403, "forbidden")
    told(Program(Role.PROPOSER).get("envelopes"), 403, "forbidden")


@pytest.mark.parametrize(
    "path", ["regions/ML-99", "regions/%00", "envelopes/abc", "envelopes/99999999999999999999", "nowhere"]
)
def test_what_is_not_there_is_404(path):
    told(partner().get(path), 404, "not-found")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_is_only_read(method):
    program = partner()
    answer = getattr(program.client, method)("/api/v1/regions", headers={"Authorization": f"Token {program.secret}"})
    told(answer, 405, "method-not-allowed")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user_with(Role.PARTNER))
    told(getattr(client, method)("/api/v1/regions"), 405, "method-not-allowed")


def test_another_format_is_406():
    told(partner().get("regions", Accept="text/csv"), 406, "not-acceptable")


def test_an_unknown_parameter_is_named_with_the_nearest_ones():
    body = told(partner().get("ptf-activities?regon=ML-7&page_sise=5"), 400, "unknown-parameter")
    near = {error["parameter"]: error["nearest"] for error in body["errors"]}
    assert near["regon"][0] == "region" and near["page_sise"][0] == "page_size"


@pytest.mark.parametrize(
    ("query", "parameter", "near"),
    [
        ("region=ML-77", "region", "ML-7"),
        ("etat=ongoin", "etat", "ongoing"),
        ("tri=debu", "tri", "debut"),
        ("fields=id,titel", "fields", "title"),
        ("fields=", "fields", None),
        ("page_size=501", "page_size", "500"),
        ("page_size=0", "page_size", "500"),
        ("page_size=abc", "page_size", "500"),
        ("page_size=5&page_size=6", "page_size", None),
        ("cursor=abc", "cursor", None),
        ("updated_since=demain", "updated_since", "start"),
        ("updated_since=2026-13-45", "updated_since", "start"),
        ("updated_since=start&tri=debut", "tri", None),
        ("organisation=x", "organisation", None),
        ("q=%00", "q", None),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_the_nearest_one(query, parameter, near):
    body = told(partner().get(f"ptf-activities?{query}"), 400, "invalid-parameter")
    fault = next(error for error in body["errors"] if error["parameter"] == parameter)
    assert fault["message"] and (near is None or near in fault["nearest"])


def test_a_cursor_serves_only_the_list_that_gave_it_out():
    program = partner()
    following = program.get("regions?page_size=2").json()["next"]
    cursor = following.partition("cursor=")[2]
    assert program.get(f"regions?page_size=2&cursor={cursor}").status_code == 200
    told(program.get(f"organisations?cursor={cursor}"), 400, "invalid-parameter")


def test_refusals_are_in_english_for_whoever_reads_english():
    from django.utils import translation

    with translation.override("en"):
        english = translation.gettext("Jeton absent ou refusé")
    assert Client().get("/api/v1/regions", headers={"Accept-Language": "en"}).json()["title"] == english


@override_settings(API_REQUESTS_PER_MINUTE=3)
def test_over_the_limit_429_says_when_to_come_back_and_each_answer_what_is_left():
    program, other = partner(), partner()
    answers = [program.get("regions?fields=code") for _n in range(3)]
    if answers[-1].status_code == 200:  # no new minute began in between
        assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0"]
        refused = program.get("regions")
        told(refused, 429, "too-many-requests")
        assert 1 <= int(refused["Retry-After"]) <= 60
    assert other.get("regions").status_code == 200


@override_settings(API_REFUSALS_PER_MINUTE=3)
def test_guessing_tokens_is_slowed_down_by_address():
    guesses = [Client().get("/api/v1/regions", headers={"Authorization": "Token 0"}) for _n in range(8)]
    assert {guess.status_code for guess in guesses} <= {401, 429} and guesses[-1].status_code in (401, 429)
    assert 429 in {guess.status_code for guess in guesses}
    assert partner().get("regions").status_code == 200  # who has a token is not held up by them


def test_what_breaks_is_a_500_that_tells_nothing_of_itself(monkeypatch):
    def breaks(*_anything):
        raise RuntimeError("le mot de passe est 1234")

    monkeypatch.setattr(views.reading, "page_of", breaks)
    client = partner()
    client.client.raise_request_exception = False
    body = told(client.get("regions"), 500, "server-error")
    assert "1234" not in str(body)


def test_a_page_of_another_origin_reads_only_when_a_setting_names_it():
    program = partner()
    assert "Access-Control-Allow-Origin" not in program.get("regions", Origin="https://carte.example")
    with override_settings(CORS_ALLOWED_ORIGINS=["https://carte.example"]):
        answer = program.get("regions", Origin="https://carte.example")
        assert answer["Access-Control-Allow-Origin"] == "https://carte.example"
        assert "Access-Control-Allow-Credentials" not in answer
        headers = {"Origin": "https://carte.example", "Access-Control-Request-Method": "GET"}
        assert Client().options("/api/v1/regions", headers=headers).status_code == 200
        assert "Access-Control-Allow-Origin" not in program.client.get(
            "/projets/", headers={"Origin": "https://carte.example"}
        )


@pytest.mark.parametrize(
    ("accepts", "sent"), [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None)]
)
def test_answers_are_packed_as_the_client_can_open_them(accepts, sent):
    import gzip

    import brotli

    answer = partner().get("regions", **{"Accept-Encoding": accepts})
    assert answer.get("Content-Encoding") == sent
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[sent]
    assert b'"ML-7"' in unpack(answer.content)
    assert "Accept-Encoding" in answer["Vary"] and "Authorization" in answer["Vary"]


def test_what_has_not_changed_is_304_and_what_another_may_see_is_not():
    program = partner()
    for path in ("regions", "regions/ML-7", "funds", "funds/QIP"):
        etag = program.get(path)["ETag"]
        again = program.get(path, **{"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"") and again["ETag"] == etag
        assert program.get(f"{path}?fields=code", **{"If-None-Match": etag}).status_code == 200
        assert Program(Role.SECTION_HEAD).get(path, **{"If-None-Match": etag}).status_code == 200


def test_an_answer_may_load_nothing_whatever_it_is():
    program = Program(Role.SECTION_HEAD)
    whole = program.get("regions")
    answers = [
        whole,
        program.get("regions", **{"If-None-Match": whole["ETag"]}),
        program.get("nowhere"),
        Client().get("/api/v1/regions"),
    ]
    assert [one.status_code for one in answers] == [200, 304, 404, 401]
    for one in answers:
        assert set(one["Content-Security-Policy"].split("; ")) == {
            "default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        }  # fmt: skip
        assert one["X-Content-Type-Options"] == "nosniff" and one["X-Frame-Options"] == "DENY"
