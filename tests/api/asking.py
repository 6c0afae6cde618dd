"""Asking the API as a program does: with a token in the header."""

import datetime as dt
from typing import Any

from django.test import Client

from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.api import tokens
from sr_portal.web import clock
from tests.factories.accounts import user_with


def secret_of(user: User, scope: str = "visible", **fields: Any) -> str:
    values = {"name": "Excel", "expires_on": clock.today() + dt.timedelta(days=30), **fields}
    scope = scope if set(user.scopes) - {Role.PARTNER} else "published"
    return tokens.make(by=user, user=user, scope=scope, **values)[1]


class Program:
    """A program that holds a token of somebody with `roles`; without any, it comes without a token."""

    def __init__(self, *roles: Role, scope: str = "visible", user: User | None = None, **fields: Any) -> None:
        self.client = Client()
        self.user = user or (user_with(*roles) if roles else None)
        self.secret = secret_of(self.user, scope, **fields) if self.user else ""

    def get(self, path: str, language: str = "fr", **headers: str) -> Any:
        if self.secret:
            headers = {"Authorization": f"Token {self.secret}", **headers}
        address = path if path.startswith("/") else f"/api/v1/{path}"
        return self.client.get(address, headers={"Accept-Language": language, **headers})

    def rows(self, path: str) -> list[dict[str, Any]]:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]


def partner() -> Program:
    return Program(Role.PARTNER)
