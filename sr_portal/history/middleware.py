"""Who, from where and in which request: what every event row carries."""

from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware as PgHistoryMiddleware


def client_address(request: HttpRequest) -> str:
    """The caller's address, believing as many proxies as `TRUSTED_PROXY_COUNT` says, none by default."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXY_COUNT
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR", "")


class HistoryMiddleware(PgHistoryMiddleware):
    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            **super().get_context(request),
            "user_name": str(request.user) if request.user.is_authenticated else "",
            "address": client_address(request),
            "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
        }
