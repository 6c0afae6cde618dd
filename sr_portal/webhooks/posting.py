"""One POST to an address that was checked a moment before, and what came of it; nothing here raises.

The socket is opened to the checked address itself: no second look-up, no proxy, no redirection. TLS is verified for the
name that was typed. Whatever the receiver does, all is over after `TOTAL_SECONDS`.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import targets

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
EXCERPT_BYTES = 1000  # of the answer; the rest is not read
USER_AGENT = "Portail-SR-Webhooks/1"
LONGEST_WAIT = 86_400  # seconds of a Retry-After that are listened to


@dataclass(frozen=True)
class Answer:
    """`status` is None when there was no answer; `error` says in words what went wrong, and is empty when it was taken."""

    status: int | None = None
    milliseconds: int = 0
    excerpt: str = ""
    error: str = ""
    retry_after: int = 0  # seconds

    @property
    def was_taken(self) -> bool:
        return not self.error


def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    started = time.monotonic()

    def told(error: str) -> Answer:
        return Answer(milliseconds=_since(started), error=error[:500])

    try:
        target = targets.parse(url)
        addresses = targets.resolve(target)
    except ValidationError as refused:
        return told(" ".join(refused.messages))
    try:
        with _Line(target, addresses) as line:
            return line.exchange(headers, body, started)
    except TimeoutError:
        said = _("Pas de réponse à temps : %(connect)d secondes pour la connexion, %(total)d en tout.")
        return told(said % {"connect": CONNECT_SECONDS, "total": TOTAL_SECONDS})
    except ssl.SSLCertVerificationError as error:
        return told(_("Le certificat n’est pas valable : %(why)s") % {"why": error.verify_message})
    except ssl.SSLError as error:
        return told(_("La connexion chiffrée a échoué : %(why)s") % {"why": error.reason or type(error).__name__})
    except http.client.HTTPException as error:
        return told(_("La réponse n’est pas du HTTP : %(why)s") % {"why": type(error).__name__})
    except OSError as error:
        return told(_("La connexion a échoué : %(why)s") % {"why": error.strerror or type(error).__name__})


class _Line:
    """A connection to the first of the addresses that answers, cut when its time is over."""

    def __init__(self, target: targets.Target, addresses: list[str]) -> None:
        self.target, self.addresses = target, addresses
        self.ends = time.monotonic() + TOTAL_SECONDS
        self.is_cut = False
        self.sock: socket.socket | None = None
        self.timer = threading.Timer(TOTAL_SECONDS, self._cut)
        self.timer.daemon = True

    def __enter__(self) -> _Line:
        self.timer.start()
        try:
            self.sock = self._dial()
            if self.target.is_secure:
                context = ssl.create_default_context()
                self.sock = context.wrap_socket(
                    self.sock, server_hostname=self.target.host, do_handshake_on_connect=False
                )
                if self.is_cut:
                    raise TimeoutError
                self.sock.do_handshake()
        except Exception:
            self.close()
            if self.is_cut:
                raise TimeoutError from None
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def exchange(self, headers: Mapping[str, str], body: bytes, started: float) -> Answer:
        kind = http.client.HTTPSConnection if self.target.is_secure else http.client.HTTPConnection
        connection = kind(self.target.host, self.target.port)
        connection.sock = self.sock  # so that it opens none itself
        fixed = {"Content-Type": "application/json", "User-Agent": USER_AGENT, "Connection": "close"}
        try:
            connection.request("POST", self.target.path, body, {**fixed, **headers})
            response = connection.getresponse()
        except (OSError, http.client.HTTPException):
            if self.is_cut:
                raise TimeoutError from None
            raise
        milliseconds, excerpt = _since(started), self._excerpt(response)
        wait = response.headers.get("Retry-After", "")
        return Answer(
            status=response.status, milliseconds=milliseconds, excerpt=excerpt, error=refused_by(response.status),
            retry_after=min(int(wait), LONGEST_WAIT) if wait.isascii() and wait.isdigit() else 0,
        )  # fmt: skip

    def _excerpt(self, response: http.client.HTTPResponse) -> str:
        """The start of the answer; what does not come in time is done without: the status is what counts."""
        try:
            content = response.read(EXCERPT_BYTES)
        except (OSError, ValueError, http.client.HTTPException):
            return ""
        text = content.decode("utf-8", errors="replace")
        return "".join(one if one.isprintable() else " " for one in text).strip()

    def _dial(self) -> socket.socket:
        trouble: OSError = OSError(_("aucune adresse"))
        for address in self.addresses:
            left = self.ends - time.monotonic()
            try:
                sock = socket.create_connection(
                    (address, self.target.port), timeout=min(CONNECT_SECONDS, max(left, 0.1))
                )
                sock.settimeout(TOTAL_SECONDS)
            except OSError as error:
                trouble = error
            else:
                return sock
        raise trouble

    def _cut(self) -> None:
        """From the timer's thread: what is waited for there ends at once."""
        self.is_cut = True
        if self.sock is not None:
            try:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # the plain one: TLS has nothing to say any more
            except OSError:
                return

    def close(self) -> None:
        self.timer.cancel()
        if self.sock is not None:
            self.sock.close()


def refused_by(status: int) -> str:
    """What a status that is no success means, in words; empty for 200 to 299."""
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return _("Le destinataire renvoie ailleurs : donnez l’adresse finale, aucun renvoi n’est suivi.")
    if status == 410:
        return _("Le destinataire ne veut plus rien recevoir (410).")
    if status in (401, 403):
        return _("Le destinataire a refusé l’envoi (%(status)d).") % {"status": status}
    return _("Le destinataire a répondu par une erreur (%(status)d).") % {"status": status}


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
