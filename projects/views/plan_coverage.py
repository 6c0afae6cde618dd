"""How far a plan is paid for: the matrix of its priorities and of the money, drawn, and as files."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from projects import coverage
from projects.coverage import ASKED, Money, share
from projects.exports.coverage_slide import coverage_slide
from projects.exports.plan_coverage import as_csv, as_xlsx, name_of
from projects.states import GRANTED, State
from regions import access
from sr_portal.accounts.access import only
from sr_portal.documents.serving import hand_out
from sr_portal.documents.slides import draw

from .plans import plan_of

COLUMNS = (_("Nous"), _("Les autres"), _("Écart"))
STEPS = (0, 20, 40, 60, 80)  # percent of the need from which a cell is a shade darker


@dataclass(frozen=True)
class Cell:
    """A sum, its part of the need in percent (None without a need), and how dark it is drawn, 0 to 5."""

    label: Promise | str
    usd: Decimal
    percent: Decimal | None

    @property
    def shade(self) -> int:
        part = self.percent or Decimal(0)
        return sum(part > step for step in STEPS)


def cells(money: Money) -> list[Cell]:
    """Ours, others' and the gap, each against the need."""
    sums = (money.approved, money.others, money.gap)
    return [Cell(label, usd, share(usd, money.need)) for label, usd in zip(COLUMNS, sums, strict=True)]


@require_safe
@only(access.reads_plans)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    shown = plan_of(pk)
    covered = coverage.of_plan(shown)
    context = {
        "plan": shown,
        "covered": covered,
        "axes": covered.by_axis(),
        "heat": [
            (axis, [(row.priority, row.money, cells(row.money)) for row in rows])
            for axis, rows, _money in covered.by_axis()
        ],
        "total_cells": cells(covered.total),
        "columns": COLUMNS,
        "legend": [(rank, low, high) for rank, (low, high) in enumerate(zip(STEPS, (*STEPS[1:], 100), strict=True), 1)],
        "granted": "".join(f"&etat={state.value}" for state in State if state in GRANTED),
        "asked": "".join(f"&etat={state.value}" for state in ASKED),
    }
    return render(request, "regions/plans/coverage.html", context)


@require_safe
@only(access.reads_plans)
def export(request: HttpRequest, pk: int, form: str) -> HttpResponse | StreamingHttpResponse:
    covered = coverage.of_plan(plan_of(pk))
    return as_csv(covered) if form == "csv" else as_xlsx(covered)


@require_safe
@only(access.reads_plans)
def slide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The coverage as a picture for a slide; 404 for a plan without any priority."""
    covered = coverage.of_plan(plan_of(pk))
    if not covered.rows:
        raise Http404
    return hand_out(draw(coverage_slide(covered)), f"{name_of(covered)}.png", "image/png")
