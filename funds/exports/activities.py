"""The register of activities as CSV or XLSX: the columns that its import reads, so that a file comes back as it left."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from funds.activity_columns import COLUMNS
from funds.activity_querysets import ActivityQuerySet
from sr_portal.spreadsheets.writing import csv_lines, workbook, xlsx_response

CHUNK = 2_000


def rows(found: ActivityQuerySet) -> Iterator[list[Any]]:
    """A heading, then one line for each activity in the order of the columns; read in chunks."""
    yield [str(column.label) for column in COLUMNS]
    listed = (
        found.select_related("organisation", "region", "cercle").defer("region__outline").order_by("-starts_on", "-pk")
    )
    for activity in listed.iterator(chunk_size=CHUNK):
        yield [column.value(activity) for column in COLUMNS]


def as_csv(found: ActivityQuerySet, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(rows(found)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def as_xlsx(found: ActivityQuerySet, name: str) -> HttpResponse:
    return xlsx_response(workbook([("Qui fait quoi", rows(found))]), name)
