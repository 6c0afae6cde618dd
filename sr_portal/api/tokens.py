"""Making and taking back tokens, by their holder or an administrator. Each service is one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.crypto import create_token_string, hash_token
from knox.settings import CONSTANTS

from sr_portal import encryption
from sr_portal.accounts import rules
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock

from .models import Token, TokenScope

MOST_OPEN = 20  # tokens of one person at a time
SESSION_KEY = "api_token"


def scopes_for(user: User, by: User) -> list[TokenScope]:
    """What a token of `user` made by `by` may open: what is published; for oneself, what one reads as well.

    Nobody makes for somebody else a token that opens more than partners see: it would be a way into their files.
    """
    own = user.pk == by.pk and set(user.scopes) - {Role.PARTNER}
    return list(TokenScope) if own else [TokenScope.PUBLISHED]


def may_make(by: User, user: User) -> bool:
    return by.pk == user.pk or rules.may_manage_people(by)


def may_read(by: User, user: User) -> bool:
    return by.pk == user.pk or rules.may_see_people(by)


@transaction.atomic
def make(
    *, by: User, user: User, name: str, scope: str, expires_on: dt.date, address_ranges: Sequence[str] = ()
) -> tuple[Token, str]:
    """A new token and its secret, which is known to nobody else and not kept. It ends as `expires_on` ends.

    Raises PermissionDenied; ValidationError by field when the scope is not theirs to give, the day is past or too far,
    an address cannot be read, the account has no role, or has too many tokens.
    """
    if not may_make(by, user):
        raise PermissionDenied
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active or not user.scopes:
        raise ValidationError(_("Ce compte n’a aucun rôle : un jeton n’ouvrirait rien."), code="no_role")
    if scope not in scopes_for(user, by):
        raise ValidationError({"scope": _("Cette portée n’est pas à donner ici.")}, code="scope")
    today = clock.today()
    if not today < expires_on <= today + dt.timedelta(days=settings.API_TOKEN_MOST_DAYS):
        said = _("L’expiration est au plus tôt demain et au plus tard dans %(days)d jours.")
        raise ValidationError({"expires_on": said % {"days": settings.API_TOKEN_MOST_DAYS}}, code="expiry")
    if open_tokens(user).count() >= MOST_OPEN:
        raise ValidationError(
            _("Ce compte a déjà %(most)d jetons : révoquez-en un.") % {"most": MOST_OPEN}, code="many"
        )
    secret = create_token_string()
    midnight = dt.datetime.combine(expires_on + dt.timedelta(days=1), dt.time.min)
    token = Token(
        user=user, name=name, scope=scope, digest=hash_token(secret), token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH // 2],
        expiry=timezone.make_aware(midnight), address_ranges=list(address_ranges), made_by=by,
    )  # fmt: skip
    token.full_clean()
    token.save()
    return token, secret


@transaction.atomic
def revoke(token: Token, *, by: User) -> Token:
    """From the next request on it opens nothing. A second call has no effect. Raises PermissionDenied."""
    if not may_make(by, token.user):
        raise PermissionDenied
    token = Token.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = clock.now(), by
        token.save(update_fields=["revoked_at", "revoked_by"])
    return token


def open_tokens(user: User) -> QuerySet[Token]:
    return Token.objects.filter(user=user, revoked_at__isnull=True, expiry__gt=clock.now())


# --- Shown once: sealed on its way through the session ---------------------------------------------------------------
def show_once(request: HttpRequest, token: Token, secret: str) -> None:
    sealed = encryption.seal(secret.encode(), context=_context(request.user, token.pk)).decode()
    request.session[SESSION_KEY] = [token.pk, sealed]


def take_shown(request: HttpRequest, user: User) -> tuple[Token, str] | None:
    """The token that was just made for `user`, with its secret, on this page alone; None afterwards."""
    kept = request.session.get(SESSION_KEY)
    if not kept:
        return None
    token = Token.objects.filter(pk=kept[0], user=user, revoked_at=None).first()
    if token is None:
        return None
    del request.session[SESSION_KEY]
    try:
        return token, encryption.unseal(kept[1].encode(), context=_context(request.user, token.pk)).decode()
    except encryption.Unreadable:
        return None


def _context(user: User, key: int) -> str:
    return f"api_token:{user.pk}:{key}"
