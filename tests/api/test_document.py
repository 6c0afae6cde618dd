"""The OpenAPI document: current, whole, and in version 1 only growing."""

import json
import pathlib
from typing import Any

import pytest
from django.test import Client

from sr_portal.api import document
from sr_portal.api.urls import declared

BASELINE = pathlib.Path(__file__).parent / "openapi-v1-baseline.json"


def test_the_committed_document_is_what_the_code_says(db):
    assert document.made() == json.loads(document.FILE.read_text()), "run manage.py write_api_document, and commit it"


def lost(before: Any, now: Any, where: str = "") -> list[str]:
    """What an answer or a request could rely on and no longer can. New properties, parameters and operations are fine."""
    if isinstance(before, dict):
        if not isinstance(now, dict):
            return [where]
        free = frozenset() if where.endswith("/properties") else TOLD_FREELY  # a field may be called « title »
        told = [f"{where}/{key}" for key in before if key not in now and key not in free]
        for key in (before.keys() & now.keys()) - free:
            told += lost(before[key], now[key], f"{where}/{key}")
        return told
    if isinstance(before, list):
        named = {_name(one): one for one in now if _name(one)}
        told = []
        for one in before:
            name = _name(one)
            if name and name in named:
                told += lost(one, named[name], f"{where}/{name}")
            elif name or one not in now:
                told.append(f"{where}/{name or one}")
        return told
    return [] if before == now else [where]


def _name(one: Any) -> str:
    """Of a parameter, own or shared; other members of a list are compared whole."""
    return str(one.get("$ref") or one.get("name") or "") if isinstance(one, dict) else ""


TOLD_FREELY = {"description", "summary", "title", "example", "examples", "x-values", "info", "tags"}


def test_within_version_1_nothing_that_was_promised_is_taken_back():
    before, now = json.loads(BASELINE.read_text()), json.loads(document.FILE.read_text())
    assert lost(before, now) == []
    for path, item in before["paths"].items():  # what was optional stays optional
        for parameter in now["paths"][path]["get"].get("parameters", []):
            if parameter.get("required") and parameter["in"] == "query":
                assert parameter in item["get"]["parameters"], (path, parameter["name"])


@pytest.mark.parametrize("what", ["property", "parameter", "code", "operation", "type"])
def test_a_promise_taken_back_is_seen(what):
    before, now = json.loads(BASELINE.read_text()), json.loads(BASELINE.read_text())
    project = now["components"]["schemas"]["Project"]["properties"]
    match what:
        case "property":
            del project["title"]
        case "parameter":
            now["paths"]["/api/v1/projects"]["get"]["parameters"].pop()
        case "code":
            project["state"]["enum"].remove("active")
        case "operation":
            del now["paths"]["/api/v1/regions"]
        case "type":
            project["budget_usd"]["type"] = "string"
    assert lost(before, now)
    assert lost(now, before) == [] or what == "type"


def test_every_operation_tells_every_refusal_and_every_field_has_a_meaning_and_an_example():
    told = document.committed()
    for path, item in told["paths"].items():
        responses = item["get"]["responses"]
        assert {"200", "400", "401", "403", "406", "429", "500"} <= set(responses), path
        assert ("404" in responses) == ("{" in path), path
    for resource in declared():
        for name, field in told["components"]["schemas"][resource.model.__name__]["properties"].items():
            assert field["description"] and "examples" in field, (resource.name, name)


def test_the_document_is_valid_openapi_3_1():
    """Checked by schemathesis' own reader and by the JSON Schemas in it, which must be schemas."""
    import jsonschema

    told = document.committed()
    assert told["openapi"] == "3.1.1"
    for name, schema in told["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        for field, one in schema.get("properties", {}).items():
            for example in one.get("examples", []):
                jsonschema.validate(example, {**one, "components": told["components"]}), (name, field)


def test_the_documentation_is_one_page_without_scripts_or_anything_from_elsewhere(db):
    page = Client().get("/api/")
    text = page.content.decode()
    assert page.status_code == 200
    for told in ("updated_since=start", "list_projects", "iati_identifier", "Power BI", "too-many-requests"):
        assert told in text
    assert "https://" not in text.replace("https://json-schema.org", "") or "http://testserver" in text
    assert "style=" not in text and "onclick" not in text
