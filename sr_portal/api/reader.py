"""Who asks the API, and in which of two ways they are answered: as the public of partners, or as themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rest_framework.request import Request

from sr_portal.accounts.roles import Role

from .models import Token, TokenScope


@dataclass(frozen=True)
class Reader:
    """Somebody with at least one role. `published_only`: they read what is published and nothing else.

    `scope` is that of a webhook, which narrows as a token's does.
    """

    user: Any
    token: Token | None = None
    scope: str = ""

    @classmethod
    def of(cls, request: Request) -> Reader:
        return cls(request.user, request.auth if isinstance(request.auth, Token) else None)

    @cached_property
    def published_only(self) -> bool:
        narrow = TokenScope.PUBLISHED in (self.scope, self.token.scope if self.token else "")
        return narrow or not (set(self.user.scopes) - {Role.PARTNER})

    @cached_property
    def view(self) -> str:
        """A text that is the same for two readers who are answered alike; part of an ETag."""
        if self.published_only:
            return "published"
        held = sorted((role.value, sorted(scope.region_ids), scope.everywhere) for role, scope in self.scopes.items())
        return f"{self.user.pk}:{held}"

    @property
    def scopes(self):
        return self.user.scopes
