"""The page « Données »: every open file, what it holds, how to use it; and the files themselves, as they are made."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.exceptions import BadRequest
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from projects.exports.open_data import DATASETS, FILES, Dataset, OpenFile, Options, notice
from projects.exports.project_table import STAFF_PROJECTS
from projects.filters import ProjectFilter, chips
from projects.models import Project, PublishedFile
from projects.querysets import ProjectQuerySet
from sr_portal.documents.serving import serve
from sr_portal.spreadsheets.streaming import xlsx_stream
from sr_portal.spreadsheets.writing import SEPARATORS, XLSX, csv_lines
from sr_portal.web import clock
from sr_portal.web.keyset import Count, counted
from sr_portal.web.publisher import publisher

View = Callable[..., HttpResponseBase]
KEPT_SIZE = 30 * 24 * 3600  # seconds


def open_door(view: View) -> View:
    """Signed-in people; everybody where the setting `PUBLIC_DATA` says so."""

    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return (view if settings.PUBLIC_DATA else login_required(view))(request, *args, **kwargs)

    return opened


@dataclass(frozen=True)
class Shown:
    """A dataset as the page shows it; `sizes` are those of the last download, bytes, None before the first."""

    name: str
    dataset: Dataset
    count: Count
    files: list[tuple[OpenFile, int | None]]


@require_safe
@open_door
def data(request: HttpRequest) -> HttpResponse:
    sizes = cache.get_many([_size_key(name) for name in FILES])

    def sized(*names: str) -> list[tuple[OpenFile, int | None]]:
        return [(FILES[name], sizes.get(_size_key(name))) for name in names if name in FILES]

    shown = [
        Shown(name, dataset, counted(dataset.found()), sized(f"{name}.csv", f"{name}.xlsx", f"{name}.geojson"))
        for name, dataset in DATASETS.items()
        if dataset.rows is None
    ]
    context = {
        "datasets": shown,
        "four_w": Shown("4w", DATASETS["4w"], Count(0, False), sized("4w.csv", "4w.xlsx")),
        "iati": sized("iati-activites.xml")[0],
        "regions": sized("regions.geojson")[0],
        "package": sized("datapackage.json")[0],
        "publisher": publisher(),
        "updated": Project.objects.published().aggregate(last=Max("updated_at"))["last"],
        "changes": CHANGES,
        "is_public": settings.PUBLIC_DATA,
    }
    return render(request, "projects/data/page.html", context)


# What changed in the files, the latest first.
CHANGES = (
    (
        dt.date(2026, 11, 27),
        gettext_lazy("Première publication des tables, de l’IATI, du GeoJSON et de la feuille 4W."),
    ),
)


@require_safe
@open_door
def data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    file = FILES.get(name)
    if file is None:
        raise Http404
    options = _options(request)
    return stream(_measured(file.write(options), _size_key(name)), file.media_type, f"{name}")


UNDERSTOOD = "Only separateur (virgule or point-virgule) and hxl (0 or 1) are understood."


def _options(request: HttpRequest) -> Options:
    """`?separateur=point-virgule` and `?hxl=1`; anything else is refused: a wrong file would be taken for the right one."""
    separator = request.GET.get("separateur", "virgule")
    hxl = request.GET.get("hxl", "0")
    if separator not in SEPARATORS or hxl not in ("0", "1") or set(request.GET) - {"separateur", "hxl"}:
        raise BadRequest(UNDERSTOOD)
    return Options(SEPARATORS[separator], hxl == "1")


def _size_key(name: str) -> str:
    return f"open-data-size:{name}"


def _measured(parts: Iterator[bytes], key: str) -> Iterator[bytes]:
    """The same parts; once all were sent, how much it was is kept for the page."""
    total = 0
    for part in parts:
        total += len(part)
        yield part
    cache.set(key, total, KEPT_SIZE)


def stream(parts: Iterator[bytes], media_type: str, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(parts, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@open_door
def published_file(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """A photo or document that was cleared, of a project that is told in full; 404 for any other."""
    found = PublishedFile.objects.shown().select_related("document")
    return serve(get_object_or_404(found, document__public_id=public_id).document)


@require_safe
@login_required
def project_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list of projects as its page filters it, for those who may read it there."""
    if form not in ("csv", "xlsx"):
        raise Http404
    filters = ProjectFilter(request.GET, Project.objects.visible_to(request.user), user=request.user)
    found: ProjectQuerySet = filters.qs
    if filters.form.errors:
        return render(request, "projects/data/refused.html", {"filter": filters.form}, status=422)
    asked = [(chip.label, chip.value or _("oui")) for chip in chips(filters)]
    rows = STAFF_PROJECTS.headed(STAFF_PROJECTS.rows(found), by_label=True)
    name = f"projets-{clock.today():%Y-%m-%d}.{form}"
    if form == "csv":
        separator = SEPARATORS.get(request.GET.get("separateur", ""), ",")
        return stream(csv_lines(rows, separator), "text/csv; charset=utf-8", name)
    explained = notice(STAFF_PROJECTS, asked)
    return stream(xlsx_stream(str(STAFF_PROJECTS.title), rows, _("Notice"), explained), XLSX, name)
