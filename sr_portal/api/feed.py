"""The change feed: which records changed, of all kinds, in the order of their transactions, each at its last place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from . import asking, changes, schema
from .problems import Fault, Problem, nearest
from .reader import Reader
from .resources import Resource
from .views import ApiView, address


@dataclass(frozen=True)
class Told:
    """What a reader is told of one change: `path` leads to the record, empty when it was removed."""

    kind: str
    key: int
    at: dt.datetime
    path: str

    def as_json(self, absolute: Callable[[str], str]) -> dict[str, Any]:
        change = "updated" if self.path else "removed"
        return {
            "kind": self.kind,
            "id": self.key,
            "change": change,
            "at": self.at,
            "url": absolute(self.path) if self.path else None,
        }


def tell(resource: Resource, reader: Reader, found: Sequence[tuple[int, changes.Mark, dt.datetime]]) -> list[Told]:
    """Of these changes those that the reader may know of now: of what they read, and of what partners were shown once."""
    keys = [key for key, _mark, _at in found]
    addresses = dict(resource.rows(reader).filter(pk__in=keys).order_by().values_list("pk", resource.lookup))
    removed = resource.was_shown([key for key in keys if key not in addresses])
    told = []
    for key, _mark, at in found:
        if key in addresses:
            told.append(Told(resource.kind, key, at, reverse(f"api:{resource.name}_one", args=[addresses[key]])))
        elif key in removed:
            told.append(Told(resource.kind, key, at, ""))
    return told


def change_schema(kinds: Sequence[str]) -> dict[str, Any]:
    """One change, in the feed and in what webhooks send."""
    return {
        "type": "object",
        "required": ["kind", "id", "change", "at", "url"],
        "properties": {
            "kind": {"type": "string", "enum": list(kinds)},
            "id": {"type": "integer", "minimum": 1},
            "change": {"type": "string", "enum": ["updated", "removed"]},
            "at": {"type": "string", "format": "date-time"},
            "url": {"type": ["string", "null"], "format": "uri"},
        },
    }


class ChangeFeed(ApiView):
    """`kind` narrows to one kind; `updated_since` takes what it takes on the lists, `start` when it is not given.

    A record that the reader is not shown is told as removed when partners were shown it once, and else not at all.
    """

    resources: ClassVar[tuple[Resource, ...]] = ()

    def operation(self) -> dict[str, Any]:
        kinds = sorted(one.kind for one in self.resources if one.kind)
        change = change_schema(kinds)
        page = {
            "type": "object",
            "required": ["results", "next", "updated_since"],
            "properties": {
                "results": {"type": "array", "items": change},
                "next": {"type": ["string", "null"], "format": "uri"},
                "updated_since": {"type": "string"},
            },
        }
        kind = {
            "name": "kind", "in": "query", "required": True, "schema": {"type": "string", "enum": kinds},
            "description": _("Le genre de fiches à suivre."),
        }  # fmt: skip
        return {
            "operationId": "list_changes",
            "summary": _("Fil des changements"),
            "description": _("Quelles fiches ont changé, dans l’ordre, chacune à son dernier changement ; sans leur contenu."),
            "tags": [_("Pour commencer")],
            "parameters": [
                kind, schema.ref("page_size", "parameters"), schema.ref("updated_since", "parameters"),
            ],
            "security": schema.SECURITY,
            "responses": {
                "200": schema.answered(page, _("Une page du fil.")),
                **schema.errors(*schema.COMMON_ERRORS, "409"),
            },
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        reader = Reader.of(request)
        kinds = {one.kind: one for one in self.resources if one.kind}
        kind = request.query_params.get("kind", "")
        if kind not in kinds:
            said = _("Dites de quel genre : « kind » est l’un de %(kinds)s.") % {"kinds": ", ".join(sorted(kinds))}
            faults = asking.unknown(request.query_params, [*asking.PAGING, "kind"])
            word = "unknown-parameter" if faults else "invalid-parameter"
            near = nearest(kind, kinds) or tuple(sorted(kinds))
            raise Problem(word, faults=[*faults, Fault("kind", said, near)])
        resource = kinds[kind]
        query = request.query_params.copy()
        query.setdefault("updated_since", "start")
        asked = asking.read(query, columns=(), filters=["kind"], kind=kind)
        if asked.fields:
            raise Problem("unknown-parameter", faults=asking.unknown(query, ["kind", "page_size", "updated_since"]))
        if not resource.may(reader):
            raise Problem("forbidden")
        return Response(self.page(request, reader, resource, asked))

    def page(self, request: Request, reader: Reader, resource: Resource, asked: asking.Asked) -> dict[str, Any]:
        mark = asked.mark or changes.Mark()
        found = changes.since(resource.kind, mark, asked.size + 1)
        more, found = len(found) > asked.size, found[: asked.size]
        told = [one.as_json(request.build_absolute_uri) for one in tell(resource, reader, found)]
        mark = found[-1][1] if found else mark
        text = mark.text(changes.line())
        following = address(request, updated_since=text) if more else None
        return {"results": told, "next": following, "updated_since": text}
