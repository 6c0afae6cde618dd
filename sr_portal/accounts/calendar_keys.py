"""The secret address at which a calendar program reads somebody's deadlines, without signing in.

The secret is drawn at random (256 bits) and kept only as its SHA-256 digest: a copy of the database or a backup opens
nobody's calendar, and no key of the portal can make an address again. The price is that it is shown once; whoever
lost it makes another, which is also how one is taken back. A digest without salt is enough for what cannot be guessed.
"""

import secrets
from hashlib import sha256

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from sr_portal import encryption
from sr_portal.web import clock

from .models import CalendarKey, User

SECRET_BYTES = 32
SESSION_KEY = "calendar_address"


@transaction.atomic
def renew(user: User) -> str:
    """A new secret, of 43 URL-safe characters, known to nobody else and not kept; the one before no longer opens."""
    token = secrets.token_urlsafe(SECRET_BYTES)
    CalendarKey.objects.update_or_create(user=user, defaults={"digest": digest_of(token), "made_at": clock.now()})
    return token


@transaction.atomic
def revoke(user: User) -> None:
    """No address any more; a second call has no effect."""
    CalendarKey.objects.filter(user=user).delete()


def holder_of(token: str) -> User | None:
    """Whose calendar the secret opens; None when it is unknown, revoked, or of a closed account."""
    key = CalendarKey.objects.select_related("user").filter(digest=digest_of(token), user__is_active=True).first()
    return key.user if key else None


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def address_of(request: HttpRequest, token: str) -> str:
    """The whole address, as a calendar program takes it."""
    return request.build_absolute_uri(reverse("projects:calendar_feed", args=[token]))


# --- Shown once: from the form that makes it to the page that follows, sealed on its way through the session ---------
def show_once(request: HttpRequest, token: str) -> None:
    request.session[SESSION_KEY] = encryption.seal(token.encode(), context=_context(request.user)).decode()


def take_shown(request: HttpRequest) -> str:
    """The address to show on this page, once; empty afterwards."""
    sealed = request.session.pop(SESSION_KEY, "")
    if not sealed:
        return ""
    try:
        token = encryption.unseal(sealed.encode(), context=_context(request.user)).decode()
    except encryption.Unreadable:
        return ""
    return address_of(request, token)


def _context(user: User) -> str:
    return f"calendar_key:{user.pk}"
