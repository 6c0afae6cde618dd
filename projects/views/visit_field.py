"""The visit notebook: an installable page that works without a network, and what it reads when there is one."""

import hashlib
import json
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from projects import visit_access
from projects.forms.visits import ReportForm
from projects.models import Visit
from sr_portal.accounts.access import only
from sr_portal.web.templatetags.portal import SPRITE

from .visit_device import described, person_data, words

MODULES = ("notebook", "cards", "courier", "draft", "editor", "gallery", "photos", "position", "send", "store")
STYLES = ("vendor/bootstrap-5.3.9/bootstrap.min.css", "css/portal.css", "css/visits.css", "css/field.css")
PICTURES = ("img/mark.svg", "img/field-192.png", SPRITE)


def module_address(name: str) -> str:
    """Modules import each other by their plain names: the service worker, not the name, tells the versions apart."""
    return f"{settings.STATIC_URL}js/visit/{name}.js"


def kept_files() -> list[str]:
    """The address of every file that the notebook is made of."""
    return [*(static(path) for path in (*STYLES, *PICTURES)), *(module_address(name) for name in MODULES)]


@cache
def version() -> str:
    """Changes with any of the files: what the service worker names its store by."""
    sources = [*STYLES, *PICTURES, *(f"js/visit/{name}.js" for name in MODULES), "js/visit/worker.js"]
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.encode() + _content(path))
    return digest.hexdigest()[:16]


def _content(path: str) -> bytes:
    found = finders.find(path)
    if found is None:
        raise LookupError(f"{path} is not among the static files")
    with open(found, "rb") as file:
        return file.read()


# --- The page and what it reads --------------------------------------------------------------------------------------
@require_safe
@never_cache
@only(visit_access.may_hold_visits)
def visit_field(request: HttpRequest) -> HttpResponse:
    """The same page for everybody: who reads it and what they visit comes as data, and leaves with them."""
    context = {"words": words(), "form": ReportForm(visit=None), "module": module_address("notebook")}
    answer = render(request, "projects/field/notebook.html", context)
    answer.headers["X-Notebook-Version"] = version()  # the files that this page fits
    return answer


@require_safe
@never_cache
@only(visit_access.may_hold_visits)
def visit_field_session(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and a fresh token to send with."""
    return JsonResponse({"user": person_data(request.user), "csrf": get_token(request)})


@require_safe
@never_cache
@only(visit_access.may_hold_visits)
def visit_field_visits(request: HttpRequest) -> HttpResponse:
    """The visits of whoever asks, with the open findings of their projects; nothing of any other."""
    found = Visit.objects.visible_to(request.user).to_carry_by(request.user)
    return JsonResponse(
        {"visits": [described(visit, _people(visit, request.user), visit.project.still_open) for visit in found]}
    )


def _people(visit: Visit, user) -> list[tuple[int, str]]:
    """Whom a finding may be given to from the field: those who wrote the project, and the visitor."""
    people = {visit.project.author, *visit.project.coauthors.all(), user}
    return sorted(((person.pk, str(person)) for person in people), key=lambda pair: pair[1])


# --- What makes it installable ---------------------------------------------------------------------------------------
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, so that it may answer for the whole portal; it answers for the notebook alone."""
    head = "\n".join(
        f"const {name} = {json.dumps(value)};"
        for name, value in (("VERSION", version()), ("PAGE", reverse("projects:visit_field")), ("FILES", kept_files()))
    )
    body = f"{head}\n{_content('js/visit/worker.js').decode()}"
    answer = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = "/"
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    page = reverse("projects:visit_field")
    icons = [
        {"src": static(f"img/field-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
        for side in (192, 512)
        for purpose in ("any", "maskable")
    ]
    data = {
        "id": page,
        "name": f"{_('Carnet de visite')} – {_('Portail S&R')}",
        "short_name": _("Carnet"),
        "description": _("Les comptes rendus de visite, écrits sur place, avec ou sans réseau."),
        "lang": request.LANGUAGE_CODE,
        "start_url": page,
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f4ef",
        "theme_color": "#0d3b46",
        "icons": icons,
    }
    answer = JsonResponse(data, content_type="application/manifest+json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
