"""What the API answers when it refuses: problem details (RFC 9457), in the reader's language.

`{"type", "title", "status", "detail", "instance", "request_id", "errors"?}`. `type` is an address of our own
documentation; each of `errors` names a parameter, says what is wrong with it and, for a word that is not known, the
nearest ones that are.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

CONTENT_TYPE = "application/problem+json"
log = structlog.get_logger("portal.api")


@dataclass(frozen=True)
class Kind:
    """A kind of refusal: its word in `type`, its status and its title."""

    word: str
    status: int
    title: str | Promise


KINDS: dict[str, Kind] = {
    kind.word: kind
    for kind in (
        Kind("bad-request", 400, _("Demande illisible")),
        Kind("unknown-parameter", 400, _("Paramètre inconnu")),
        Kind("invalid-parameter", 400, _("Valeur de paramètre refusée")),
        Kind("unauthorized", 401, _("Jeton absent ou refusé")),
        Kind("forbidden", 403, _("Accès refusé")),
        Kind("not-found", 404, _("Introuvable")),
        Kind("method-not-allowed", 405, _("Méthode non permise")),
        Kind("not-acceptable", 406, _("Format non proposé")),
        Kind("stale-cursor", 409, _("Repère d’une autre base")),
        Kind("too-many-requests", 429, _("Trop de demandes")),
        Kind("server-error", 500, _("Erreur du portail")),
        Kind("unavailable", 503, _("Base de données indisponible")),
    )
}
BY_STATUS = {
    400: "bad-request", 401: "unauthorized", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
    406: "not-acceptable", 409: "stale-cursor", 429: "too-many-requests", 503: "unavailable",
}  # fmt: skip
SAID: dict[str, str | Promise] = {
    "bad-request": _("La demande n’a pas pu être lue."),
    "unauthorized": _("Donnez un jeton valable dans l’en-tête « Authorization: Token … »."),
    "forbidden": _("Votre compte ou votre jeton n’ouvre pas ces données."),
    "not-found": _("Rien de tel n’est publié à cette adresse, ou vous n’y avez pas accès."),
    "method-not-allowed": _("L’API se lit : seules les méthodes GET, HEAD et OPTIONS sont permises."),
    "not-acceptable": _("L’API répond en application/json : acceptez ce format."),
    "server-error": _("L’erreur est enregistrée. Citez le numéro de la demande (request_id) si elle se répète."),
    "unavailable": _("Réessayez dans quelques secondes."),
}


@dataclass(frozen=True)
class Fault:
    """One parameter that is refused, why, and what may have been meant."""

    parameter: str
    message: str | Promise
    nearest: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"parameter": self.parameter, "message": str(self.message), "nearest": list(self.nearest)}


class Problem(exceptions.APIException):
    """Raised anywhere below an API view; `word` is one of `KINDS`."""

    def __init__(self, word: str, detail: str | Promise = "", faults: Sequence[Fault] = ()) -> None:
        self.kind = KINDS[word]
        self.status_code = self.kind.status
        self.said = detail or (faults[0].message if faults else SAID[word])
        self.faults = tuple(faults)
        super().__init__(str(self.said))


def nearest(word: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The known words most like this one, best first; a start of a word counts as like it."""
    known = sorted({str(one) for one in known if str(one)})
    low = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(word.casefold(), list(low), n=most, cutoff=0.5)
    found += [one for one in low if word and one.startswith(word.casefold()[:4]) and one not in found]
    return tuple(low[one] for one in found[:most])


def body(
    request: HttpRequest, word: str, status: int = 0, detail: Any = "", faults: Sequence[Fault] = ()
) -> dict[str, Any]:
    kind = KINDS[word]
    made: dict[str, Any] = {
        "type": f"{reverse('api_docs')}#{kind.word}",
        "title": str(kind.title),
        "status": status or kind.status,
        "detail": str(detail or SAID.get(word, kind.title)),
        "instance": request.path[:500],
        "request_id": str(getattr(request, "id", "")),
    }
    if faults:
        made["errors"] = [fault.as_json() for fault in faults]
    return made


def answer_exception(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: every exception becomes a problem, none a page. A 500 is logged, and told nothing of."""
    request = context["request"]
    set_rollback()
    headers: dict[str, str] = {}
    faults: Sequence[Fault] = ()
    detail: Any = ""
    if isinstance(error, Problem):
        word, detail, faults = error.kind.word, error.said, error.faults
    elif isinstance(error, Http404):
        word = "not-found"
    elif isinstance(error, PermissionDenied):
        word = "forbidden"
    elif isinstance(error, exceptions.APIException):
        word = BY_STATUS.get(error.status_code, "bad-request")
        if word == "unauthorized" and isinstance(error, exceptions.AuthenticationFailed):
            detail = error.detail
        if isinstance(error, exceptions.Throttled):
            seconds = int(error.wait or 1)
            detail = _("Vous avez atteint la limite de demandes : réessayez dans %(seconds)d s.") % {"seconds": seconds}
            headers["Retry-After"] = str(seconds)
    elif isinstance(error, OperationalError | InterfaceError):
        word, headers["Retry-After"] = "unavailable", "5"
        log.exception("api", exc_info=error)
    elif isinstance(error, DatabaseError | Exception):
        word = "server-error"
        log.exception("api", exc_info=error)
    if word == "unauthorized":
        headers["WWW-Authenticate"] = 'Token realm="api"'
    return Response(
        body(request, word, detail=detail, faults=faults),
        status=KINDS[word].status,
        headers=headers,
        content_type=CONTENT_TYPE,
    )
