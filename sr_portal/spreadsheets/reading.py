"""A spreadsheet of somebody's becomes rows with their numbers. XLSX and ODS by calamine, CSV in UTF-8 or cp1252.

Everything is bounded before anything is parsed: size, members and ratio of the archive (`documents.office`), then the
reach of the cells, since one lone cell in the last row makes a parser reserve the whole sheet. Formulas are refused: what
they show depends on the machine that last opened the file, so nobody could say afterwards what was imported.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from python_calamine import CalamineError, load_workbook

from sr_portal.documents.checks import check
from sr_portal.documents.refusals import RefusedFile
from sr_portal.spreadsheets import csv_files, formulas
from sr_portal.spreadsheets.limits import MOST_COLUMNS, MOST_ROWS

ACCEPT = ".xlsx,.ods,.csv"
Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


@dataclass(frozen=True)
class Row:
    """`number` is the row's number as a spreadsheet shows it, from 1."""

    number: int
    cells: list[Cell]


@dataclass
class Sheet:
    """A heading and the rows under it, empty ones left out. `heading_row` is the heading's own number."""

    name: str
    heading: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    heading_row: int = 1


def read(upload: File) -> list[Sheet]:
    """The sheets that hold something, in their order. Raises RefusedFile, which says why and, where it can, the cell."""
    name = upload.name or ""
    extension = name.rpartition(".")[2].lower()
    if extension == "csv":
        grids = [(_("Feuille"), csv_files.grid(name, bounded(upload, name)))]
    elif extension in ("xlsx", "ods"):
        grids = _of_workbook(upload, extension)
    else:
        raise RefusedFile(name, _("ce n’est pas un tableur. Déposez un fichier .xlsx, .ods ou .csv."))
    sheets = [sheet for title, grid in grids if (sheet := _sheet(name, title, grid)).heading]
    if not sheets:
        raise RefusedFile(name, _("le fichier ne contient aucune ligne."))
    return sheets


def bounded(upload: File, name: str) -> bytes:
    """The whole file. Raises RefusedFile for one over the limit of uploads."""
    limit = settings.MAX_UPLOAD_BYTES
    upload.seek(0)
    content = upload.read(limit + 1)
    if len(content) > limit:
        raise RefusedFile(name, _("le fichier dépasse %(limit)s."), limit=filesizeformat(limit))
    return content


def _of_workbook(upload: File, extension: str) -> list[tuple[str, list[list[Cell]]]]:
    checked = check(upload)
    formulas.refuse(checked.name, checked.content, extension)
    upload.seek(0)
    try:
        with load_workbook(upload) as book:
            return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except BaseException as error:  # calamine is Rust: where its own code fails, it raises outside of Exception
        if not isinstance(error, CalamineError | Exception) and type(error).__name__ != "PanicException":
            raise
        reason = _("le document est endommagé. Ouvrez-le, enregistrez-le de nouveau, puis déposez-le.")
        raise RefusedFile(checked.name, reason) from error


def _sheet(name: str, title: str, grid: list[list[Any]]) -> Sheet:
    sheet = Sheet(title)
    for number, cells in enumerate(grid, 1):
        shown = [None if isinstance(cell, str) and not cell.strip() else cell for cell in cells]
        if all(cell is None for cell in shown):
            continue
        if not sheet.heading:
            while shown and shown[-1] is None:
                shown.pop()
            sheet.heading, sheet.heading_row = [str(cell or "").strip() for cell in shown], number
        else:
            sheet.rows.append(Row(number, shown))
    if len(sheet.rows) > MOST_ROWS:
        raise RefusedFile(
            name, _("la feuille « %(sheet)s » a plus de %(count)s lignes. Partagez-la en plusieurs fichiers."),
            sheet=title, count=MOST_ROWS,
        )  # fmt: skip
    if len(sheet.heading) > MOST_COLUMNS:
        raise RefusedFile(
            name, _("la feuille « %(sheet)s » a plus de %(count)s colonnes."), sheet=title, count=MOST_COLUMNS
        )
    return sheet
