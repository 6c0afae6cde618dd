"""The page that anybody may read, where the installation opens it: published projects, map, totals, cleared photos.

It answers without looking at who asks (`OpenPagesMiddleware` takes the cookies away), so that it may be kept on the
way; the language is in the address.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.lookups import Unaccent
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext
from django.views.decorators.http import conditional_page, require_safe

from projects.models import Project
from projects.public_figures import MOST_PHOTOS, figures_of, map_of, public_photos
from projects.states import State
from regions.models import Region
from sr_portal.documents.serving import serve
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted
from sr_portal.web.templatetags.portal import number

KEPT_SECONDS = 120  # a project that is hidden must soon be gone from every copy
ROWS = 30
ROUTES = {"fr": "projects:public", "en": "projects:public_en"}


def opened(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """404 unless the installation opens the public page; the answer may be kept by anybody for a little while."""

    @wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not settings.PUBLIC_PAGE:
            raise Http404
        answer = view(request, *args, **kwargs)
        answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
        return answer

    return answered


@require_safe
@conditional_page
@opened
def public(request: HttpRequest, language: str) -> HttpResponse:
    with translation.override(language):
        answer = render(request, "projects/public/page.html", _context(request, language))
    answer.headers["Content-Language"] = language
    return answer


def _context(request: HttpRequest, language: str) -> dict:
    every = Project.objects.open_to_partners()
    regions = list(Region.objects.for_map())
    figures = figures_of(every, regions)
    code = request.GET.get("region", "")
    current = next((region for region in regions if region.code == code), None)
    if code and current is None:
        raise Http404  # no such region: nothing else is kept under this address
    listed = every.filter(region=current) if current else every
    rows = listed.with_shown(language).select_related("region", "cercle", "sector", "mechanism", "partner").only(
        "state", "disclosure", "approved_usd", "direct_total", "region__name", "cercle__name", "sector__name_fr",
        "sector__name_en", "mechanism__name_fr", "mechanism__name_en", "partner__name", "partner__acronym",
    ).annotate(shown_key=Unaccent(Lower("shown_title")))  # fmt: skip
    page = KeysetPage.of(rows, request.GET.get(PARAMETER, ""), order="shown_key", size=ROWS)
    return {
        "figures": figures,
        "map": map_of(every, figures, regions, _told),
        "photos": list(public_photos().select_related("document", "project__region")[:MOST_PHOTOS]),
        "page": page,
        "rows": [(project, State(project.state)) for project in page],
        "count": counted(listed) if current else None,
        "current": current,
        "here": reverse(ROUTES[language]),
        "others": [(code, reverse(route)) for code, route in ROUTES.items() if code != language],
    }


def _told(count: int) -> str:
    return ngettext("%(count)s projet", "%(count)s projets", count) % {"count": number(count)}


@require_safe
@opened
def public_photo(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """A cleared photo, drawn small: what the camera wrote into the file is not in it."""
    shown = get_object_or_404(public_photos().select_related("document"), document__public_id=public_id)
    return serve(shown.document, thumbnail=True)
