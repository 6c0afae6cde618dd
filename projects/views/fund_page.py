"""The pages of funds: all of them, one of them by fiscal year, and what became of one earmark's money."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from funds import access
from funds.models import Contribution, Mechanism
from funds.themes import theme_shown
from projects import fund_figures
from projects.exports.fund import as_csv, as_xlsx
from projects.fund_figures import FundFigures, Span
from projects.models import Allocation, Project
from sr_portal.accounts.access import only
from sr_portal.web.keyset import PARAMETER, KeysetPage

from .fund_chart import bars, figures

YEAR = "annee"
CONTRIBUTIONS_SHOWN = 20


@require_safe
@only(access.reads_money)
def funds(request: HttpRequest) -> HttpResponse:
    return render(request, "projects/funds/overview.html", {"lines": fund_figures.overview()})


def _shown(request: HttpRequest, code: str) -> FundFigures:
    """Of the fund and the year in the address; 404 for a year of which nothing is known."""
    mechanism = get_object_or_404(Mechanism, pk=code)
    asked = request.GET.get(YEAR, "")
    if asked and not (asked.isdecimal() and asked.isascii() and len(asked) == 4):
        raise Http404
    shown = fund_figures.figures_of(mechanism, int(asked) if asked else None)
    if shown.span.year is not None and shown.span.year not in shown.years:
        raise Http404
    return shown


@require_safe
@only(access.reads_money)
def fund(request: HttpRequest, code: str) -> HttpResponse:
    shown = _shown(request, code)
    rows = figures(shown)
    context = {
        "shown": shown,
        "fund": shown.mechanism,
        "figures": rows,
        "left": [row for row in rows if row.kind == "left"],
        "bars": bars(rows),
        "years": [Span(shown.mechanism, year) for year in shown.years],
        "page": _contributions(shown.span, request.GET.get(PARAMETER, "")),
    }
    return render(request, "projects/funds/fund.html", context)


def _contributions(span: Span, cursor: str) -> KeysetPage:
    """Those in which something happened within the span, the latest pledge first."""
    found = Contribution.objects.filter(mechanism=span.mechanism)
    if span.year is not None:
        came = span.holds("receipts__received_on")
        found = found.filter(
            pk__in=found.filter(span.holds("pledged_on") | span.holds("signed_on") | came).values("pk")
        )
    rows = found.select_related("donor", "region").defer("region__outline").annotate(theme_shown=theme_shown())
    return KeysetPage.of(rows, cursor, order="-pledged_on", size=CONTRIBUTIONS_SHOWN)


@require_safe
@only(access.reads_money)
def earmark(request: HttpRequest, code: str) -> HttpResponse:
    """One earmark of the fund: what donors gave for it, and which projects hold it."""
    shown = _shown(request, code)
    wanted = (request.GET.get("region", ""), request.GET.get("theme", ""))
    use = next((row for row in shown.earmarks if (row.region_code, row.theme) == wanted), None)
    if use is None:
        raise Http404
    held = Allocation.objects.filter(
        shown.span.of_envelopes("project__envelope__"),
        contribution__mechanism=code, contribution__theme=use.theme, contribution__region__code=use.region_code or None,
    )  # fmt: skip
    visible = _visible(held, request.user)
    page = KeysetPage.of(
        visible.with_paid().select_related("project__region", "contribution__donor").only(
            "amount_usd", "project__reference", "project__title", "project__state", "project__region__name",
            "contribution__reference", "contribution__donor__name", "contribution__donor__acronym",
        ),
        request.GET.get(PARAMETER, ""), order="-amount_usd",
    )  # fmt: skip
    hidden = use.projects - visible.order_by().values("project").distinct().count()
    context = {"shown": shown, "fund": shown.mechanism, "use": use, "page": page, "hidden": hidden}
    return render(request, "projects/funds/earmark.html", context)


def _visible(held: QuerySet, user) -> QuerySet:
    return held.filter(project__in=Project.objects.visible_to(user).order_by().values("pk"))


@require_safe
@only(access.reads_money)
def export(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    shown = _shown(request, code)
    year = "tous" if shown.span.year is None else str(shown.span.year)
    name = f"fonds-{code}-{year}"
    rows = figures(shown)
    if form == "csv":
        return as_csv(shown, rows, name)
    held = Allocation.objects.filter(shown.span.of_envelopes("project__envelope__"), contribution__mechanism=code)
    return as_xlsx(shown, rows, _visible(held, request.user), name)
