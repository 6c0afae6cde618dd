"""The register of activities as CSV or XLSX: the columns that its import reads, so that a file comes back as it left."""

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from funds.activity_columns import COLUMNS
from funds.activity_querysets import ActivityQuerySet
from sr_portal.spreadsheets.streaming import xlsx_stream
from sr_portal.spreadsheets.writing import XLSX, csv_lines

CHUNK = 2_000


def rows(found: ActivityQuerySet) -> Iterator[list[Any]]:
    """A heading, then one line for each activity in the order of the columns; read in chunks."""
    yield [str(column.label) for column in COLUMNS]
    listed = (
        found.select_related("organisation", "region", "cercle").defer("region__outline").order_by("-starts_on", "-pk")
    )
    for activity in listed.iterator(chunk_size=CHUNK):
        yield [column.value(activity) for column in COLUMNS]


def notice() -> list[list[Any]]:
    """What each column holds."""
    return [
        [_("Colonne"), _("Ce qu’elle contient"), ""],
        *([str(column.label), str(column.help), ""] for column in COLUMNS),
    ]


def as_csv(found: ActivityQuerySet, name: str) -> StreamingHttpResponse:
    return _sent(csv_lines(rows(found)), "text/csv; charset=utf-8", f"{name}.csv")


def as_xlsx(found: ActivityQuerySet, name: str) -> StreamingHttpResponse:
    return _sent(xlsx_stream("Qui fait quoi", rows(found), _("Notice"), notice()), XLSX, f"{name}.xlsx")


def _sent(parts: Iterator[bytes], media_type: str, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(parts, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
