"""Tokens: made and revoked in the browser, kept as digests, with scope, end, last use and addresses."""

import datetime as dt
import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client

from sr_portal.accounts.roles import Role
from sr_portal.api import tokens
from sr_portal.api.models import Token
from sr_portal.web import clock
from tests.api.asking import Program, partner, secret_of
from tests.factories.accounts import user_with

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def in_days(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def make_in_browser(client: Client, address: str = "/compte/jetons/", **fields):
    data = {"name": "Power BI", "scope": "published", "expires_on": in_days(30), "address_ranges": "", **fields}
    return client.post(address, {**data, "one_time_key": str(uuid.uuid4())})


def shown_secret(page) -> str:
    return re.search(r'id="api-token" value="([0-9a-f]{64})"', page.content.decode())[1]


def test_a_partner_makes_a_token_in_the_browser_sees_it_once_and_reads_with_it():
    client = signed_in(user_with(Role.PARTNER))
    answer = make_in_browser(client)
    assert answer.status_code == 302 and answer["Location"] == "/compte/jetons/"

    secret = shown_secret(client.get("/compte/jetons/"))
    assert "api-token" not in client.get("/compte/jetons/").content.decode()
    assert Client().get("/api/v1/regions", headers={"Authorization": f"Token {secret}"}).status_code == 200
    assert "jamais" not in client.get("/compte/jetons/").content.decode()  # the last use is told


def test_the_secret_is_nowhere_in_the_database():
    secret = secret_of(user_with(Role.PARTNER))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM api_token t")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(t::text, ' ') FROM api_tokenevent t")
        kept += cursor.fetchone()[0]
    assert secret not in kept and secret[:15] not in kept


def test_a_revoked_token_opens_nothing_and_its_history_says_who_revoked_it():
    program = partner()
    client = signed_in(program.user)
    token = Token.objects.get()
    answer = client.post(f"/compte/jetons/{token.pk}/revoquer/", {"one_time_key": str(uuid.uuid4())})

    assert answer.status_code == 302
    assert program.get("regions").status_code == 401
    history = client.get(f"/compte/jetons/{token.pk}/historique/").content.decode()
    assert "Révoqué" in history or "révoqué" in history
    assert token.digest not in history


def test_an_expired_token_a_closed_account_and_an_address_outside_the_range_are_told_apart(monkeypatch):
    program = partner()
    assert program.get("regions").status_code == 200
    program.user.is_active = False
    program.user.save()
    assert "fermé" in program.get("regions").json()["detail"]

    bound = Program(Role.PARTNER, address_ranges=["192.0.2.0/24"])
    assert "adresse" in bound.get("regions").json()["detail"]
    assert Program(Role.PARTNER, address_ranges=["127.0.0.0/8"]).get("regions").status_code == 200

    expired = partner()
    later = clock.now() + dt.timedelta(days=32)
    monkeypatch.setattr("sr_portal.web.clock.now", lambda: later)
    assert "expiré" in expired.get("regions").json()["detail"]


@pytest.mark.parametrize("ranges", ["192.0.2.300", "10.0.0.1/8", "portail.example"])
def test_an_address_that_cannot_be_read_is_told_in_its_field_and_nothing_typed_is_lost(ranges):
    answer = make_in_browser(signed_in(user_with(Role.PARTNER)), name="Cahier R", address_ranges=ranges)

    assert answer.status_code == 422
    assert "Cahier R" in answer.content.decode() and ranges in answer.content.decode()
    assert not Token.objects.exists()


@pytest.mark.parametrize("days", [0, -1, 400])
def test_an_end_in_the_past_or_too_far_is_refused(days):
    answer = make_in_browser(signed_in(user_with(Role.PARTNER)), expires_on=in_days(days))

    assert answer.status_code == 422 and not Token.objects.exists()


def test_a_partner_s_token_opens_nothing_but_what_is_published():
    user = user_with(Role.PARTNER)
    with pytest.raises(ValidationError):
        tokens.make(by=user, user=user, name="R", scope="visible", expires_on=in_days(3))


def test_an_administrator_makes_for_others_only_tokens_for_what_is_published_and_revokes_any():
    administrator, officer = user_with(Role.ADMINISTRATOR), user_with(Role.PROGRAMME_OFFICER)
    with pytest.raises(ValidationError):
        tokens.make(by=administrator, user=officer, name="R", scope="visible", expires_on=in_days(3))
    client = signed_in(administrator)
    make_in_browser(client, f"/personnes/{officer.pk}/jetons/")
    secret = shown_secret(client.get(f"/personnes/{officer.pk}/jetons/"))
    program = Program(user=None)
    program.secret = secret
    assert program.get("regions").status_code == 200

    tokens.revoke(Token.objects.get(), by=administrator)
    assert program.get("regions").status_code == 401


def test_nobody_else_makes_revokes_or_sees_somebody_s_tokens():
    holder, other = user_with(Role.PARTNER), user_with(Role.SECTION_HEAD)
    secret_of(holder)
    token = Token.objects.get()
    with pytest.raises(PermissionDenied):
        tokens.make(by=other, user=holder, name="R", scope="published", expires_on=in_days(3))
    with pytest.raises(PermissionDenied):
        tokens.revoke(token, by=other)
    key = {"one_time_key": str(uuid.uuid4())}
    assert signed_in(other).post(f"/compte/jetons/{token.pk}/revoquer/", key).status_code == 404


def test_somebody_without_a_role_makes_none():
    assert make_in_browser(signed_in(user_with())).status_code == 422


def test_the_database_refuses_a_token_that_is_no_digest_or_ends_before_it_starts():
    secret_of(user_with(Role.PARTNER))
    for assignment in ("digest = 'clair'", "expiry = created", "revoked_at = now()"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE api_token SET {assignment}")


def test_a_token_that_is_used_leaves_no_trace_in_the_history_but_in_the_last_use():
    program = partner()
    before = Token.pgh_event_model.objects.count()
    program.get("regions")
    assert Token.pgh_event_model.objects.count() == before
