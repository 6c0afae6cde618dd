"""`datapackage.json` (Frictionless): the tables of the data page, described for machines."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sr_portal.spreadsheets.tables import Field, Kind, Table
from sr_portal.web.publisher import Publisher

TYPES = {Kind.AMOUNT: "number"}


def described(
    tables: Iterable[tuple[Table, str]], publisher: Publisher, *, home: str, made_at: dt.datetime
) -> dict[str, Any]:
    """The package: one resource for each (table, path of its CSV). `made_at` is aware; `home` the page's address."""
    return {
        "profile": "tabular-data-package",
        "name": "portail-stabilisation-relevement",
        "title": "Portail S&R : projets, fonds et partenaires",
        "homepage": home,
        "created": made_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "licenses": [{"name": publisher.licence, "path": publisher.licence_url}],
        "contributors": [{"title": publisher.name_fr, "role": "publisher", "email": publisher.email}],
        "resources": [_resource(table, path) for table, path in tables],
    }


def _resource(table: Table, path: str) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": str(table.title),
        "description": str(table.about),
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",  # with its mark, for Excel
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {
            "fields": [_field(field) for field in table.fields],
            "primaryKey": list(table.primary_key),
            "missingValues": [""],
        },
    }


def _field(field: Field) -> dict[str, Any]:
    told = {"name": field.name, "title": str(field.label), "type": TYPES.get(field.kind, str(field.kind))}
    if field.help:
        told["description"] = str(field.help)
    if field.hxl:
        told["rdfType"] = f"https://hxlstandard.org/standard/1-1final/dictionary/{field.hxl.split('+')[0].lstrip('#')}"
    return told
