"""What is to be obligated before a year ends, as CSV: machine formats, one line a project."""

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from projects.querysets import ProjectQuerySet
from projects.year_end import ToSign
from sr_portal.spreadsheets.writing import csv_lines


def rows(found: ProjectQuerySet) -> Iterator[list[Any]]:
    """A heading, then the projects, the largest amount first."""
    yield [
        _("Référence"), _("Intitulé"), _("Région"), _("Partenaire"), _("Réservé (USD)"), _("À engager (USD)"),
        _("Approuvé le"), _("Protocole à signer avant le"), _("Jours de retard"), _("Qui doit agir"),
    ]  # fmt: skip
    for project in found.order_by("-reserved_usd", "-pk").iterator(chunk_size=500):
        row = ToSign(project)
        deadline = row.deadline
        yield [
            project.reference, project.title, project.region.name, str(project.partner or ""), project.reserved_usd,
            project.to_obligate_usd, row.approved_on, deadline.due_on if deadline else None,
            deadline.days_late if deadline else None, row.who,
        ]  # fmt: skip


def as_csv(found: ProjectQuerySet, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(rows(found)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
