"""Files for imports, made in the tests: sheets as offices fill them, and those that are broken on purpose."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile

from sr_portal.spreadsheets.writing import workbook

HEADING = ["Organisation", "Intitulé", "Région", "Début", "Identifiant", "Montant", "Monnaie"]
Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows, title: str = "Activités") -> bytes:
    return workbook([(title, rows)])


def named(content: bytes, name: str) -> ContentFile:
    return ContentFile(content, name=name)


def repacked(content: bytes, member: str, change) -> bytes:
    """The archive with one member's bytes changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == member else data)
    return out.getvalue()


ODS_START = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
    '<office:body><office:spreadsheet><table:table table:name="Activités">'
)
ODS_END = "</table:table></office:spreadsheet></office:body></office:document-content>"


def ods(rows: Rows, more: str = "") -> bytes:
    """A small OpenDocument spreadsheet of texts; `more` is XML put after the rows."""
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS_START + body + more + ODS_END)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()
