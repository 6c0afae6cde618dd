"""The pages of dashboards: the portfolio, a region, a fund. What is asked is in the address."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from funds.models import Mechanism
from projects.references import References, references
from regions.models import Region
from sr_portal.accounts.access import only
from sr_portal.dashboards import figures, region_map
from sr_portal.dashboards.access import reads_dashboards
from sr_portal.dashboards.asked import Asked, BoardForm, asked_of
from sr_portal.dashboards.boards import Board
from sr_portal.dashboards.slides import slide_links
from sr_portal.web import clock
from sr_portal.web.navigation import MONEY_READERS


@require_safe
@only(reads_dashboards)
def portfolio(request: HttpRequest) -> HttpResponse:
    """All that the reader reads by a role."""
    return _page(request, _("Tableau de bord"))


@require_safe
@only(reads_dashboards)
def region(request: HttpRequest, code: str) -> HttpResponse:
    """One region; 404 outside of the reader's area."""
    return _page(request, "", region_code=code)


@require_safe
@only(reads_dashboards)
def fund(request: HttpRequest, code: str) -> HttpResponse:
    """One mechanism, in the reader's area."""
    return _page(request, "", fund_code=code)


def _page(request: HttpRequest, heading: str, region_code: str = "", fund_code: str = "") -> HttpResponse:
    known = references()  # before anything that it tells the version of
    every = known.regions
    places = places_of(request.user, every)
    place = next((one for one in places if one.code == region_code), None)
    if region_code and place is None:
        raise Http404
    fund = get_object_or_404(Mechanism, code=fund_code) if fund_code else None
    fixed = ("region", "mesure") if place else ("mecanisme",) if fund else ()
    form = BoardForm(request.GET, known, places, fixed)
    asked = asked_of(request.user, form, places, place, fund)
    today = clock.today()
    text = figures.text_of(asked, today)
    board = Board(asked, figures.read_later(text, asked, today), places, known.sectors, today)
    query = carried(request, fund)
    may_read_money = request.user.has_role(*MONEY_READERS)
    context = {
        "heading": heading or (place or fund).name,
        "board": board,
        "form": form,
        "today": today,
        "asked_here": asked_here(request, board, known),
        "said": [text, may_read_money],
        "query": query,
        "attention_url": reverse("dashboards:attention") + carried(request, fund, place),
        "is_part": bool(place or fund),
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "area_names": "" if place or asked.area.everywhere else ", ".join(one.name for one in places),
        "show_map": asked.region is None,
        "map": cache(lambda: map_of(board, every, query) if asked.region is None else None),
        "highest": lambda: board.measure.write(max(board.region_values.values(), default=0)),
        "fund": asked.mechanism,
        "coverage_url": coverage_url(asked),
        "may_read_money": may_read_money,
        "slow_envelopes": cache(lambda: [use for use in board.envelopes if use.risk] if may_read_money else []),
        "slides": cache(lambda: slide_links(board)),
        "region_code": region_code,
        "parts": [] if place else [(one.name, region_url(one, query)) for one in places],
    }
    return render(request, "dashboards/board/page.html", context, status=422 if form.errors else 200)


def asked_here(request: HttpRequest, board: Board, known: References) -> list[Any]:
    """What is asked, of whom and when, each name and each outline: all that the form says.

    With the numbers (`said`), all that the body of the page says: whatever its template reads has to be told from both.
    """
    area = board.asked.area
    return [
        request.get_full_path(), get_language(), str(board.today), area.everywhere, sorted(area.region_ids),
        known.version,
    ]  # fmt: skip


def places_of(user, every: Sequence[Region]) -> list[Region]:
    """The regions in which the user reads all projects by a role."""
    from projects.filters import area_of

    area = area_of(user)
    return [place for place in every if area.covers(place.pk)]


def carried(request: HttpRequest, fund: Mechanism | None, place: Region | None = None) -> str:
    """The query that takes what is asked to another dashboard: that of the address, and what this page is about."""
    query = request.GET.copy()
    if fund is not None:
        query["mecanisme"] = fund.code
    if place is not None:
        query["region"] = place.code
    return f"?{query.urlencode()}" if query else ""


def coverage_url(asked: Asked) -> str:
    return reverse("dashboards:plans") + (f"?region={asked.region.code}" if asked.region else "")


def region_url(place: Region, query: str) -> str:
    return f"{reverse('dashboards:region', args=[place.code])}{query}"


def map_of(board: Board, every: Sequence[Region], query: str) -> Any:
    """The whole country; what the reader may not count keeps its link to the page of the region."""
    area: Asked = board.asked

    def url(place: Region) -> str:
        return region_url(place, query) if area.area.covers(place.pk) else place.get_absolute_url()

    return region_map.draw(every, board.region_values, board.measure.write, url, area.area)
