"""CSV as offices send it: UTF-8 with or without its mark, or Windows' cp1252; commas, semicolons or tabs."""

import csv
import io
import re

from django.utils.translation import gettext as _

from sr_portal.documents.refusals import RefusedFile
from sr_portal.spreadsheets.limits import MOST_COLUMNS, MOST_ROWS, letters

NOT_TEXT = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"%PDF-", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff", b"\x89PNG", b"#!")
MARK = b"\xef\xbb\xbf"
SEPARATORS = ";,\t"
ESCAPED = re.compile(r"^'[=+\-@\t\r]")  # how our own export keeps a text from starting a formula
LONGEST_CELL = 32_767


def grid(name: str, content: bytes) -> list[list[str]]:
    """The lines as cells of text. Raises RefusedFile: not a text, mixed alphabets, a formula, a broken quote."""
    if content.startswith(NOT_TEXT) or b"\x00" in content[:65_536]:
        raise RefusedFile(name, _("son contenu n’est pas celui d’un fichier .csv. Enregistrez-le de nouveau en CSV."))
    text = decoded(name, content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))
    rows: list[list[str]] = []
    previous = csv.field_size_limit(LONGEST_CELL)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            if number > MOST_ROWS + 1_000 or len(cells) > MOST_COLUMNS:
                raise RefusedFile(name, _("la ligne %(row)s dépasse ce qu’un fichier peut contenir."), row=number)
            rows.append([_cell(name, number, rank, cell) for rank, cell in enumerate(cells, 1)])
    except csv.Error as error:
        reason = _("la ligne %(row)s ne se lit pas comme du CSV (guillemets ?).")
        raise RefusedFile(name, reason, row=len(rows) + 1) from error
    finally:
        csv.field_size_limit(previous)
    return rows


def _cell(name: str, row: int, column: int, text: str) -> str:
    if text.startswith("="):
        reason = _("la cellule %(cell)s contient une formule. Remplacez-la par sa valeur, puis déposez-le de nouveau.")
        raise RefusedFile(name, reason, cell=f"{letters(column)}{row}")
    return text[1:] if ESCAPED.match(text) else text


def decoded(name: str, content: bytes) -> str:
    """The text; refused with the two rows when one of them is in UTF-8 and the other in cp1252."""
    body = content.removeprefix(MARK)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    utf8, other = None, None
    for number, line in enumerate(body.split(b"\n"), 1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            utf8 = utf8 or number
        except UnicodeDecodeError:
            other = other or number
        if utf8 and other:
            reason = _(
                "il mêle deux alphabets : la ligne %(one)s est en UTF-8, la ligne %(two)s ne l’est pas. Enregistrez-le "
                "de nouveau en CSV UTF-8."
            )
            raise RefusedFile(name, reason, one=utf8, two=other)
    if content.startswith(MARK):
        raise RefusedFile(name, _("la ligne %(row)s n’est pas en UTF-8, contrairement à ce qu’il annonce."), row=other)
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError as error:
        row = body.count(b"\n", 0, error.start) + 1
        raise RefusedFile(name, _("la ligne %(row)s contient un caractère illisible."), row=row) from error
