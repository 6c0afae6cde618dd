"""The pipeline of prospects as CSV or XLSX: one line for each, what is asked for by the filters."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from funds.prospect_querysets import ProspectQuerySet
from sr_portal.spreadsheets.writing import csv_lines, workbook, xlsx_response

CHUNK = 2_000


def rows(found: ProspectQuerySet) -> Iterator[list[Any]]:
    """A heading, then one line for each prospect, the most pressing first; read in chunks."""
    yield [
        _("Objet"), _("Donateur"), _("Mécanisme"), _("Région"), _("Thème"), _("Étape"), _("Montant"), _("Monnaie"),
        _("Taux"), _("Montant (USD)"), _("Probabilité (%)"), _("Pondéré (USD)"), _("Signature attendue le"),
        _("Prochaine étape"), _("À faire avant le"), _("Responsable"), _("Gagné ou perdu le"), _("Motif de la perte"),
    ]  # fmt: skip
    for one in found.for_list().order_by("next_step_on", "pk").iterator(chunk_size=CHUNK):
        yield [
            one.title, one.donor.name if one.donor else one.donor_name, one.mechanism_id,
            one.region.name if one.region else "", one.theme, str(one.stage_label.label), one.amount, one.currency,
            one.rate, one.amount_usd, one.likelihood, one.weighted_usd, one.expected_on, one.next_step,
            one.next_step_on, one.responsible.name, one.closed_on, one.lost_reason,
        ]  # fmt: skip


def as_csv(found: ProspectQuerySet, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(rows(found)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def as_xlsx(found: ProspectQuerySet, name: str) -> HttpResponse:
    return xlsx_response(workbook([(_("Prospects"), rows(found))]), name)
