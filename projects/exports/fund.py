"""The figures of a fund as CSV (one line for each figure) or XLSX (a sheet for each table of its page)."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from funds.models import Contribution
from funds.themes import themes
from projects.fund_figures import EarmarkUse, FundFigures
from sr_portal.spreadsheets.writing import csv_lines, workbook, xlsx_response

CHUNK = 2_000
# What a donor's earmark is told of, in the order of the page.
OF_EARMARK = ("pledged_usd", "signed_usd", "received_usd", "allocated_usd", "paid_usd", "free_usd")


class Named(Protocol):
    """A figure: its key, what it is called and its amount."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def amount(self) -> Any: ...


def words_of_columns() -> dict[str, str]:
    return {
        "pledged_usd": _("Annoncé (USD)"), "signed_usd": _("Signé (USD)"), "received_usd": _("Reçu (USD)"),
        "allocated_usd": _("Tenu par des projets (USD)"), "paid_usd": _("Payé, net (USD)"),
        "free_usd": _("Libre à ce jour (USD)"),
    }  # fmt: skip


def lines(shown: FundFigures, figures: Iterable[Named]) -> Iterator[list[Any]]:
    """A heading, the figures of the fund, then those of each earmark: one figure a line."""
    yield [_("Fonds"), _("Exercice"), _("Affectation"), _("Région"), _("Thème"), _("Chiffre"), _("Montant (USD)")]
    start = [shown.mechanism.code, shown.span.label]
    for figure in figures:
        yield [*start, _("ensemble"), "", "", figure.label, figure.amount]
    words = words_of_columns()
    for use in shown.earmarks:
        for name in OF_EARMARK:
            yield [*start, use.words, use.region, use.theme, words[name].removesuffix(" (USD)"), getattr(use, name)]


def as_csv(shown: FundFigures, figures: Iterable[Named], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(lines(shown, figures)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def as_xlsx(shown: FundFigures, figures: Iterable[Named], held: QuerySet, name: str) -> HttpResponse:
    """`held` are the allocations that the reader may see: one line a project and contribution."""
    sheets: list[tuple[str, Iterable[list[Any]]]] = [
        (_("Chiffres"), [[_("Chiffre"), _("Montant (USD)")], *([row.label, row.amount] for row in figures)]),
        (_("Enveloppes"), _envelopes(shown)),
    ]
    if shown.mechanism.funded_by_contributions:
        sheets += [
            (_("Affectations"), _earmarks(shown.earmarks)),
            (_("Contributions"), _contributions(shown)),
            (_("Projets"), _projects(held)),
        ]
    return xlsx_response(workbook(sheets), name)


def _earmarks(uses: list[EarmarkUse]) -> Iterator[list[Any]]:
    words = words_of_columns()
    yield [_("Affectation"), _("Région"), _("Thème"), *(words[name] for name in OF_EARMARK), _("Projets")]
    for use in uses:
        yield [use.words, use.region, use.theme, *(getattr(use, name) for name in OF_EARMARK), use.projects]


def _envelopes(shown: FundFigures) -> Iterator[list[Any]]:
    yield [
        _("Exercice"), _("Montant (USD)"), _("Réservé (USD)"), _("Engagé (USD)"), _("Payé, net (USD)"),
        _("Justifié (USD)"), _("Disponible (USD)"),
    ]  # fmt: skip
    for one in shown.envelopes:
        yield [
            one.label, one.amount_usd, one.reserved_usd, one.obligated_usd, one.spent_usd, one.justified_usd,
            one.available_usd,
        ]  # fmt: skip


def _contributions(shown: FundFigures) -> Iterator[list[Any]]:
    """All those of the fund: what is free of them is of no year."""
    yield [
        _("Référence"), _("Objet"), _("Donateur"), _("Étape"), _("Région"), _("Thème"), _("Annoncée le"),
        _("Annoncé (USD)"), _("Signée le"), _("Signé (USD)"), _("Reçu (USD)"), _("Tenu par des projets (USD)"),
        _("Libre (USD)"),
    ]  # fmt: skip
    found = Contribution.objects.filter(mechanism=shown.mechanism).select_related("donor", "region")
    named = themes()
    for row in found.defer("region__outline").order_by("-pledged_on", "-pk").iterator(chunk_size=CHUNK):
        yield [
            row.reference, row.title, row.donor.name, str(row.stage.label), row.region.name if row.region else "",
            named.get(row.theme, row.theme), row.pledged_on, row.pledged_usd, row.signed_on, row.signed_usd,
            row.received_usd, row.allocated_usd, row.free_usd,
        ]  # fmt: skip


def _projects(held: QuerySet) -> Iterator[list[Any]]:
    yield [
        _("Projet"), _("Intitulé"), _("Région"), _("État"), _("Contribution"), _("Tenu (USD)"), _("Payé, net (USD)"),
    ]  # fmt: skip
    rows = held.with_paid().select_related("project__region", "contribution").only(  # type: ignore[attr-defined]
        "amount_usd", "project__reference", "project__title", "project__state", "project__region__name",
        "contribution__reference",
    )  # fmt: skip
    for row in rows.order_by("project__reference", "pk").iterator(chunk_size=CHUNK):
        project = row.project
        yield [
            project.reference, project.title, project.region.name, str(project.state_label.label),
            row.contribution.reference, row.amount_usd, row.paid_usd,
        ]  # fmt: skip
