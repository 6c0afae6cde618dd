"""What concerns every answer under /api/: refusals made outside its views become problems, answers are compressed, and no
browser takes them for a page."""

import re
from collections.abc import Callable

import brotli
import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from . import problems
from .unchanged import unchanged

PREFIX = "/api/v1/"
WORTH_IT = 400  # bytes below which compression gains nothing
QUALITY = 4  # of 11: as small as gzip's best, at the cost of its fastest
# Data load nothing, send nothing and stand in no frame, should a browser ever take them for a page.
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
JSON = re.compile(r"^application/([a-z.+-]+\+)?json")


class ApiMiddleware:
    """Stands outside Django's gzip, so that who takes brotli gets it; and sees what never reached a view of DRF."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        wants_brotli = _accepts_brotli(request.headers.get("Accept-Encoding", ""))
        if wants_brotli:
            request.META["HTTP_ACCEPT_ENCODING"] = "identity"  # Django's gzip leaves it to us
        response = unchanged(request) or self.get_response(request)
        if not isinstance(response, HttpResponse):
            return response
        if not JSON.match(response.get("Content-Type", "")) and response.status_code not in (204, 304):
            response = _as_problem(request, response)
        patch_vary_headers(response, ("Accept-Encoding", "Authorization", "Cookie"))
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if wants_brotli and len(response.content) >= WORTH_IT and not response.has_header("Content-Encoding"):
            response.content = brotli.compress(response.content, quality=QUALITY)
            response.headers["Content-Encoding"] = "br"
            response.headers["Content-Length"] = str(len(response.content))
            etag = response.get("ETag", "")
            if etag and not etag.startswith("W/"):
                response.headers["ETag"] = f"W/{etag}"
        return response


def _accepts_brotli(header: str) -> bool:
    for part in header.split(","):
        name, _semicolon, parameters = part.strip().partition(";")
        if name.strip().lower() == "br":
            return not re.fullmatch(r"\s*q=0(\.0{0,3})?\s*", parameters)
    return False


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page or a redirection of the portal, said as the API says it."""
    if response.status_code < 300 or response.status_code == 301:
        return response
    # Only the second factor's set-up redirects here: a session without it reads nothing.
    status = 403 if response.status_code in (302, 303) else response.status_code
    word = problems.BY_STATUS.get(status, "server-error" if status >= 500 else "bad-request")
    content = problems.body(request, word, status)
    told = HttpResponse(orjson.dumps(content), status=status, content_type=problems.CONTENT_TYPE)
    for name in ("Vary", "Content-Language", "Retry-After", "Allow"):
        if name in response.headers:
            told.headers[name] = response.headers[name]
    return told
