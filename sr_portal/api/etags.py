"""What an answer is known by, and whether the client has it already."""

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import parse_etags

from sr_portal.web import clock

from .reader import Reader

# Answers change with the code that makes them: part of every ETag, so that a deployment empties clients' caches.
SHAPE = "2"


def of_answer(request: Any, reader: Reader, version: str) -> str:
    """Weak: the bytes may be packed in several ways. The day is part of it, for what depends on it."""
    told = (SHAPE, settings.SECRET_KEY[:8], version, reader.view, request.get_full_path(), str(clock.today()))
    return f'W/"{hashlib.sha256(chr(31).join(told).encode()).hexdigest()[:32]}"'


def not_modified(request: Any, etag: str) -> HttpResponse | None:
    """304, when the client has this very answer."""
    given = request.headers.get("If-None-Match", "")
    if not given:
        return None
    known = {one.removeprefix("W/") for one in parse_etags(given)}
    if "*" not in known and etag.removeprefix("W/") not in known:
        return None
    return HttpResponse(status=304, headers={"ETag": etag})
