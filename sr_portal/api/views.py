"""The answers of the API: a list, a record, the change feed, the entrance. Each resource has the first two."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, ClassVar

import orjson
from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import asking, changes, etags, reading, schema
from .problems import Problem
from .reader import Reader
from .resources import Resource
from .throttles import refused_too_often, tell_limits


class ApiView(APIView):
    """What all views of the API have in common: GET only, limits in the headers, refusals counted."""

    http_method_names = ("get", "head", "options")

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if response.status_code == 401 and (seconds := refused_too_often(self.request)):
            return super().handle_exception(Throttled(wait=seconds))
        return response

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """What may be asked, without DRF's own description, which is the document's task."""
        return HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS"})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if limit := getattr(getattr(request, "_request", request), "rate_limit", None):
            tell_limits(response, limit)
        return response


def answer(parts: Iterable[bytes], etag: str) -> HttpResponse:
    response = HttpResponse(b"".join(parts), content_type="application/json")
    if etag:
        response.headers["ETag"] = etag
    patch_vary_headers(response, ("Accept",))
    return response


class ResourceView(ApiView):
    resource: ClassVar[Resource]

    def reader(self, request: Request) -> Reader:
        reader = Reader.of(request)
        if not self.resource.may(reader):
            raise Problem("forbidden")
        return reader


class ListView(ResourceView):
    def operation(self) -> dict[str, Any]:
        return schema.list_operation(self.resource)

    def get(self, request: Request) -> HttpResponse:
        resource, reader = self.resource, self.reader(request)
        asked = asking.read(
            request.query_params,
            columns=list(resource.by_name),
            filters=[*resource.filtering.fields, "tri"],
            kind=resource.kind,
        )
        by_log = resource.kind and resource.filtering.by_log(request.query_params)
        etag = etags.of_answer(request, reader, reading.version_of(resource)) if by_log else ""
        if etag and (known := etags.not_modified(request, etag)):
            return known
        page = reading.page_of(resource, reader, asked)
        body = [b'{"results":[', ",".join(page.rows).encode(), b"]", *self.onward(request, page), b"}"]
        if not etag:
            etag = etags.of_answer(request, reader, hashlib.sha256(body[1]).hexdigest())
            if known := etags.not_modified(request, etag):
                return known
        return answer(body, etag)

    def onward(self, request: Request, page: reading.Page) -> list[bytes]:
        """Where the next page is; and for an incremental pull, from where to pull another time, and what was lost."""
        if page.mark is None:
            following = address(request, cursor=page.next_cursor) if page.has_more else None
            return [b',"next":', orjson.dumps(following)]
        mark = page.mark.text(changes.line())
        following = address(request, updated_since=mark) if page.has_more else None
        return [
            b',"next":', orjson.dumps(following), b',"updated_since":', orjson.dumps(mark),
            b',"removed":', orjson.dumps(page.removed),
        ]  # fmt: skip


class DetailView(ResourceView):
    def operation(self) -> dict[str, Any]:
        return schema.detail_operation(self.resource)

    def get(self, request: Request, key: str) -> HttpResponse:
        resource, reader = self.resource, self.reader(request)
        wanted = asking.read_one(request.query_params, list(resource.by_name))
        found = reading.key_of(resource, reader, key)
        if found is None:
            raise Problem("not-found")
        etag = ""
        if resource.kind:  # before the row is read: what is written in between makes the ETag too old, never too new
            etag = etags.of_answer(request, reader, reading.version_of(resource, found))
            if known := etags.not_modified(request, etag):
                return known
        rows = reading.written(resource, reader, wanted, [found])
        if not rows:
            raise Problem("not-found")
        text = rows[0][1]
        if not etag:
            etag = etags.of_answer(request, reader, hashlib.sha256(text.encode()).hexdigest())
            if known := etags.not_modified(request, etag):
                return known
        return answer([text.encode()], etag)


def address(request: Request, **changed: str) -> str:
    query = request.query_params.copy()
    query.pop("cursor", None)
    for name, value in changed.items():
        query[name] = value
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


class Entrance(ApiView):
    """What there is, and how to begin: the addresses of the lists and of the document."""

    resources: ClassVar[tuple[Resource, ...]] = ()

    def operation(self) -> dict[str, Any]:
        address = {"type": "string", "format": "uri"}
        properties = {
            "name": {"type": "string"}, "version": {"type": "string", "const": "v1"}, "openapi": address,
            "documentation": address, "changes": address,
            "lists": {"type": "object", "additionalProperties": address},
        }  # fmt: skip
        return {
            "operationId": "entrance",
            "summary": _("Entrée"),
            "description": _("Les listes, ce document et la documentation, par leur adresse."),
            "tags": [_("Pour commencer")],
            "security": schema.SECURITY,
            "responses": {
                "200": schema.answered(
                    {"type": "object", "properties": properties, "required": list(properties)}, _("L’entrée de l’API.")
                ),
                **schema.errors(*schema.COMMON_ERRORS),
            },
        }

    def get(self, request: Request) -> Response:
        if faults := asking.unknown(request.query_params, []):
            raise Problem("unknown-parameter", faults=faults)
        lists = {one.name: request.build_absolute_uri(reverse(f"api:{one.name}")) for one in self.resources}
        return Response(
            {
                "name": _("Portail S&R"),
                "version": "v1",
                "openapi": request.build_absolute_uri(reverse("api:openapi")),
                "documentation": request.build_absolute_uri(reverse("api_docs")),
                "changes": request.build_absolute_uri(reverse("api:changes")),
                "lists": lists,
            }
        )
