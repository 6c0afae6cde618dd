"""Pages of the machinery itself: alive, ready, language, errors, components."""

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from . import kept

RETRY_SECONDS = 5  # within which a database that was cut off is back (quality guide R2)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing of the database."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and the last migration of every app is applied, else 503."""
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
        ready = set(_last_migrations()) <= applied
    except DatabaseError:
        ready = False
    return JsonResponse({"status": "ready" if ready else "not ready"}, status=200 if ready else 503)


def _last_migrations() -> list[tuple[str, str]]:
    """Read from the disk once: a running process keeps the code it started with."""
    if not _LAST_MIGRATIONS:
        _LAST_MIGRATIONS.extend(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())
    return _LAST_MIGRATIONS


_LAST_MIGRATIONS: list[tuple[str, str]] = []


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Show the portal in the language chosen from now on: for a user in their preferences, else in a cookie."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    answer = redirect(target)
    if translation.check_for_language(language) and language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return answer


# --- Errors -----------------------------------------------------------------------------------------------------
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before another sign-in, or from elsewhere. What was typed on our own page is kept for it."""
    if _page_keeps_input(request) and kept.came_from_here(request):
        if not request.user.is_authenticated:
            return kept.keep_and_sign_in(request)
        if kept.keep(request):
            return redirect(request.path)
    return refused_form(
        request,
        _("Ce formulaire a expiré : rien n’a été enregistré."),
        _("Revenez à la page précédente, rechargez-la, puis envoyez à nouveau."),
        status=403,
    )


def _page_keeps_input(request: HttpRequest) -> bool:
    return bool(request.resolver_match and getattr(request.resolver_match.func, "keeps_input", False))


def refused_form(request: HttpRequest, what: str, advice: str, status: int = 400) -> HttpResponse:
    return render(request, "parts/refused_form.html", {"what": what, "advice": advice}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", {"request_id": _request_id(request)}, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database, which may be what failed: then it is 503, to be tried again in a moment."""
    from django.template.loader import render_to_string

    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    context = {"request_id": _request_id(request), "language": translation.get_language(), "away": away}
    answer = HttpResponse(render_to_string("500.html", context), status=503 if away else 500)
    if away:
        answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _request_id(request: HttpRequest) -> str:
    return getattr(request, "id", "")


# --- Development only -------------------------------------------------------------------------------------------
def style(request: HttpRequest) -> HttpResponse:
    """Every component on one page, and the error pages, while developing."""
    if not settings.DEBUG:
        raise Http404
    match request.GET.get("erreur"):
        case "400":
            raise BadRequest("style")
        case "500":
            return server_error(request)
        case "403" | "404" as code:
            return render(request, f"{code}.html", status=int(code))
    from .components import FORM_STEPS, ROAD, StyleForm

    context: dict[str, Any] = {"form": StyleForm(request.POST or None), "steps": ROAD, "form_steps": FORM_STEPS}
    return render(request, "parts/style.html", context)
