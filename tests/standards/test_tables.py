"""CSV and XLSX read back by programs that others wrote; GeoJSON, HXL and the data package by what they must be."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest
import python_calamine
from django.db import connection
from django.db.models import Sum

from projects.exports.open_data import DATASETS, FILES
from projects.exports.project_table import PROJECTS
from projects.models import Project
from regions.models import Region
from tests.standards.conftest import TITLE
from tests.standards.geojson_checker import faults_of

COLUMNS = [field.name for field in PROJECTS.fields]


def lines(content: bytes, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


def rows(content: bytes) -> list[dict[str, str]]:
    heading, *others = lines(content)
    return [dict(zip(heading, one, strict=True)) for one in others]


def test_the_csv_bears_the_mark_of_excel_and_plain_machine_formats(portfolio):
    content = portfolio.file("projets.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    active = next(row for row in rows(content) if row["state"] == "active")
    assert active["title"] == f"'{TITLE}"  # kept from starting a formula
    assert active["paid_usd"] == "1234.56"
    dt.date.fromisoformat(active["published_on"])
    dt.datetime.fromisoformat(active["updated_at"])
    assert active["place_is_exact"] == "true"
    assert active["state_label"] == "En cours"


def test_semicolons_are_there_for_those_who_ask(portfolio):
    assert lines(portfolio.file("projets.csv", separator=";"), ";")[0] == COLUMNS


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".csv", ".xlsx"))])
def test_no_cell_is_a_formula(portfolio, name):
    content = portfolio.file(name)
    if name.endswith(".csv"):
        cells = [cell for line in lines(content) for cell in line]
        assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell and not _is_number(cell)]
    else:
        import zipfile

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def _is_number(text: str) -> bool:
    try:
        Decimal(text)
    except ArithmeticError:
        return False
    return True


def test_the_workbook_read_back_by_calamine_has_its_types_and_a_notice(portfolio):
    book = python_calamine.load_workbook(io.BytesIO(portfolio.file("projets.xlsx")))
    assert book.sheet_names == ["Projets", "Notice"]
    heading, *others = book.get_sheet_by_index(0).to_python()
    assert heading == [str(field.label) for field in PROJECTS.fields]
    told = [dict(zip(COLUMNS, row, strict=True)) for row in others]
    active = next(row for row in told if row["state"] == "active")
    assert active["title"] == TITLE
    assert (active["paid_usd"], active["direct_women"], active["place_is_exact"]) == (1234.56, 120, True)
    assert isinstance(active["published_on"], dt.date) and isinstance(active["updated_at"], dt.datetime)
    notice = book.get_sheet_by_index(1).to_python()
    assert {row[1] for row in notice} >= set(COLUMNS) and any("CC-BY-4.0" in row for row in notice)


def test_the_heading_stays_in_sight(portfolio):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(portfolio.file("projets.xlsx")))
    assert book["Projets"].freeze_panes == "A2" and book["Projets"]["A1"].font.b


def test_frictionless_finds_nothing_wrong_with_any_table(portfolio, tmp_path):
    from frictionless import Package, system

    for name in FILES:
        if name.endswith((".csv", ".json")):
            (tmp_path / name).write_bytes(portfolio.file(name))
    with system.use_context(trusted=True):
        package = Package(str(tmp_path / "datapackage.json"))
        report = package.validate()
        assert report.valid, report.flatten(["taskNumber", "rowNumber", "fieldName", "type", "message"])
        assert {one.name for one in package.resources} == set(DATASETS)
        found = next(one for one in package.resources if one.name == "projets").read_rows()
    active = next(row for row in found if row["state"] == "active")
    assert active["paid_usd"] == Decimal("1234.56") and active["published_on"] and active["title"].endswith("Été")


def test_frictionless_sees_a_cell_that_was_spoiled(portfolio, tmp_path):
    from frictionless import Package, system

    (tmp_path / "datapackage.json").write_bytes(portfolio.file("datapackage.json"))
    for name in DATASETS:
        (tmp_path / f"{name}.csv").write_bytes(portfolio.file(f"{name}.csv").replace(b"1234.56", b"1234,56 USD"))
    with system.use_context(trusted=True):
        assert not Package(str(tmp_path / "datapackage.json")).validate().valid


def test_licence_and_attribution_are_in_each(portfolio):
    package = json.loads(portfolio.file("datapackage.json"))
    assert package["licenses"][0]["name"] == "CC-BY-4.0" and package["contributors"]
    for name in ("projets.geojson", "regions.geojson"):
        told = json.loads(portfolio.file(name))
        assert told["licence"] == "CC-BY-4.0" and told["attribution"]
    assert b"CC-BY-4.0" in portfolio.file("iati-activites.xml")


# --- HXL and 4W -----------------------------------------------------------------------------------------------------
HXL = r"^#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*$"


@pytest.mark.parametrize("name", [name for name, dataset in DATASETS.items() if dataset.has_hxl])
def test_the_row_of_tags_is_hxl_and_is_there_on_request_only(portfolio, name):
    import re

    heading, tags, *others = lines(portfolio.file(f"{name}.csv", hxl=True))
    said = [tag for tag in tags if tag]
    assert len(tags) == len(heading) and all(re.match(HXL, tag) for tag in said)
    assert len(said) == len(set(said)), "two columns under one tag"
    assert lines(portfolio.file(f"{name}.csv"))[1:] == others


def test_the_4w_sheet_tells_our_projects_and_those_of_partners(portfolio):
    told = rows(portfolio.file("4w.csv"))
    ours = {row["code"] for row in told if row["source"] == "portail"}
    assert ours == set(Project.objects.open_to_partners().values_list("reference", flat=True))
    assert [row["activity"] for row in told if row["source"] == "ptf"] == ["Points d’eau – phase II"]


# --- GeoJSON --------------------------------------------------------------------------------------------------------
def test_projects_are_geojson_and_each_point_lies_in_its_region(portfolio):
    told = json.loads(portfolio.file("projets.geojson"))
    assert faults_of(told) == []
    assert len(told["features"]) == Project.objects.open_to_partners().count()
    known = {region.code: region for region in Region.objects.all()}
    for feature in told["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        assert known[feature["properties"]["region_code"]].contains(lat, lon), feature["id"]


def test_regions_are_geojson(portfolio):
    told = json.loads(portfolio.file("regions.geojson"))
    assert faults_of(told) == []
    assert {feature["id"] for feature in told["features"]} == set(Region.objects.values_list("code", flat=True))


def test_every_point_that_stands_for_a_cercle_or_a_region_lies_in_it(portfolio):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.name, c.name FROM regions_region r LEFT JOIN regions_cercle c ON c.region_id = r.id WHERE NOT"
            " region_contains(r.id, coalesce(c.label_lat, r.label_lat, r.capital_lat)::float8,"
            " coalesce(c.label_lon, r.label_lon, r.capital_lon)::float8)"
        )
        assert cursor.fetchall() == []


def test_the_checker_sees_coordinates_the_wrong_way_round(portfolio):
    told = json.loads(portfolio.file("projets.geojson"))
    told["features"][0]["geometry"]["coordinates"].reverse()
    lat_lon = told["features"][0]["geometry"]["coordinates"]
    region = Region.objects.get(code=told["features"][0]["properties"]["region_code"])
    assert not region.contains(lat_lon[1], lat_lon[0])
    assert faults_of(
        told
        | {"features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [200, 1]}, "properties": {}}]}
    )
    assert faults_of({"type": "FeatureCollection"})


# --- Totals ---------------------------------------------------------------------------------------------------------
MONEY = ("approved_usd", "obligated_usd", "paid_usd", "refunded_usd", "justified_usd")


def test_totals_are_the_same_in_every_format_and_in_sql(portfolio):
    truth = Project.objects.open_to_partners().aggregate(**{name: Sum(name) for name in MONEY})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(approved_usd), sum(obligated_usd), sum(paid_usd), sum(refunded_usd), sum(justified_usd)"
            " FROM projects_project WHERE published_on IS NOT NULL AND disclosure <> 'hidden'"
        )
        assert dict(zip(MONEY, cursor.fetchone(), strict=True)) == truth
    told = rows(portfolio.file("projets.csv"))
    sheet = (
        python_calamine.load_workbook(io.BytesIO(portfolio.file("projets.xlsx"))).get_sheet_by_index(0).to_python()[1:]
    )
    features = json.loads(portfolio.file("projets.geojson"))["features"]
    for name in MONEY:
        place = COLUMNS.index(name)
        assert sum(Decimal(row[name]) for row in told) == truth[name]
        assert sum(round(Decimal(row[place]), 2) for row in sheet) == truth[name]
        assert sum(round(Decimal(one["properties"][name]), 2) for one in features) == truth[name]
    ours = [row for row in rows(portfolio.file("4w.csv")) if row["source"] == "portail"]
    assert sum(Decimal(row["amount_usd"]) for row in ours) == truth["approved_usd"]


def test_hidden_projects_are_nowhere_but_in_iati(portfolio):
    for name in ("projets.csv", "4w.csv", "projets.geojson"):
        assert portfolio.hidden.reference.encode() not in portfolio.file(name)
    assert portfolio.hidden.reference.encode() in portfolio.file("iati-activites.xml")
    assert b"Ansongo" not in b"\n".join(
        line for line in portfolio.file("projets.csv").split(b"\n") if portfolio.sensitive.reference.encode() in line
    )
