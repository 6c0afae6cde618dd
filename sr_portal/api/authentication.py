"""How the API knows who asks: by a token in the header, or by the browser's own session, for reading only."""

from typing import Any

from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed
from rest_framework.request import Request

from sr_portal.history.middleware import client_address

from .addresses import lies_in
from .holders import held_by
from .models import Token

LONGEST = 128  # characters of an Authorization header worth hashing


def digest_of(header: str) -> str | None:
    """By which the token of an Authorization header is found; None for a header that shows none."""
    parts = header.split()
    if len(parts) != 2 or parts[0].lower() != "token" or len(parts[1]) > LONGEST:
        return None
    return hash_token(parts[1])


def refusal_of(token: Token, user: Any, address: str) -> str:
    """Why this token opens nothing, to somebody at that address; empty when it does."""
    if token.revoked_at is not None:
        return _("Ce jeton est inconnu ou révoqué.")
    if token.has_expired:
        return _("Ce jeton a expiré : faites-en un autre.")
    if token.address_ranges and not lies_in(address, token.address_ranges):
        return _("Ce jeton ne s’emploie pas depuis cette adresse.")
    return "" if user.is_active else _("Le compte de ce jeton est fermé.")


class TokenAuthentication(KnoxAuthentication):
    """knox's, reading our own table by the digest, and asking of a token its end, its revocation and its addresses."""

    model = Token

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        self.address = client_address(request)
        parts = request.headers.get("Authorization", "").split()
        if not parts:
            return None
        if parts[0].lower() != "token":
            raise AuthenticationFailed(_("Cette API ne connaît que « Authorization: Token … »."))
        if len(parts) != 2 or len(parts[1]) > LONGEST:
            raise AuthenticationFailed(_("Le jeton est un mot, sans espace, après « Token »."))
        return self.authenticate_credentials(parts[1].encode())

    def authenticate_credentials(self, token: bytes) -> tuple[Any, Token]:
        """A digest of 512 bits is looked up as it is: what cannot be guessed needs no comparison in constant time."""
        found = held_by(hash_token(token.decode()))
        if found is None:
            raise AuthenticationFailed(_("Ce jeton est inconnu ou révoqué."))
        if why := refusal_of(found, found.user, self.address):
            raise AuthenticationFailed(why)
        return found.user, found


class ReadOnlySession(SessionAuthentication):
    """The session of somebody signed in, for trying in the browser: it opens GET, so no form of another site can act."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        user = getattr(request._request, "user", None)
        if user is None or not user.is_active:
            return None
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            raise MethodNotAllowed(request.method)
        return user, None
