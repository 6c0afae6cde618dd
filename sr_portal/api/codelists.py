"""The codes that other lists use, with what they mean in French and in English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from django.db import models
from django.http import HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.request import Request

from . import asking, schema
from .problems import Problem
from .views import ApiView, answer

Code = tuple[str, str, str]  # the code, what it means in French, in English


@dataclass(frozen=True)
class CodeList:
    """`codes` reads them: from the code, or from reference data."""

    name: str
    title: str | Promise
    codes: Callable[[], list[Code]]


def of_choices(choices: type[models.TextChoices]) -> Callable[[], list[Code]]:
    def read() -> list[Code]:
        found = []
        for one in choices:
            with translation.override("fr"):
                french = str(one.label)
            with translation.override("en"):
                found.append((str(one.value), french, str(one.label)))
        return found

    return read


def of_rows(model: type[models.Model], code: str = "code") -> Callable[[], list[Code]]:
    """Reference data with a name in both languages."""
    return lambda: list(model._default_manager.order_by(code).values_list(code, "name_fr", "name_en"))


def as_json(told: CodeList) -> dict[str, Any]:
    return {
        "name": told.name,
        "title": str(told.title),
        "codes": [{"code": code, "fr": french, "en": english} for code, french, english in told.codes()],
    }


CODE = {
    "type": "object",
    "required": ["code", "fr", "en"],
    "properties": {"code": {"type": "string"}, "fr": {"type": "string"}, "en": {"type": "string"}},
}
LIST = {
    "type": "object",
    "required": ["name", "title", "codes"],
    "properties": {
        "name": {"type": "string"}, "title": {"type": "string"}, "codes": {"type": "array", "items": CODE},
    },
}  # fmt: skip
EXAMPLE = {
    "name": "region-kind",
    "title": "Type de région",
    "codes": [{"code": "region", "fr": "Région", "en": "Region"}],
}


class CodeLists(ApiView):
    lists: ClassVar[tuple[CodeList, ...]] = ()

    def operation(self) -> dict[str, Any]:
        page = {
            "type": "object",
            "required": ["results"],
            "properties": {"results": {"type": "array", "items": schema.ref("CodeList")}},
        }
        return {
            "operationId": "list_code_lists",
            "summary": _("Listes de codes"),
            "description": _("Ce que veulent dire les codes, en français et en anglais."),
            "tags": [_("Pour commencer")],
            "security": schema.SECURITY,
            "responses": {
                "200": schema.answered(page, _("Toutes les listes."), {"results": [EXAMPLE]}),
                **schema.errors(*schema.COMMON_ERRORS),
            },
        }

    def get(self, request: Request) -> HttpResponse:
        if faults := asking.unknown(request.query_params, []):
            raise Problem("unknown-parameter", faults=faults)
        body = orjson.dumps({"results": [as_json(one) for one in self.lists]})
        return answer([body], "")


class OneCodeList(ApiView):
    lists: ClassVar[tuple[CodeList, ...]] = ()

    def operation(self) -> dict[str, Any]:
        return {
            "operationId": "read_code_list",
            "summary": _("Une liste de codes"),
            "tags": [_("Pour commencer")],
            "parameters": [
                {
                    "name": "name", "in": "path", "required": True, "description": _("Nom de la liste de codes."),
                    "schema": {"type": "string", "enum": [one.name for one in self.lists]},
                }
            ],
            "security": schema.SECURITY,
            "responses": {
                "200": schema.answered(schema.ref("CodeList"), _("La liste de codes."), EXAMPLE),
                **schema.errors(*schema.COMMON_ERRORS, "404"),
            },
        }  # fmt: skip

    def get(self, request: Request, name: str) -> HttpResponse:
        if faults := asking.unknown(request.query_params, []):
            raise Problem("unknown-parameter", faults=faults)
        told = next((one for one in self.lists if one.name == name), None)
        if told is None:
            raise Problem("not-found")
        return answer([orjson.dumps(as_json(told))], "")
