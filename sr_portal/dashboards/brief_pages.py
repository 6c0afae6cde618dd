"""The brief of a region, on the screen and in print, and each chart of a dashboard for a slide."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from funds.models import Mechanism
from projects.references import references
from regions.models import Region
from sr_portal.accounts.access import only
from sr_portal.dashboards import figures, region_map, slides
from sr_portal.dashboards.access import reads_dashboards
from sr_portal.dashboards.asked import BoardForm, asked_of
from sr_portal.dashboards.attention import projects_of
from sr_portal.dashboards.boards import Board
from sr_portal.dashboards.brief import Brief, brief_of
from sr_portal.dashboards.brief_paper import regional_brief
from sr_portal.dashboards.pages import places_of
from sr_portal.documents.serving import hand_out
from sr_portal.documents.slides import draw
from sr_portal.documents.typesetting import typeset
from sr_portal.web import clock


@require_safe
@only(reads_dashboards)
def brief(request: HttpRequest, code: str) -> HttpResponse:
    told, form = _brief(request, code)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {
        "brief": told,
        "board": told.board,
        "scope": slides.scope_of(told.board),
        "query": query,
        "form": form,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "dashboards/brief/page.html", context, status=422 if form.errors else 200)


@require_safe
@only(reads_dashboards)
def brief_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    told, _form = _brief(request, code)
    paper = regional_brief(told)
    return hand_out(typeset(paper), f"{paper.file_name}.pdf", "application/pdf")


@require_safe
@only(reads_dashboards)
def chart(request: HttpRequest, name: str) -> HttpResponseBase:
    """A chart over what the address asks, « fonds » for that of a fund's page; 404 for one with nothing to draw."""
    if name not in slides.CHARTS:
        raise Http404
    board, every, _form = _board(request, fund=request.GET.get("mecanisme", ""))
    slide = slides.slide_of(name, board, lambda: _map(board, every))
    if slide is None:
        raise Http404
    return hand_out(draw(slide), f"{name}-{board.today:%Y-%m-%d}.png", "image/png")


def _map(board: Board, every: Sequence[Region]):
    return region_map.draw(
        every, board.region_values, board.measure.write, lambda place: place.get_absolute_url(), board.asked.area
    )


def _brief(request: HttpRequest, code: str) -> tuple[Brief, BoardForm]:
    board, every, form = _board(request, region_code=code)
    place = next(one for one in every if one.code == code)
    visible = projects_of(request.user, board.asked)
    return brief_of(place, every, board, visible, board.today), form


def _board(request: HttpRequest, *, region_code: str = "", fund: str = "") -> tuple[Board, Sequence[Region], BoardForm]:
    """The board of the page that the address names; 404 for a region outside of the reader's area."""
    known = references()
    every = known.regions
    places = places_of(request.user, every)
    place = next((one for one in places if one.code == region_code), None)
    if region_code and place is None:
        raise Http404
    mechanism = get_object_or_404(Mechanism, code=fund) if fund else None
    form = BoardForm(request.GET, known, places, ("region", "mesure") if region_code else ())
    asked = asked_of(request.user, form, places, place, mechanism)
    if not region_code and "region" in form.errors:
        raise Http404
    today = clock.today()
    return Board(asked, figures.read(asked, today), places, known.sectors, today), every, form
