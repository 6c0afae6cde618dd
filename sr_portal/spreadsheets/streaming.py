"""An XLSX sent while it is made: the first bytes leave before the first row is read, and memory stays flat.

openpyxl keeps the workbook on disk until the end, so that nothing leaves for a minute when 100,000 rows are asked. A
sheet is plain XML in a ZIP, and a ZIP can be written to a pipe. Texts are inline strings, which are never a formula.
"""

import datetime as dt
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from sr_portal.web.pipe import Pipe

from .writing import UNSPEAKABLE

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
EPOCH = dt.date(1899, 12, 30)
MOST_ROWS = 1_048_576
LONGEST = 32_767
HEADING, DAY, MOMENT, AMOUNT, WRAPPED = 1, 2, 3, 4, 5
STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE3ECF5"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6">'
    '<xf/><xf fontId="1" fillId="2" applyFont="1" applyFill="1"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/>'
    '<xf applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf></cellXfs></styleSheet>'
)


def xlsx_stream(
    title: str, rows: Iterable[Sequence[Any]], notice_title: str, notice: Sequence[Sequence[Any]]
) -> Iterator[bytes]:
    """The bytes of a workbook: `rows` under a frozen first row, which is their heading, then a sheet that explains them.

    Numbers, days (date) and instants (aware datetime, UTC) are cells of their type. Raises ValueError beyond the rows
    that a sheet holds.
    """
    pipe = Pipe()
    names = [_sheet_name(title), _sheet_name(notice_title)]
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:  # type: ignore[call-overload]
        for path, text in _frame(names):
            archive.writestr(path, text)
        archive.writestr("xl/worksheets/sheet2.xml", "".join(_sheet(notice, (34, 30, 90), WRAPPED)))
        yield pipe.take()
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for part in _sheet(rows):
                member.write(part.encode())
                if pipe.is_full:
                    yield pipe.take()
        if pipe.size:
            yield pipe.take()
    yield pipe.take()


SIGNS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def escape(text: str) -> str:
    return text.translate(SIGNS)


def _sheet_name(text: str) -> str:
    return "".join(sign for sign in text if sign not in "[]:*?/\\")[:31]


def _sheet(rows: Iterable[Sequence[Any]], widths: Sequence[int] = (), style: int = 0) -> Iterator[str]:
    lines = iter(rows)
    heading = list(next(lines, []))
    wide = widths or [min(max(len(str(name)) + 4, 13), 45) for name in heading]
    columns = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(wide, 1))
    yield (
        f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
        f' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>'
    )
    yield f'<row r="1">{"".join(_text(name, HEADING) for name in heading)}</row>'
    number = 1
    for number, row in enumerate(lines, 2):
        if number > MOST_ROWS:
            raise ValueError("a sheet holds no more rows")
        yield f'<row r="{number}">{"".join([_cell(value, style) for value in row])}</row>'
    last = get_column_letter(max(len(heading), 1))
    yield f'</sheetData><autoFilter ref="A1:{last}{number}"/></worksheet>'


def _cell(value: Any, style: int = 0) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, Decimal):
        return f'<c s="{AMOUNT}"><v>{value:f}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>"
    if isinstance(value, dt.datetime):
        days = (value.date() - EPOCH).days + (value.hour * 3600 + value.minute * 60 + value.second) / 86400
        return f'<c s="{MOMENT}"><v>{days:.6f}</v></c>'
    if isinstance(value, dt.date):
        return f'<c s="{DAY}"><v>{(value - EPOCH).days}</v></c>'
    return _text(value, style)


def _text(value: Any, style: int = 0) -> str:
    text = escape(UNSPEAKABLE.sub("", str(value))[:LONGEST])
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{text}</t></is></c>'


def _frame(names: Sequence[str]) -> list[tuple[str, str]]:
    """The parts of the package beside its sheets."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, names, strict=True)
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>' for n in numbers
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    types = (
        f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
        f' ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/>{kinds}</Types>'
    )
    root = (
        f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    book = f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
    parts = (
        f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{links}<Relationship Id="rId99"'
        f' Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    )
    return [
        ("[Content_Types].xml", types),
        ("_rels/.rels", root),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", parts),
        ("xl/styles.xml", STYLES),
    ]
