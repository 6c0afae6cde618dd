"""From a received file and its mapping to the lines that a kind can check."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile

from sr_portal.imports.kinds import Kind, Line, SheetKind, Source
from sr_portal.imports.models import DataImport
from sr_portal.spreadsheets.cells import key
from sr_portal.spreadsheets.columns import guessed
from sr_portal.spreadsheets.reading import Sheet, read

Mapped = dict[str, dict[str, Any]]


def sheets_of(record: DataImport) -> list[Sheet]:
    return read(ContentFile(content_of(record), name=record.original_name))


def content_of(record: DataImport) -> bytes:
    with record.file.open("rb") as opened:
        return opened.read()


def guess(kind: Kind, sheets: Sequence[Sheet], remembered: Mapping[str, Mapping[str, str]]) -> Mapped:
    """For each kind of sheet that the file seems to have: its sheet there, and the place of each column.

    By its title first, then by its headings; a kind without any of its required columns is not there.
    """
    mapped: Mapped = {}
    free = list(sheets)
    for sheet_kind in kind.sheets:
        same = [sheet for sheet in free if key(sheet.name) in (key(sheet_kind.title), key(sheet_kind.code))]
        found = (
            same[0] if same else _likest(sheet_kind, free, remembered.get(sheet_kind.code), alone=len(kind.sheets) == 1)
        )
        if found:
            free.remove(found)
            columns = guessed(sheet_kind.columns, found.heading, remembered.get(sheet_kind.code))
            mapped[sheet_kind.code] = {"sheet": found.name, "columns": columns}
    return mapped


def _likest(sheet_kind: SheetKind, sheets: Sequence[Sheet], remembered: Any, *, alone: bool) -> Sheet | None:
    scores = {}
    for rank, sheet in enumerate(sheets):
        found = guessed(sheet_kind.columns, sheet.heading, remembered)
        if alone or all(column.name in found for column in sheet_kind.columns if column.required):
            scores[rank] = len(found)
    return sheets[max(scores, key=lambda rank: (scores[rank], -rank))] if scores else None


def source_of(record: DataImport, kind: Kind) -> Source:
    """What is to be checked. Raises RefusedFile."""
    content = content_of(record)
    if not kind.sheets:
        return Source(record.original_name, content, {}, {}, {}, record.options)
    by_name = {sheet.name: sheet for sheet in read(ContentFile(content, name=record.original_name))}
    lines: dict[str, list[Line]] = {}
    titles: dict[str, str] = {}
    headings: dict[str, dict[str, str]] = {}
    for sheet_kind in kind.sheets:
        mapped = record.mapping.get(sheet_kind.code)
        sheet = by_name.get(mapped["sheet"]) if mapped else None
        if mapped is None or sheet is None:
            continue
        places: dict[str, int] = mapped["columns"]
        lines[sheet_kind.code] = [
            Line(row.number, {name: row.cells[at] if at < len(row.cells) else None for name, at in places.items()})
            for row in sheet.rows
        ]
        titles[sheet_kind.code] = sheet.name
        headings[sheet_kind.code] = {
            column.name: sheet.heading[places[column.name]] if column.name in places else str(column.label)
            for column in sheet_kind.columns
        }
    return Source(record.original_name, content, lines, titles, headings, record.options)
