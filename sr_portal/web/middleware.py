"""A request's id, from the caller or our own, in every log line and in the answer; one line a request; what a browser may
load for an answer."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from csp.constants import HEADER as POLICY_HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
SECRET_PARTS = ("token", "key")  # parts of an address that open a door to whoever reads them
QUIET_PREFIXES = (settings.STATIC_URL, "/healthz", "/readyz")
OPEN_PREFIX = "/public/"
log = structlog.get_logger("portal.request")


class RequestIdMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        request.id = request_id  # type: ignore[attr-defined]  # shown on the error page
        started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            self.write_line(request, response, milliseconds)
        finally:
            structlog.contextvars.clear_contextvars()
        response.headers["X-Request-ID"] = request_id
        return response

    def write_line(self, request: HttpRequest, response: HttpResponse, milliseconds: float) -> None:
        """The address without its query, which may hold what somebody searched for, nor its secret parts."""
        write = log.debug if request.path.startswith(QUIET_PREFIXES) else log.info
        # The user as far as the request loaded them: a log line must not query.
        user = getattr(request, "_cached_user", None)
        match = request.resolver_match
        write(
            "request",
            method=request.method,
            path=without_secrets(request),
            route=match.view_name if match else None,
            status=response.status_code,
            milliseconds=milliseconds,
            user_id=user.pk if user is not None else None,
        )


class PolicyMiddleware(CSPMiddleware):
    """An answer that says its own policy keeps it, and none is written beside it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if POLICY_HEADER in response else super().process_response(request, response)


class OpenPagesMiddleware:
    """Pages that anybody may read know nobody: no cookie comes in, none goes out, so that a copy of one kept on the way
    is the same for all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(OPEN_PREFIX):
            return self.get_response(request)
        for header in ("HTTP_COOKIE", "HTTP_AUTHORIZATION"):
            request.META.pop(header, None)
        response = self.get_response(request)
        response.cookies.clear()
        response.headers["Vary"] = "Accept-Encoding"
        return response


def without_secrets(request: HttpRequest) -> str:
    path, match = request.path, request.resolver_match
    for secret in (match.kwargs.get(part) for part in SECRET_PARTS) if match else ():
        path = path.replace(secret, "…") if secret and isinstance(secret, str) else path  # a number is a record's key
    return path
