"""The OpenAPI document: made from the code by `manage.py write_api_document`, committed, and served as it was committed.

Its texts are in French; whoever asks for English gets the same document with each text translated.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import asking, examples, problems
from .schema import ref

FILE = Path(settings.BASE_DIR) / "docs" / "openapi-v1.json"
SAID = frozenset({"title", "summary", "description"})  # keys whose texts are read by people


def made() -> dict[str, Any]:
    """The document as the code says it now, in French."""
    from drf_spectacular.generators import SchemaGenerator

    with translation.override("fr"):
        return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular's last step: who we are, what all operations share, and one schema for each resource."""
    from .urls import declared

    result["info"] = {
        "title": "Portail S&R – API v1",
        "version": "1",
        "summary": _("Les projets et les fonds de stabilisation et de relèvement au Mali, en lecture."),
        "description": _(
            "Lecture seule, JSON, en UTF-8. Les montants sont des nombres à deux décimales, les jours au format"
            " 2026-11-23 dans le fuseau de la mission, les instants en UTC. Dans la version 1, rien de ce document"
            " n’est retiré ni changé : il ne peut que grandir, et un client passe sur ce qu’il ne connaît pas."
        ),
    }
    result["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema"
    result["servers"] = [{"url": "/"}]
    result["paths"] = {path: item for path, item in result["paths"].items() if item}
    from . import webhook_document
    from .codelists import LIST

    result["webhooks"] = webhook_document.webhooks(declared())

    schemas = {"Problem": PROBLEM(), "CodeList": LIST, **schemas_of(declared())}
    result["components"] = {
        "schemas": schemas,
        "parameters": parameters(),
        "headers": headers(),
        "responses": responses(),
        "securitySchemes": {
            "token": {
                "type": "apiKey", "in": "header", "name": "Authorization",
                "description": _("Le mot « Token », une espace, puis le jeton fait dans le portail (Mon compte, Jetons d’accès)."),
            },
            "session": {
                "type": "apiKey", "in": "cookie", "name": "portal_session",
                "description": _("La session du navigateur, pour essayer."),
            },
        },
    }  # fmt: skip
    return result


def schemas_of(resources: Any) -> dict[str, Any]:
    from .schema import item_schema, schema_name

    return {schema_name(one): item_schema(one) for one in resources}


def PROBLEM() -> dict[str, Any]:
    return {
        "type": "object",
        "title": _("Problème"),
        "description": _("Un refus, selon la RFC 9457."),
        "required": ["type", "title", "status", "detail", "instance", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference", "description": _("L’adresse de son explication.")},
            "title": {"type": "string", "description": _("Ce dont il s’agit, toujours dans les mêmes mots.")},
            "status": {"type": "integer", "description": _("Le code HTTP.")},
            "detail": {"type": "string", "description": _("Ce qui est refusé cette fois.")},
            "instance": {"type": "string", "description": _("Le chemin demandé.")},
            "request_id": {"type": "string", "description": _("Le numéro de la demande, à citer.")},
            "errors": {
                "type": "array",
                "description": _("Chaque paramètre refusé, et les valeurs permises les plus proches."),
                "items": {
                    "type": "object",
                    "required": ["parameter", "message", "nearest"],
                    "properties": {
                        "parameter": {"type": "string"},
                        "message": {"type": "string"},
                        "nearest": {"type": "array", "items": {"type": "string"}},
                    },
                },
            },
        },
    }


def parameters() -> dict[str, Any]:
    return {
        "page_size": {
            "name": "page_size", "in": "query", "description": _("Le nombre de fiches d’une page."),
            "schema": {"type": "integer", "minimum": 1, "maximum": asking.MOST, "default": asking.USUAL},
        },
        "cursor": {
            "name": "cursor", "in": "query", "schema": {"type": "string"},
            "description": _("Où la page commence : suivez « next », sans rien y changer."),
        },
        "updated_since": {
            "name": "updated_since", "in": "query", "schema": {"type": "string"},
            "description": _(
                "Reprise : « start » pour tout, un repère reçu, une date ou un instant. Rien ne manque et rien ne vient"
                " deux fois, même si les données changent pendant la lecture."
            ),
            "examples": {"all": {"value": "start"}, "day": {"value": "2026-11-23"}},
        },
        "if_none_match": {
            "name": "If-None-Match", "in": "header", "schema": {"type": "string"},
            "description": _("L’ETag de la réponse que vous avez déjà : 304 si rien n’a changé."),
        },
    }  # fmt: skip


def headers() -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 0}
    return {
        "ETag": {"description": _("À rendre dans If-None-Match."), "schema": {"type": "string"}},
        "RateLimit-Limit": {"description": _("Demandes permises par minute."), "schema": whole},
        "RateLimit-Remaining": {"description": _("Demandes qui restent cette minute."), "schema": whole},
        "RateLimit-Reset": {"description": _("Secondes jusqu’à la minute suivante."), "schema": whole},
        "Retry-After": {"description": _("Secondes à attendre."), "schema": whole},
    }


def responses() -> dict[str, Any]:
    found: dict[str, Any] = {"not_modified": {"description": _("Rien n’a changé depuis cet ETag.")}}
    for status in ("400", "401", "403", "404", "406", "409", "429", "500"):
        word = problems.BY_STATUS.get(int(status), "server-error")
        kind = problems.KINDS[word]
        example = {
            "type": f"/api/#{word}", "title": str(kind.title), "status": kind.status,
            "detail": str(problems.SAID.get(word, kind.title)), "instance": "/api/v1/projects", "request_id": "4f0c1b7a9d2e",
        }  # fmt: skip
        if word == "bad-request":
            fault = problems.Fault("regon", _("Le paramètre « regon » n’existe pas ici."), ("region",))
            example |= {"type": "/api/#unknown-parameter", "title": str(problems.KINDS["unknown-parameter"].title)}
            example |= {"detail": str(fault.message), "errors": [fault.as_json()]}
        found[f"problem_{status}"] = {
            "description": str(kind.title),
            "content": {problems.CONTENT_TYPE: {"schema": ref("Problem"), "example": example}},
        }
        if status == "429":
            found[f"problem_{status}"]["headers"] = {"Retry-After": ref("Retry-After", "headers")}
    return found


# --- Serving --------------------------------------------------------------------------------------------------------
@lru_cache
def committed() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def translated(part: Any) -> Any:
    """The same document in the language under way."""
    if isinstance(part, dict):
        return {
            name: _(value) if name in SAID and isinstance(value, str) and value else translated(value)
            for name, value in part.items()
        }
    return [translated(one) for one in part] if isinstance(part, list) else part


@lru_cache(maxsize=4)
def _written(language: str) -> tuple[bytes, str]:
    text = json.dumps(translated(committed()), ensure_ascii=False, indent=1).encode()
    return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'


@require_safe
def serve(request: HttpRequest) -> HttpResponse:
    text, etag = _written(translation.get_language() or "fr")
    response = HttpResponse(text, content_type="application/json", headers={"Cache-Control": "public, max-age=3600"})
    response.headers["ETag"] = etag
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The documentation that people read, drawn from the same document; no script, nothing from elsewhere."""
    shown = translated(committed())
    context = {
        "info": shown["info"],
        "groups": _groups(shown),
        "schemas": shown["components"]["schemas"],
        "problems": [
            (kind.word, kind.status, kind.title, problems.SAID.get(kind.word, "")) for kind in problems.KINDS.values()
        ],
        "examples": examples.shown(request),
        "webhook": _webhook(shown),
        "base": request.build_absolute_uri("/api/v1/"),
        "most": asking.MOST,
        "usual": asking.USUAL,
        "per_minute": settings.API_REQUESTS_PER_MINUTE,
    }
    return render(request, "api/docs.html", context)


def _groups(shown: dict[str, Any]) -> list[dict[str, Any]]:
    """The operations by tag, each with its own and the shared parameters spelled out."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in shown["paths"].items():
        operation = item.get("get")
        if operation is None:
            continue
        spelled = [_spelled(shown, one) for one in operation.get("parameters", [])]
        content = operation["responses"]["200"].get("content", {}).get("application/json", {})
        (tag,) = operation["tags"]
        groups.setdefault(_(tag), []).append(
            {
                "path": path,
                "id": operation["operationId"],
                "summary": operation["summary"],
                "description": operation.get("description", ""),
                "parameters": spelled,
                "fields": _fields(shown, content.get("schema", {})) if "{" not in path else [],
                "example": json.dumps(content["example"], ensure_ascii=False, indent=2) if "example" in content else "",
            }
        )
    return [{"tag": tag, "operations": operations} for tag, operations in groups.items()]


def _webhook(shown: dict[str, Any]) -> dict[str, Any]:
    post = shown["webhooks"]["changed"]["post"]
    example = post["requestBody"]["content"]["application/json"]["example"]
    return {
        "description": post["description"],
        "parameters": post["parameters"],
        "example": json.dumps(example, ensure_ascii=False, indent=2),
    }


def _spelled(shown: dict[str, Any], parameter: dict[str, Any]) -> dict[str, Any]:
    whole = (
        shown["components"]["parameters"][parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
    )
    schema = whole.get("schema", {})
    return {
        "name": whole["name"], "where": whole["in"], "description": whole.get("description", ""),
        "values": [] if whole["name"] == "fields" else schema.get("enum") or schema.get("items", {}).get("enum") or [],
        "listed": whole.get("x-values", ""),
    }  # fmt: skip


def _fields(shown: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    items = schema.get("properties", {}).get("results", {}).get("items", {})
    if "$ref" not in items:
        return []
    found = shown["components"]["schemas"][items["$ref"].rpartition("/")[2]]["properties"]
    return [
        {
            "name": name,
            "kind": _kind(one),
            "description": one.get("description", ""),
            "values": [v for v in one.get("enum", []) if v],
        }
        for name, one in found.items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    kinds = schema.get("type") or ["object", "null"]
    said = " | ".join(kinds if isinstance(kinds, list) else [kinds])
    return f"{said} ({schema['format']})" if "format" in schema else said
