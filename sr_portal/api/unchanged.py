"""A quick « nothing changed »: by two statements, before sessions, views and rows are set up.

It answers 304 or not at all, of a list or of a record. Whether a record is shown to a reader hangs on what the log of
changes follows (`tests/api/test_etags.py`), so that one whose ETag still stands is shown as before. Whoever is refused,
whatever is not certain or has changed goes on to the view, which asks the same questions in the same words: the token's
own rules, the reader's view, the resource's `may`, the ETag.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_vary_headers

from sr_portal.accounts.models import User
from sr_portal.accounts.roles import scopes_of
from sr_portal.history.middleware import client_address

from . import etags, reading
from .authentication import digest_of, refusal_of
from .models import Token
from .reader import Reader
from .resources import Resource
from .throttles import count, tell_limits

HELD = """
    SELECT t.id, t.user_id, t.scope, t.expiry, t.revoked_at, t.address_ranges, u.is_active,
        (SELECT json_agg(json_build_array(g.name, a.region_id))
         FROM accounts_roleassignment a JOIN auth_group g ON g.id = a.group_id WHERE a.user_id = u.id),
        ({version})
    FROM api_token t JOIN accounts_user u ON u.id = t.user_id WHERE t.digest = %s
"""
PREFIX = "/api/v1/"
READ = ("*/*", "application/json", "application/*")


def unchanged(request: HttpRequest) -> HttpResponse | None:
    """304 when the client has this very answer; None: somebody else has to answer."""
    if request.method not in ("GET", "HEAD") or "If-None-Match" not in request.headers:
        return None
    resource, key = _asked(request.path)
    digest = digest_of(request.headers.get("Authorization", ""))
    if resource is None or not resource.kind or digest is None or not _reads_json(request):
        return None
    if key is None and not resource.filtering.by_log(QueryDict(request.META.get("QUERY_STRING", ""))):
        return None
    try:
        return _answer(request, resource, key, digest)
    except DatabaseError:  # told by the view, which meets it too
        return None


def _answer(request: HttpRequest, resource: Resource, key: int | None, digest: str) -> HttpResponse | None:
    version, params = reading.version_sql_of(resource, key)
    with connection.cursor() as cursor:
        cursor.execute(HELD.format(version=version), [*params, digest])
        row = cursor.fetchone()
    if row is None:
        return None
    reader = _reader(*row[:-1])
    if not reader.scopes or refusal_of(reader.token, reader.user, client_address(request)) or not resource.may(reader):
        return None
    etag = etags.of_answer(request, reader, row[-1])
    answer = etags.not_modified(request, etag)
    if answer is None:
        return None
    most = settings.API_REQUESTS_PER_MINUTE
    used, seconds = count(f"token:{row[0]}")
    if used > most:
        return None
    tell_limits(answer, (most, most - used, seconds))
    answer.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
    patch_vary_headers(answer, ("Accept-Language", "Cookie"))
    return answer


def _reader(key: int, user: int, scope: str, expiry, revoked_at, ranges: list[str], active: bool, held: Any) -> Reader:
    person = User(pk=user, is_active=active)
    person.scopes = scopes_of(held or () if active else ())
    token = Token(pk=key, user_id=user, scope=scope, expiry=expiry, revoked_at=revoked_at, address_ranges=ranges)
    return Reader(person, token)


def _reads_json(request: HttpRequest) -> bool:
    return any(one.partition(";")[0].strip() in READ for one in request.headers.get("Accept", "*/*").split(","))


def _asked(path: str) -> tuple[Resource | None, int | None]:
    """The list, or the list and the number of a record; a record that goes by another name is left to the view."""
    name, _slash, key = path.removeprefix(PREFIX).partition("/")
    resource = lists().get(name)
    if not key:
        return (None if _slash else resource), None
    is_number = key.isascii() and key.isdigit() and len(key) < 19
    return (resource, int(key)) if resource and resource.lookup == "pk" and is_number else (None, None)


_LISTS: dict[str, Resource] = {}


def lists() -> dict[str, Resource]:
    """Each list by its name, once the routes were read."""
    if not _LISTS:
        from .urls import declared

        _LISTS.update({one.name: one for one in declared()})
    return _LISTS
