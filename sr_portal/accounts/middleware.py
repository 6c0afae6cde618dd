"""What each request owes to who makes it: their language, and their second factor where it is compulsory."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponse]


class UserLanguageMiddleware:
    """The user's own language, else the cookie's or the browser's, else French."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        language = user.language if user.is_authenticated else translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SecondFactorMiddleware:
    """Send a holder of a role in `SECOND_FACTOR_ROLES` to the second factor's page until they have one."""

    OPEN_PREFIXES = ("/compte/", "/static/", "/healthz", "/readyz", "/langue/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.must_enrol(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def must_enrol(self, request: HttpRequest) -> bool:
        user = request.user
        return (
            user.is_authenticated
            and bool(settings.SECOND_FACTOR_ROLES)
            and not request.path.startswith(self.OPEN_PREFIXES)
            and any(role in settings.SECOND_FACTOR_ROLES for role in user.scopes)
            and not is_mfa_enabled(user)
        )
