"""Texts and files kept unreadable at rest, with the keys of `FIELD_ENCRYPTION_KEYS`.

The first key seals; the others still open what was sealed before them, so that a key can be replaced without a stop.
What is sealed is bound to a context, such as the record that it belongs to: put elsewhere, it no longer opens. From
each key two others are derived, one to seal and one for fingerprints.
"""

import base64
import hmac
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SEPARATOR = b"\x00"


class Unreadable(Exception):
    """None of the keys opens this, or it was sealed for something else."""


def seal(content: bytes, *, context: str) -> bytes:
    """An authenticated token of URL-safe ASCII, about 4/3 as long as `content`."""
    return _ciphers()[0].encrypt(context.encode() + SEPARATOR + content)


def unseal(token: bytes, *, context: str) -> bytes:
    """The content sealed for `context`. Raises Unreadable."""
    try:
        bound, _separator, content = MultiFernet(_ciphers()).decrypt(token).partition(SEPARATOR)
    except InvalidToken as error:
        raise Unreadable from error
    if not hmac.compare_digest(bound, context.encode()):
        raise Unreadable
    return content


def is_sealed_by_first_key(token: bytes) -> bool:
    try:
        _ciphers()[0].decrypt(token)
    except InvalidToken:
        return False
    return True


def fingerprint(text: str, *, context: str) -> str:
    """64 hexadecimal digits, the same for the same text, that nobody can reckon without the first key."""
    return _fingerprint(_secrets()[0], text, context)


def fingerprints(text: str, *, context: str) -> list[str]:
    """By each key, the first one first: what records fingerprinted before a change of keys may carry."""
    return [_fingerprint(secret, text, context) for secret in _secrets()]


def _fingerprint(secret: str, text: str, context: str) -> str:
    key = _derived(secret, b"sr_portal.encryption.fingerprint")
    return hmac.new(key, context.encode() + SEPARATOR + text.encode(), sha256).hexdigest()


def _secrets() -> tuple[str, ...]:
    return tuple(settings.FIELD_ENCRYPTION_KEYS)


def _ciphers() -> list[Fernet]:
    return [_cipher(secret) for secret in _secrets()]


@lru_cache(maxsize=16)
def _cipher(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(secret, b"sr_portal.encryption.seal")))


@lru_cache(maxsize=32)
def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
