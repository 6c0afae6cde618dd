"""Every open file that the portal gives out, by its name: one table for the data page, its downloads and the API."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from funds.exports import tables
from projects.exports import four_w, geojson, iati
from projects.exports.data_package import described
from projects.exports.project_table import PROJECTS, carrying_out, open_projects
from projects.models import Project
from regions.models import Region
from sr_portal.spreadsheets.streaming import xlsx_stream
from sr_portal.spreadsheets.tables import Table
from sr_portal.spreadsheets.writing import XLSX, csv_lines
from sr_portal.web import clock
from sr_portal.web.publisher import publisher
from sr_portal.web.templatetags.portal import moment

CSV = "text/csv; charset=utf-8"
JSON = "application/json"


@dataclass(frozen=True)
class Options:
    """What the address of a file may ask: the sign between the columns of a CSV, and the row of HXL tags."""

    separator: str = ","
    hxl: bool = False


@dataclass(frozen=True)
class Dataset:
    """A table with its rows. `found` gives the records; `rows` the lines, where they are not simply the table's."""

    table: Table
    found: Callable[[], QuerySet]
    rows: Callable[[], Iterator[list[Any]]] | None = None

    def lines(self) -> Iterator[list[Any]]:
        return self.rows() if self.rows else self.table.rows(self.found())

    @property
    def has_hxl(self) -> bool:
        return any(field.hxl for field in self.table.fields)


DATASETS: dict[str, Dataset] = {
    dataset.table.name: dataset
    for dataset in (
        Dataset(PROJECTS, open_projects),
        Dataset(tables.MECHANISMS, tables.open_mechanisms),
        Dataset(tables.ENVELOPES, tables.open_envelopes),
        Dataset(tables.CONTRIBUTIONS, tables.open_contributions),
        Dataset(tables.ORGANISATIONS, carrying_out),
        Dataset(tables.ACTIVITIES, tables.open_activities),
        Dataset(four_w.FOUR_W, open_projects, lambda: four_w.rows(open_projects(), tables.open_activities())),
    )
}


@dataclass(frozen=True)
class OpenFile:
    """A file as the page names it. `write` gives its bytes as they are made."""

    name: str
    label: str | Promise
    media_type: str
    write: Callable[[Options], Iterator[bytes]]


def csv_of(dataset: Dataset) -> Callable[[Options], Iterator[bytes]]:
    def write(options: Options) -> Iterator[bytes]:
        return csv_lines(dataset.table.headed(dataset.lines(), hxl=options.hxl), options.separator)

    return write


def xlsx_of(dataset: Dataset) -> Callable[[Options], Iterator[bytes]]:
    def write(options: Options) -> Iterator[bytes]:
        rows = dataset.table.headed(dataset.lines(), by_label=True, hxl=options.hxl)
        return xlsx_stream(str(dataset.table.title), rows, _("Notice"), notice(dataset.table))

    return write


def notice(table: Table, filters: Iterable[tuple[str, str]] = ()) -> list[list[Any]]:
    """The sheet that explains a workbook: where it is from, what was asked, what each column holds."""
    who = publisher()
    lines: list[list[Any]] = [
        [_("Rubrique"), _("Valeur"), _("Ce qu’elle contient")],
        [_("Table"), str(table.title), str(table.about)],
        [_("Établie le"), moment(clock.now()), ""],
        [_("Source"), who.name_fr, settings.PORTAL_URL],
        [_("Licence"), who.licence, who.licence_url],
        [_("Contact"), who.email, ""],
    ]
    asked = [[_("Filtre : %(name)s") % {"name": name}, value, ""] for name, value in filters]
    lines += asked or [[_("Filtres"), _("aucun"), ""]]
    lines.append(["", "", ""])
    lines += [[str(field.label), field.name, str(field.help)] for field in table.fields]
    return lines


def iati_context() -> iati.Context:
    """As of this instant; published files are under the portal's own address."""
    path = reverse("projects:published_file", args=["00000000-0000-0000-0000-000000000000"])
    url = settings.PORTAL_URL.rstrip("/") + path.replace("00000000-0000-0000-0000-000000000000", "{}")
    return iati.Context(publisher(), clock.now(), clock.today(), url)


def _iati(options: Options) -> Iterator[bytes]:
    return iati.activities(Project.objects.all(), iati_context())


def _projects_map(options: Options) -> Iterator[bytes]:
    return geojson.projects(open_projects(), publisher())


def _regions_map(options: Options) -> Iterator[bytes]:
    return geojson.regions(Region.objects.all(), publisher())


def _package(options: Options) -> Iterator[bytes]:
    home = settings.PORTAL_URL.rstrip("/") + reverse("projects:data")
    with override("fr"):
        told = described(
            [(dataset.table, f"{name}.csv") for name, dataset in DATASETS.items()],
            publisher(), home=home, made_at=clock.now(),
        )  # fmt: skip
    yield orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _files() -> Iterator[OpenFile]:
    for name, dataset in DATASETS.items():
        yield OpenFile(f"{name}.csv", "CSV", CSV, csv_of(dataset))
        yield OpenFile(f"{name}.xlsx", "Excel (XLSX)", XLSX, xlsx_of(dataset))
    yield OpenFile("projets.geojson", "GeoJSON", geojson.MEDIA_TYPE, _projects_map)
    yield OpenFile("regions.geojson", gettext_lazy("GeoJSON, contours des régions"), geojson.MEDIA_TYPE, _regions_map)
    yield OpenFile("iati-activites.xml", "IATI 2.03 (XML)", iati.MEDIA_TYPE, _iati)
    yield OpenFile("datapackage.json", "Frictionless (JSON)", JSON, _package)


FILES: dict[str, OpenFile] = {file.name: file for file in _files()}
