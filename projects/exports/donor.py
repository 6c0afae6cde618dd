"""What a donor paid for, as CSV: machine formats, one line a contribution and project."""

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from funds.models import Organisation
from projects.donors import donors_with_totals
from projects.models import Allocation, Project
from sr_portal.spreadsheets.writing import csv_lines

from .parts import NOTHING


def rows(donor: Organisation, user) -> Iterator[list[Any]]:
    """A heading, then each contribution with each project that holds it, or alone; what the reader may not read of a
    contribution is one line without names."""
    yield [
        _("Contribution"), _("Objet"), _("Mécanisme"), _("Étape"), _("Monnaie"), _("Annoncé"), _("Signé"), _("Reçu"),
        _("Annoncé (USD)"), _("Signé (USD)"), _("Reçu (USD)"), _("Projet"), _("Intitulé"), _("Région"), _("État"),
        _("Affecté (USD)"), _("Payé (USD)"),
    ]  # fmt: skip
    readable = set(
        Project.objects.visible_to(user).filter(allocations__contribution__donor=donor).values_list("pk", flat=True)
    )
    held: dict[int, list[Allocation]] = {}
    found = Allocation.objects.filter(contribution__donor=donor).with_paid().select_related("project__region")
    for one in found.defer("project__search", "project__region__outline").order_by("-amount_usd", "pk"):
        held.setdefault(one.contribution_id, []).append(one)
    for row in donor.contributions.order_by("pledged_on", "pk"):
        told = [
            row.reference, row.title, row.mechanism_id, row.stage.label, row.currency, row.pledged_amount,
            row.signed_amount, row.received_amount, row.pledged_usd, row.signed_usd, row.received_usd,
        ]  # fmt: skip
        mine = held.get(row.pk, [])
        for one in mine:
            if one.project_id in readable:
                project = one.project
                yield [
                    *told, project.reference, project.title, project.region.name, project.state_label.label,
                    one.amount_usd, one.paid_usd,
                ]  # fmt: skip
        beyond = [one for one in mine if one.project_id not in readable]
        if beyond or not mine:
            yield [
                *told, NOTHING, _("Projets hors de votre zone") if beyond else "", "", "",
                sum(one.amount_usd for one in beyond), sum(one.paid_usd for one in beyond),
            ]  # fmt: skip


def list_rows() -> Iterator[list[Any]]:
    """Every donor with its totals, the largest signed sum first."""
    yield [
        _("Donateur"), _("Sigle"), _("Contributions"), _("Annoncé (USD)"), _("Signé (USD)"), _("Reçu (USD)"),
        _("Affecté (USD)"), _("Projets"), _("Rapports en retard"),
    ]  # fmt: skip
    for row in donors_with_totals().order_by("-signed_usd", "-pk").iterator(chunk_size=500):
        yield [
            row.name, row.acronym, row.contribution_count, row.pledged_usd, row.signed_usd, row.received_usd,
            row.allocated_usd, row.project_count, row.late_count,
        ]  # fmt: skip


def as_csv(lines: Iterator[list[Any]], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
