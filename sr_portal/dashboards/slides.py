"""Each chart of a dashboard as a picture for a slide, from the same pieces as the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from regions.maps import Drawing
from regions.svg import as_svg
from sr_portal.dashboards import charts
from sr_portal.dashboards.boards import Board
from sr_portal.documents.slides import Slide, SlideBar, SlidePart, SlidePoint
from sr_portal.web.templatetags.portal import day

MOST_BARS = 24  # more cannot be read from the back of a room


@dataclass(frozen=True)
class Chart:
    """`read` takes the board's bars or line; the map is drawn apart."""

    title: str | Promise
    read: Callable[[Board], Any]


MAP = "carte"
# The address's word → the chart.
CHARTS: dict[str, Chart] = {
    "argent": Chart(_lazy("Argent"), lambda board: board.money),
    "etats": Chart(_lazy("Où en sont les projets"), lambda board: board.road),
    "comite": Chart(_lazy("Devant le comité et l’autorité"), lambda board: board.pipeline),
    "secteurs": Chart(_lazy("Projets déposés par secteur"), lambda board: board.by_sector),
    "partenaires": Chart(_lazy("Projets déposés par type de partenaire"), lambda board: board.by_partner),
    "beneficiaires": Chart(_lazy("Bénéficiaires par sexe et âge"), lambda board: board.beneficiaries),
    "exercices": Chart(_lazy("Montant approuvé par exercice"), lambda board: board.over_years),
    "regions": Chart("", lambda board: board.by_region if board.asked.region is None else []),
    MAP: Chart("", lambda board: board.by_region if board.asked.region is None else []),
}


def title_of(name: str, board: Board) -> str:
    return str(CHARTS[name].title) or _("Par région : %(measure)s") % {"measure": board.measure.label}


def offered(board: Board) -> list[tuple[str, str]]:
    """The charts that have something to draw: (name, title)."""
    found = []
    for name, chart in CHARTS.items():
        if chart.read(board):
            title = title_of(name, board)
            found.append((name, _("%(title)s (carte)") % {"title": title} if name == MAP else title))
    return found


@dataclass(frozen=True)
class SlideLink:
    title: str
    url: str


def slide_links(board: Board) -> list[SlideLink]:
    """Each chart of this board as a picture, over the same criteria."""
    asked = board.asked
    wanted = {
        "region": asked.region.code if asked.region else "",
        "mecanisme": asked.mechanism.code if asked.mechanism else "",
        "exercice": asked.fiscal_year or "",
        "secteur": asked.sector,
        "mesure": asked.measure if asked.measure != "deposes" else "",
    }
    query = urlencode({name: value for name, value in wanted.items() if value})
    end = f"?{query}" if query else ""
    return [SlideLink(title, f"{reverse('dashboards:chart', args=[name])}{end}") for name, title in offered(board)]


def slide_of(name: str, board: Board, drawing: Callable[[], Drawing | None]) -> Slide | None:
    """The chart of this name; None when it has nothing to draw. `drawing` makes the map."""
    content = CHARTS[name].read(board)
    if not content:
        return None
    frame = {
        "title": title_of(name, board),
        "subtitle": scope_of(board),
        "foot": _("Portail S&R, section Stabilisation et relèvement – %(day)s") % {"day": day(board.today)},
        "language": "en" if (get_language() or "fr").startswith("en") else "fr",
    }
    if name == MAP:
        drawn = drawing()
        return Slide(**frame, svg=as_svg(drawn)) if drawn else None
    if isinstance(content, charts.Line):
        return Slide(**frame, points=[_point(point, content) for point in content.points])
    legend = [part.label for part in content[0].parts] if len(content[0].parts) > 1 else []
    return Slide(**frame, bars=[_bar(bar) for bar in content[:MOST_BARS]], legend=legend)


def scope_of(board: Board) -> str:
    """What is counted, in words: region, mechanism, fiscal year, sector."""
    asked = board.asked
    said = [asked.region.name if asked.region else _("Toutes les régions")]
    if asked.region is None and not asked.area.everywhere:
        said = [", ".join(place.name for place in board.places)]
    if asked.mechanism:
        said.append(asked.mechanism.name)
    if asked.sector:
        said.append(board.sectors.get(asked.sector, asked.sector))
    said.append(_("exercice %(year)s") % {"year": asked.fiscal_year} if asked.fiscal_year else _("tous les exercices"))
    return " · ".join(said)


def _bar(bar: charts.Bar) -> SlideBar:
    parts = [
        SlidePart(float(part.start) / charts.WIDTH, float(part.width) / charts.WIDTH, part.tone) for part in bar.parts
    ]
    return SlideBar(bar.label, bar.text, parts, bar.note)


def _point(point: charts.Point, line: charts.Line) -> SlidePoint:
    xs = [each.x for each in line.points]
    across = (point.x - min(xs)) / ((max(xs) - min(xs)) or 1)
    highest = max(each.value for each in line.points) or 1
    return SlidePoint(across, 1 - float(point.value) / float(highest), point.label, point.text)
