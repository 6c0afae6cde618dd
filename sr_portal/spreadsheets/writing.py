"""Spreadsheets written: CSV line by line, XLSX in constant memory. Amounts, dates and texts stay what they are."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"  # without it Excel reads UTF-8 as the machine's own alphabet
STARTS_FORMULA = re.compile(r"^[=+\-@\t\r]")
UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
WIDEST = 45

Sheets = Iterable[tuple[str, Iterable[Sequence[Any]]]]


class _Line:
    """A file that gives back each line written to it."""

    def write(self, text: str) -> str:
        return text


SEPARATORS = {"virgule": ",", "point-virgule": ";"}
BATCH = 200  # lines sent at a time: a packet for each would cost more than the line


def csv_lines(rows: Iterable[Sequence[Any]], separator: str = ",") -> Iterator[bytes]:
    """UTF-8 with its mark, machine formats (2026-11-23, 50000.00); a text never starts a formula.

    The first line goes out by itself, so that the download begins at once.
    """
    writer = csv.writer(_Line(), delimiter=separator)
    lines, sent = [BOM], False
    for row in rows:
        lines.append(writer.writerow([_plain(value) for value in row]))
        if not sent or len(lines) >= BATCH:
            yield "".join(lines).encode()
            lines, sent = [], True
    if lines and lines != [BOM]:
        yield "".join(lines).encode()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = str(value)
    return f"'{text}" if STARTS_FORMULA.match(text) else text


def workbook(sheets: Sheets, *, headed: bool = True) -> bytes:
    """An XLSX of (title, rows) sheets; the first row of each is its heading unless `headed` is false."""
    book = Workbook(write_only=True)
    bold = Font(bold=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title[:31])
        if headed:
            sheet.freeze_panes = "A2"
        lines = iter(rows)
        heading = list(next(lines, []))
        for rank, name in enumerate(heading, 1):
            sheet.column_dimensions[get_column_letter(rank)].width = min(max(len(str(name)) + 4, 14), WIDEST)
        sheet.append([_cell(sheet, value, bold if headed else None) for value in heading])
        for row in lines:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any, font: Font | None = None) -> Any:
    """Texts are texts, whatever they begin with: openpyxl would take « =1+1 » for a formula."""
    if value is None or isinstance(value, bool | int | float | Decimal | dt.date | dt.datetime):
        return value
    cell = WriteOnlyCell(sheet)
    cell._value, cell.data_type = UNSPEAKABLE.sub("", str(value))[:32_767], "s"
    if font:
        cell.font = font
    return cell


def xlsx_response(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
