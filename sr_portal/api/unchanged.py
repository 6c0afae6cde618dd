"""A quick « nothing changed »: by one statement, before sessions, views and rows are set up.

It answers 304 or not at all, of a list or of a record. Whether a record is shown to a reader hangs on what the log of
changes follows (`tests/api/test_etags.py`), so that one whose ETag still stands is shown as before. Whoever is refused,
whatever is not certain or has changed goes on to the view, which asks the same questions in the same words: the token's
own rules, the reader's view, the resource's `may`, the ETag.
"""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_vary_headers

from sr_portal.history.middleware import client_address

from . import etags, reading
from .authentication import digest_of, refusal_of
from .holders import KEY, asking_by
from .reader import Reader
from .resources import Resource
from .throttles import count, tell_limits

PREFIX = "/api/v1/"
log = structlog.get_logger("portal.api")
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
    connection.health_check_done = True  # by this statement itself: one that fails leaves the answer to the view
    try:
        return _answer(request, resource, key, digest)
    except Error as error:
        log.warning("quick_answer_failed", error=type(error).__name__)
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        return None


def _answer(request: HttpRequest, resource: Resource, key: int | None, digest: str) -> HttpResponse | None:
    found = asking_by(digest, reading.version_sql_of(resource, "" if key is None else KEY), key)
    if found is None:
        return None
    request.counted = found.counted  # type: ignore[attr-defined]  # so that the view does not count it again
    reader = Reader(found.token.user, found.token)
    if not reader.scopes or refusal_of(reader.token, reader.user, client_address(request)) or not resource.may(reader):
        return None
    etag = etags.of_answer(request, reader, found.version)
    answer = etags.not_modified(request, etag)
    if answer is None:
        return None
    most = settings.API_REQUESTS_PER_MINUTE
    request.counted = used, seconds = found.counted or count(f"token:{found.token.pk}")  # type: ignore[attr-defined]
    if used > most:
        return None
    tell_limits(answer, (most, most - used, seconds))
    patch_vary_headers(answer, ("Accept-Language", "Cookie"))
    return answer


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
