"""The operations of the OpenAPI document, made by drf-spectacular from the resources' tables instead of serializers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema

from . import asking
from .resources import Resource

# Filters whose values are rows of the database, not words of the code: the list that holds them is told instead.
LISTED_ELSEWHERE = {
    "region": "regions", "mecanisme": "funds", "secteur": "code-lists/sector", "marqueur": "code-lists/marker",
    "donateur": "organisations",
}  # fmt: skip
# A code that is there on every installation, for filters whose codes are rows of the database.
FOR_EXAMPLE = {"region": "ML-7", "mecanisme": "QIP", "secteur": "14031"}
COMMON_ERRORS = ("400", "401", "403", "406", "429", "500")


class ResourceSchema(AutoSchema):
    """Each view says its operation in `operation(schema)`; lists and records say theirs from their resource."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        describe = getattr(self.view, "operation", None)
        return describe() if describe else None


def schema_name(resource: Resource) -> str:
    return resource.model.__name__


def ref(name: str, kind: str = "schemas") -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def item_schema(resource: Resource) -> dict[str, Any]:
    """One record: every column with its meaning and an example. With `fields`, only those asked are there."""
    properties = {}
    for column in resource.columns:
        properties[column.name] = {
            **column.schema,
            "description": str(column.says),
            "examples": [column.example],
        }
    return {"type": "object", "title": str(resource.title), "description": str(resource.says), "properties": properties}


def example_of(resource: Resource) -> dict[str, Any]:
    return {column.name: column.example for column in resource.columns}


def list_operation(resource: Resource) -> dict[str, Any]:
    example = {"results": [example_of(resource)], "next": None}
    parameters = [ref("page_size", "parameters"), ref("cursor", "parameters"), _fields(resource)]
    if resource.kind:
        parameters.append(ref("updated_since", "parameters"))
    parameters += filter_parameters(resource)
    return {
        "operationId": f"list_{resource.name.replace('-', '_')}",
        "summary": str(resource.title),
        "description": str(resource.says),
        "tags": [str(resource.tag)],
        "parameters": [*parameters, ref("if_none_match", "parameters")],
        "security": SECURITY,
        "responses": {
            "200": answered(page_schema(resource), _("Une page de la liste."), example),
            "304": ref("not_modified", "responses"),
            **errors(*COMMON_ERRORS, *(("409",) if resource.kind else ())),
        },
    }


def page_schema(resource: Resource) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "results": {"type": "array", "items": ref(schema_name(resource))},
        "next": {
            "type": ["string", "null"], "format": "uri",
            "description": _("Adresse de la page suivante ; null à la fin."),
        },
    }  # fmt: skip
    if resource.kind:
        properties["updated_since"] = {
            "type": "string",
            "description": _("Avec updated_since : le repère à donner la prochaine fois."),
        }
        properties["removed"] = {
            "type": "array", "items": {"type": "integer"},
            "description": _("Avec updated_since : les « id » à retirer de votre copie."),
        }  # fmt: skip
    return {"type": "object", "properties": properties, "required": ["results", "next"]}


def detail_operation(resource: Resource) -> dict[str, Any]:
    key = {
        "name": "key", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1},
        "description": str(resource.lookup_says or _("Numéro de la fiche (« id »).")),
        "example": example_of(resource).get("code" if resource.lookup != "pk" or not resource.kind else "id"),
    }  # fmt: skip
    key["example"] = str(key["example"])
    return {
        "operationId": f"read_{resource.name.replace('-', '_')}",
        "summary": _("Une fiche"),
        "tags": [str(resource.tag)],
        "parameters": [key, _fields(resource), ref("if_none_match", "parameters")],
        "security": SECURITY,
        "responses": {
            "200": answered(ref(schema_name(resource)), _("La fiche."), example_of(resource)),
            "304": ref("not_modified", "responses"),
            **errors(*COMMON_ERRORS, "404"),
        },
    }


def answered(schema: Any, says: str, example: Any = None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": schema}
    if example is not None:
        content["example"] = example
    headers = {
        name: ref(name, "headers") for name in ("ETag", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    }
    return {"description": says, "headers": headers, "content": {"application/json": content}}


def errors(*statuses: str) -> dict[str, Any]:
    return {status: ref(f"problem_{status}", "responses") for status in sorted(statuses)}


SECURITY = [{"token": []}, {"session": []}]


def _fields(resource: Resource) -> dict[str, Any]:
    return {
        "name": "fields", "in": "query", "style": "form", "explode": False,
        "description": _("Les seuls champs à donner, séparés par des virgules."),
        "schema": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(resource.by_name)}},
    }  # fmt: skip


# --- Filters: from the form of the page ------------------------------------------------------------------------------
def filter_parameters(resource: Resource) -> list[dict[str, Any]]:
    found = [parameter(name, field) for name, field in resource.filtering.fields.items()]
    order = {
        "name": "tri", "in": "query", "schema": {"type": "string", "enum": list(resource.filtering.words)},
        "description": _("L’ordre de la liste. Ne se donne pas pour une reprise (updated_since)."),
    }  # fmt: skip
    return [*found, order]


def parameter(name: str, field: forms.Field) -> dict[str, Any]:
    schema, says = _schema_of(name, field), str(field.label or name)
    made: dict[str, Any] = {"name": name, "in": "query", "description": says, "schema": schema}
    if schema.get("type") == "array":
        made |= {"style": "form", "explode": True}
    if where := LISTED_ELSEWHERE.get(name):
        made["description"] = says
        made["x-values"] = f"/api/v1/{where}"
        if name in FOR_EXAMPLE:
            made["example"] = FOR_EXAMPLE[name]
    return made


def _schema_of(name: str, field: forms.Field) -> dict[str, Any]:
    rows = name in LISTED_ELSEWHERE or isinstance(field, forms.ModelChoiceField)
    codes = [] if rows else asking.codes_of(field)
    if isinstance(field, forms.MultipleChoiceField):
        return {"type": "array", "items": {"type": "string", "enum": codes}}
    if isinstance(field, forms.NullBooleanField | forms.BooleanField):
        return {"type": "boolean"}
    if codes:
        return {"type": "string", "enum": codes}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    if isinstance(field, forms.DecimalField):
        return {"type": "number", "minimum": 0}
    if isinstance(field, forms.IntegerField):
        return {"type": "integer", "minimum": int(getattr(field, "min_value", 0) or 0), "maximum": 2**53}
    most = getattr(field, "max_length", None)
    return {"type": "string", **({"maxLength": most} if most else {})}
