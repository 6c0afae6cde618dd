"""What every request needs to know about its user: their language, and whether a second factor is still missing."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from . import second_factor

GetResponse = Callable[[HttpRequest], HttpResponse]

# What somebody without their compulsory second factor may still open: enough to set it up, or to leave.
OPEN_WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "set_language",
        "healthz",
        "readyz",
    }
)


class UserLanguageMiddleware:
    """Language of the page: the user's own choice, then the cookie's, then the browser's, then French."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.offered = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = self.language_of(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or code)
        return response

    def language_of(self, request: HttpRequest) -> str:
        user = request.user
        if user.is_authenticated and user.language in self.offered:
            return user.language
        # Django reads the cookie, then Accept-Language, then falls back on LANGUAGE_CODE.
        return translation.get_language_from_request(request)


class SecondFactorMiddleware:
    """Sends the holder of a role that asks for a second factor to its set-up until it is done.

    The check is made on the resolved view, so that an address under another prefix cannot slip past it. Nothing of
    the request is carried out: a POST is answered by the same redirection.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func, view_args, view_kwargs) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name in OPEN_WITHOUT_SECOND_FACTOR or not settings.SECOND_FACTOR_ROLES:
            return None
        user = request.user
        if not user.is_authenticated or not second_factor.is_compulsory(user) or second_factor.is_set_up(user):
            return None
        target = reverse("mfa_activate_totp")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return redirect(target)
