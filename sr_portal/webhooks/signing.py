"""Signatures as « Standard Webhooks » 1.0 says them, so that receivers verify them with the library that they have.

https://www.standardwebhooks.com: HMAC-SHA256 over « id.timestamp.body », in base64 after « v1, »; the secret is 24 to 64
random bytes in base64 after « whsec_ ». While a secret is being replaced both sign, and either is enough.
"""

import base64
import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def headers(known: Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What goes beside the body, signed with each of the secrets."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message_id, timestamp, body) for secret in known),
    }
