"""Who, from where and in which request: what every event row carries."""

import ipaddress
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware as PgHistoryMiddleware


def client_address(request: HttpRequest) -> str:
    """The caller's address, believing as many proxies as `TRUSTED_PROXY_COUNT` says, none by default.

    What a caller forged stands left of what the trusted proxies added; anything that is no address is not kept.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    trusted = settings.TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if trusted and len(hops) >= trusted:
        try:
            return str(ipaddress.ip_address(hops[-trusted]))
        except ValueError:
            return direct
    return direct


class HistoryMiddleware(PgHistoryMiddleware):
    """The name is kept beside the number: people change names, and an event must still say who it was."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            **super().get_context(request),
            "user_name": str(request.user) if request.user.is_authenticated else "",
            "address": client_address(request),
            "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
        }
