"""What a workbook's XML says before it is parsed: formulas, and cells so far out that a parser would reserve gigabytes."""

import io
import re
import zipfile

from django.utils.translation import gettext as _
from lxml import etree

from sr_portal.documents.refusals import RefusedFile
from sr_portal.spreadsheets.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, column_number, letters

SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$")
CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d{1,7})"')
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def refuse(name: str, content: bytes, extension: str) -> None:
    """Raises RefusedFile with the cell of the first formula, or when a sheet reaches too far."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if extension == "ods":
            _look_through_ods(name, archive.read("content.xml"))
            return
        titles = _titles(archive)
        for member in archive.namelist():
            if SHEET.match(member):
                _look_through_sheet(name, titles.get(member, member), archive.read(member))


def _look_through_sheet(name: str, title: str, xml: bytes) -> None:
    if found := FORMULA.search(xml):
        before = list(CELL.finditer(xml, max(0, found.start() - 4096), found.start()))
        cell = f"{before[-1][1].decode()}{int(before[-1][2])}" if before else "?"
        _refuse_formula(name, title, cell)
    columns = {match[1] for match in CELL.finditer(xml)}
    rows = max((int(match[1]) for match in ROW.finditer(xml)), default=0)
    rows = max(rows, max((int(number) for number in re.findall(rb'\br="[A-Z]{1,3}(\d{6,7})"', xml)), default=0))
    widest = max((column_number(column.decode()) for column in columns), default=0)
    _refuse_reach(name, title, rows, widest)


def _refuse_formula(name: str, title: str, cell: str) -> None:
    reason = _(
        "la cellule %(cell)s de la feuille « %(sheet)s » contient une formule. Copiez la feuille, collez-la en valeurs, "
        "puis déposez-la de nouveau."
    )
    raise RefusedFile(name, reason, cell=cell, sheet=title)


def _refuse_reach(name: str, title: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS + 1_000 or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        reason = _(
            "la feuille « %(sheet)s » s’étend jusqu’à la cellule %(cell)s : c’est trop. Supprimez les lignes et les "
            "colonnes vides, ou partagez-la en plusieurs fichiers."
        )
        raise RefusedFile(name, reason, sheet=title, cell=f"{letters(max(columns, 1))}{max(rows, 1)}")


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """The name on the tab of each sheet's member."""
    try:
        book = _parsed(archive.read("xl/workbook.xml"))
        links = _parsed(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, etree.XMLSyntaxError):
        return {}
    targets = {link.get("Id"): link.get("Target", "").lstrip("/").removeprefix("xl/") for link in links}
    key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    sheets = (element for element in book.iter() if etree.QName(element).localname == "sheet")
    return {f"xl/{targets.get(sheet.get(key), '')}": sheet.get("name", "") for sheet in sheets}


def _parsed(xml: bytes) -> etree._Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


def _look_through_ods(name: str, xml: bytes) -> None:
    title, row, column, widest = "", 0, 0, 0
    events = etree.iterparse(
        io.BytesIO(xml), events=("start", "end"), tag=[f"{TABLE}{tag}" for tag in ("table", "table-row", "table-cell")],
        resolve_entities=False, no_network=True,
    )  # fmt: skip
    try:
        for event, element in events:
            tag = etree.QName(element).localname
            if tag == "table" and event == "start":
                title, row, widest = element.get(f"{TABLE}name", ""), 0, 0
            elif tag == "table-row" and event == "start":
                column, full = 0, False
            elif tag == "table-cell" and event == "start":
                if element.get(f"{TABLE}formula") is not None:
                    _refuse_formula(name, title, f"{letters(column + 1)}{row + 1}")
            elif tag == "table-cell":
                times = _times(element, "number-columns-repeated")
                if len(element) or element.text:
                    full, widest = True, max(widest, column + times)
                column += times
                element.clear()
            elif tag == "table-row":
                row += _times(element, "number-rows-repeated")
                if full:
                    _refuse_reach(name, title, row, widest)
                element.clear()
    except etree.XMLSyntaxError as error:
        reason = _("le document est endommagé. Ouvrez-le, enregistrez-le de nouveau, puis déposez-le.")
        raise RefusedFile(name, reason) from error


def _times(element: etree._Element, attribute: str) -> int:
    text = element.get(f"{TABLE}{attribute}", "1")
    return min(int(text), 10**9) if text.isdigit() else 1
