"""Lists that are computed rather than kept: read whole, filtered by a few codes, with an ETag of their content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django import forms
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.request import Request

from . import asking, etags, schema
from .problems import Problem
from .reader import Reader
from .resources import Column
from .views import ApiView, answer


@dataclass(frozen=True)
class Figures:
    """`rows` gives, for a reader and the cleaned filters, dicts of the columns' names; a Decimal becomes a number."""

    name: str
    schema_name: str
    title: str | Promise
    says: str | Promise
    tag: str | Promise
    columns: tuple[Column, ...]
    rows: Callable[[Reader, Mapping[str, Any]], list[dict[str, Any]]]
    form: type[forms.Form] = forms.Form
    may: Callable[[Reader], bool] = lambda reader: True


class FiguresView(ApiView):
    figures: Figures = None  # type: ignore[assignment]  # given by the route

    def operation(self) -> dict[str, Any]:
        told = self.figures
        properties = {
            one.name: {**one.schema, "description": str(one.says), "examples": [one.example]} for one in told.columns
        }
        row = {"type": "object", "title": str(told.title), "properties": properties, "required": list(properties)}
        page = {
            "type": "object",
            "properties": {"results": {"type": "array", "items": row}},
            "required": ["results"],
        }
        return {
            "operationId": f"list_{told.name.replace('-', '_')}",
            "summary": str(told.title),
            "description": str(told.says),
            "tags": [str(told.tag)],
            "parameters": [
                *(schema.parameter(name, field) for name, field in told.form.base_fields.items()),
                schema.ref("if_none_match", "parameters"),
            ],
            "security": schema.SECURITY,
            "responses": {
                "200": schema.answered(
                    page, _("Toute la liste."), {"results": [{one.name: one.example for one in told.columns}]}
                ),
                "304": schema.ref("not_modified", "responses"),
                **schema.errors(*schema.COMMON_ERRORS),
            },
        }

    def get(self, request: Request) -> HttpResponse:
        told, reader = self.figures, Reader.of(request)
        if not told.may(reader):
            raise Problem("forbidden")
        asked = asking.read_filters(request.query_params, list(told.form.base_fields))
        wanted = asking.check_form(told.form(asked), asked)
        body = orjson.dumps({"results": told.rows(reader, wanted)}, default=float)
        etag = etags.of_answer(request, reader, hashlib.sha256(body).hexdigest())
        return etags.not_modified(request, etag) or answer([body], etag)
