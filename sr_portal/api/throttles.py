"""How much is asked: so many requests a minute for each token or session, counted in the database for all workers."""

import datetime as dt
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from sr_portal.history.middleware import client_address
from sr_portal.web import prepared

from .models import Token

# Not waiting for the disk: a power cut may forget some seconds of counting, no data.
LAZILY = "SELECT set_config('synchronous_commit', 'off', true)"
COUNTED = """
    INSERT INTO api_usage AS u (subject, minute, requests, last_at)
    SELECT {subject}, date_trunc('minute', clock_timestamp()), 1, clock_timestamp() FROM {among}
    ON CONFLICT (subject) DO UPDATE SET
        requests = CASE WHEN u.minute = excluded.minute THEN u.requests + 1 ELSE 1 END,
        minute = excluded.minute, last_at = excluded.last_at
    RETURNING requests, ceil(extract(epoch FROM minute + interval '1 minute' - clock_timestamp()))::int AS seconds
"""
COUNT = f"WITH lazily AS ({LAZILY}) {COUNTED.format(subject='$1', among='lazily')}"


def subject_of(request: Any) -> str:
    """Whose minute it is: the token's, else the session's person, else the address."""
    if isinstance(request.auth, Token):
        return f"token:{request.auth.pk}"
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"from:{client_address(request)[:50]}"


def count(subject: str) -> tuple[int, int]:
    """One more request of this subject: how many this minute, and how many seconds are left of it."""
    used, seconds = prepared.fetch(COUNT, ["text"], [subject])[0]
    return used, seconds


def tell_limits(response: Any, limit: tuple[int, int, int]) -> None:
    most, left, seconds = limit
    response.headers["RateLimit-Limit"] = str(most)
    response.headers["RateLimit-Remaining"] = str(left)
    response.headers["RateLimit-Reset"] = str(seconds)


class PerMinute(BaseThrottle):
    """Leaves `rate_limit` on the request, from which the answer's headers are made."""

    seconds = 1

    def allow_request(self, request: Request, view: Any) -> bool:
        most = settings.API_REQUESTS_PER_MINUTE
        # Counted by whoever looked first whether anything had changed (`unchanged`).
        used, self.seconds = getattr(request._request, "counted", None) or count(subject_of(request))
        request._request.rate_limit = (most, max(0, most - used), self.seconds)  # type: ignore[attr-defined]
        return used <= most

    def wait(self) -> float:
        return max(1, self.seconds)


def refused_too_often(request: Any) -> int:
    """Counts a request without a valid token, of its address: seconds to wait when there were too many, else 0."""
    used, seconds = count(f"from:{client_address(request)[:50]}")
    return max(1, seconds) if used > settings.API_REFUSALS_PER_MINUTE else 0


def last_used(tokens: list[Token]) -> dict[int, dt.datetime]:
    """When each token served last, by its key."""
    from .models import Usage

    subjects = {f"token:{token.pk}": token.pk for token in tokens}
    rows = Usage.objects.filter(subject__in=subjects).values_list("subject", "last_at")
    return {subjects[subject]: at for subject, at in rows}
