"""What a spreadsheet may be: read with its row numbers, or refused with the place of what is wrong."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest

from sr_portal.documents.refusals import RefusedFile
from sr_portal.spreadsheets.cells import CellError, as_amount, as_count, as_day, as_text, key
from sr_portal.spreadsheets.columns import Column, guessed
from sr_portal.spreadsheets.reading import read
from tests.imports.files import named, ods, repacked, xlsx

ROWS = [["Nom", "Début"], ["Eau", "2026-01-01"], [None, None], ["Écoles", "2026-02-01"]]
SHEET = "xl/worksheets/sheet1.xml"


def refused(content: bytes, name: str) -> str:
    with pytest.raises(RefusedFile) as refusal:
        read(named(content, name))
    return refusal.value.messages[0]


def csv(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


@pytest.mark.parametrize(
    "name, content",
    [
        ("a.xlsx", xlsx(ROWS)),
        ("a.ods", ods([[cell or "" for cell in row] for row in ROWS])),
        ("a.csv", csv("Nom,Début\nEau,2026-01-01\n,\nÉcoles,2026-02-01\n")),
        ("a.csv", csv("Nom;Début\r\nEau;2026-01-01\r\n;\r\nÉcoles;2026-02-01\r\n", "utf-8-sig")),
        ("a.csv", csv("Nom\tDébut\nEau\t2026-01-01\n\t\nÉcoles\t2026-02-01\n", "cp1252")),
    ],
)
def test_rows_keep_the_number_that_the_sheet_shows(name, content):
    (sheet,) = read(named(content, name))
    assert sheet.heading == ["Nom", "Début"]
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(2, "Eau"), (4, "Écoles")]


def test_a_day_of_a_sheet_is_a_day():
    (sheet,) = read(named(xlsx([["Début"], [dt.date(2026, 3, 1)]]), "a.xlsx"))
    assert as_day(sheet.rows[0].cells[0]) == dt.date(2026, 3, 1)


# --- Refused --------------------------------------------------------------------------------------------------------
def test_a_formula_is_refused_with_its_cell():
    book = openpyxl.Workbook()
    book.active.title = "Budget"
    book.active.append(["Nom", "Montant"])
    book.active.append(["Eau", "=1+1"])
    out = io.BytesIO()
    book.save(out)
    assert "B2" in (said := refused(out.getvalue(), "a.xlsx")) and "Budget" in said and "formule" in said
    cell = '<table:table-row><table:table-cell/><table:table-cell table:formula="of:=1"/></table:table-row>'
    assert "B3" in refused(ods([["Nom", "Montant"], ["a", "b"]], cell), "a.ods")
    assert "B2" in refused(csv("Nom,Montant\nEau,=1+1\n"), "a.csv")


def test_our_own_export_s_guarded_text_comes_back_as_it_was():
    (sheet,) = read(named(csv("Nom\n'=SOMME\n'tis\n"), "a.csv"))
    assert [row.cells[0] for row in sheet.rows] == ["=SOMME", "'tis"]


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "a.csv"])
@pytest.mark.parametrize("content", [b"MZ\x90\x00" + b"\x00" * 200, b"%PDF-1.7 ...", b"\x7fELF\x02" + b"\x00" * 99])
def test_something_else_renamed_is_refused(name, content):
    assert "contenu" in refused(content, name)


def test_an_old_workbook_and_a_program_are_not_spreadsheets():
    assert "tableur" in refused(b"\xd0\xcf\x11\xe0", "a.xls")
    assert "tableur" in refused(b"MZ", "a.exe")


def test_a_bomb_is_refused_before_it_is_parsed():
    zeros = repacked(
        xlsx(ROWS), SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 61 * 1024 * 1024)
    )
    assert "démesurée" in refused(zeros, "a.xlsx")
    entity = repacked(xlsx(ROWS), SHEET, lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml)
    assert "interdits" in refused(entity, "a.xlsx")


def test_one_lone_cell_far_out_is_refused_before_a_parser_reserves_the_sheet():
    far = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    content = repacked(xlsx(ROWS), SHEET, lambda xml: xml.replace(b"</sheetData>", far))
    assert "XFD1048576" in refused(content, "a.xlsx")
    repeated = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000">'
        "<text:p>a</text:p></table:table-cell></table:table-row>"
    )
    assert "trop" in refused(ods([["Nom"]], repeated), "a.ods")


def test_empty_rows_that_an_office_repeats_to_the_end_are_no_reach():
    empty = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>"
    )
    (sheet,) = read(named(ods([["Nom"], ["Eau"]], empty), "a.ods"))
    assert len(sheet.rows) == 1


def test_two_alphabets_in_one_file_are_refused_with_both_rows():
    mixed = "Nom,Lieu\nÉcoles,Gao\n".encode() + "Santé,Ménaka\n".encode("cp1252")
    said = refused(mixed, "a.csv")
    assert "ligne 2" in said and "ligne 3" in said


def test_a_mark_that_lies_is_refused_with_the_row():
    assert "ligne 2" in refused(b"\xef\xbb\xbfNom\n" + "École\n".encode("cp1252"), "a.csv")


def test_an_empty_file_and_one_without_rows_are_refused():
    assert "aucune ligne" in refused(csv("\n\n"), "a.csv")
    assert refused(b"", "a.xlsx")


def test_a_damaged_workbook_is_refused_and_does_not_break_the_portal():
    assert "endommagé" in refused(repacked(xlsx(ROWS), SHEET, lambda xml: xml[: len(xml) // 2]), "a.xlsx")


# --- Cells ----------------------------------------------------------------------------------------------------------
def test_headings_are_recognised_whatever_their_accents_and_case():
    columns = (Column("starts_on", "Début", others=("start date",)), Column("title", "Intitulé"), Column("x", "Fin"))
    assert guessed(columns, ["INTITULE", "Start-Date", ""]) == {"starts_on": 1, "title": 0}
    assert guessed(columns, ["Quand ?", "Intitulé"], {"starts_on": "quand"}) == {"starts_on": 0, "title": 1}
    assert key("Œuvre  d’État") == "oeuvre d etat"


@pytest.mark.parametrize(
    "parse, value, expected",
    [
        (as_day, "3/2/2026", dt.date(2026, 2, 3)),
        (as_day, "2026-02-03", dt.date(2026, 2, 3)),
        (as_day, dt.datetime(2026, 2, 3), dt.date(2026, 2, 3)),
        (as_day, "", None),
        (as_amount, "1 500,50", Decimal("1500.50")),
        (as_amount, 0.1 + 0.2, Decimal("0.30")),
        (as_amount, 50000.0, Decimal("50000.00")),
        (as_count, 12.0, 12),
        (as_text, 14031.0, "14031"),
    ],
)
def test_a_cell_is_read_as_people_write_it(parse, value, expected):
    assert parse(value) == expected


@pytest.mark.parametrize(
    "parse, value",
    [
        (as_day, "31/02/2026"), (as_day, "demain"), (as_day, 45_000.0), (as_amount, "beaucoup"), (as_amount, "-5"),
        (as_amount, "1,234567"), (as_amount, True), (as_amount, float("nan")), (as_amount, "1e999"), (as_count, 1.5),
    ],
)  # fmt: skip
def test_what_is_no_such_thing_is_refused(parse, value):
    with pytest.raises(CellError):
        parse(value)
