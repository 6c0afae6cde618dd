"""A token with whom it serves, found by its digest in one query: before each answer, so it is kept short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from sr_portal.accounts.models import User
from sr_portal.accounts.roles import scopes_of
from sr_portal.web import prepared

from .models import Token
from .throttles import COUNTED, LAZILY

# What is read of both, in the order of their models; the rest is asked for should anybody look at it.
OF_TOKEN = ("id", "user_id", "scope", "expiry", "address_ranges", "revoked_at")
OF_USER = ("id", "is_active")
COLUMNS = ", ".join([*(f"t.{name}" for name in OF_TOKEN), *(f"u.{name} AS u_{name}" for name in OF_USER)])
HELD = f"""
    SELECT {COLUMNS},
        (SELECT json_agg(json_build_array(g.name, a.region_id))
         FROM accounts_roleassignment a JOIN auth_group g ON g.id = a.group_id WHERE a.user_id = u.id) AS roles
    FROM api_token t JOIN accounts_user u ON u.id = t.user_id WHERE t.digest = $1
"""  # noqa: S608
# A token that nothing speaks against on sight is counted on the way; another, by whoever admits or refuses it.
ON_SIGHT = "h.revoked_at IS NULL AND h.expiry > now() AND h.address_ranges = '{}' AND h.u_is_active"
COUNT = COUNTED.format(subject="'token:' || h.id", among=f"lazily, held h WHERE {ON_SIGHT}")
KEY = "$2"  # stands for the key of a record


@dataclass(frozen=True)
class Asking:
    """`version` is what was asked for beside the token; `counted`, the requests of this minute with this one and the
    seconds left of it, or None when this one was not counted."""

    token: Token
    version: str
    counted: tuple[int, int] | None


def held_by(digest: str) -> Token | None:
    """The token of that digest, with its user and their roles. Whether it opens anything is another question."""
    rows = prepared.fetch(HELD, ["text"], [digest])
    return _token(rows[0]) if rows else None


def asking_by(digest: str, version: str, key: int | None) -> Asking | None:
    """The same and, in that one query, the value of `version`, an expression of SQL with `KEY` for `key`; counted."""
    rows = prepared.fetch(
        f"""WITH lazily AS ({LAZILY}), held AS MATERIALIZED ({HELD}), counted AS ({COUNT})
        SELECT held.*, {version}, counted.requests, counted.seconds FROM held LEFT JOIN counted ON true""",  # noqa: S608
        ["text", "bigint"],
        [digest, key],
    )
    if not rows:
        return None
    *values, told, used, seconds = rows[0]
    return Asking(_token(values), told, None if used is None else (used, seconds))


def _token(row: Sequence[Any]) -> Token:
    *values, roles = row
    token = Token.from_db(DEFAULT_DB_ALIAS, OF_TOKEN, values[: len(OF_TOKEN)])
    user = User.from_db(DEFAULT_DB_ALIAS, OF_USER, values[len(OF_TOKEN) :])
    user.scopes = scopes_of(roles or () if user.is_active else ())
    token.user = user
    return token
