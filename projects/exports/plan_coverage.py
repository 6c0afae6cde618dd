"""The coverage of a plan as CSV or XLSX: one line for each priority, then the sum of each column."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from projects.coverage import Money, PlanCoverage
from sr_portal.spreadsheets.writing import csv_lines, workbook, xlsx_response
from sr_portal.web import clock


def rows(covered: PlanCoverage) -> Iterator[list[Any]]:
    """A heading, the priorities in order, and the total. USD with two decimals, percent with one."""
    yield [
        _("Axe"), _("Code"), _("Priorité"), _("Thème"), _("Chef de file"), _("Besoin (USD)"), _("Approuvé (USD)"),
        _("Payé (USD)"), _("En instruction (USD)"), _("Autres acteurs (USD)"), _("Écart (USD)"), _("Couverture (%)"),
        _("Projets"), _("Propositions"), _("Activités"), _("Activités sans montant"),
    ]  # fmt: skip
    for row in covered.rows:
        priority = row.priority
        said = [priority.axis.number, priority.code, priority.title, priority.theme, priority.lead]
        yield [*said, *_figures(row.money)]
    yield ["", "", _("Total"), "", "", *_figures(covered.total)]


def _figures(money: Money) -> list[Any]:
    return [
        money.need, money.approved, money.paid, money.asked, money.others, money.gap, money.percent,
        money.projects, money.proposals, money.activities, money.unknown,
    ]  # fmt: skip


def name_of(covered: PlanCoverage) -> str:
    plan = covered.plan
    return f"couverture-{slugify(plan.region.name)}-v{plan.number}-{clock.today():%Y-%m-%d}"


def as_csv(covered: PlanCoverage) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(rows(covered)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name_of(covered)}.csv"'
    return answer


def as_xlsx(covered: PlanCoverage) -> HttpResponse:
    return xlsx_response(workbook([(_("Couverture"), rows(covered))]), name_of(covered))
