"""What somebody typed survives the end of their session: it waits in the browser's session for the next sign-in."""

import functools
from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from . import clock

SESSION_KEY = "kept_input"
LARGEST_BYTES = 200 * 1024
LONGEST_SECONDS = 12 * 3600
DROPPED = frozenset({"csrfmiddlewaretoken", "one_time_key", "account_number"})  # what must not rest in a session

View = Callable[..., HttpResponse]


def keeps_input(view: View) -> View:
    """An anonymous POST to this view keeps its data and leads to the sign-in page, then back to the same address.

    Place it above `login_required`. The view reads the data back with `take_kept(request)`. Files are not kept.
    """

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            return keep_and_sign_in(request)
        return view(request, *args, **kwargs)

    wrapper.keeps_input = True  # type: ignore[attr-defined]  # read by the CSRF failure page
    return wrapper


def keep(request: HttpRequest) -> bool:
    """Store the typed data in the session; False when they are larger than 200 KB."""
    data = request.POST.copy()
    for name in list(data):
        if name in DROPPED or "password" in name.lower():
            del data[name]
    encoded = data.urlencode()
    if len(encoded) > LARGEST_BYTES:
        return False
    request.session[SESSION_KEY] = {"path": request.path, "data": encoded, "at": clock.now().timestamp()}
    return True


def keep_and_sign_in(request: HttpRequest) -> HttpResponse:
    if keep(request):
        messages.info(
            request, _("Votre session a expiré. Ce que vous avez saisi est gardé : connectez-vous pour le retrouver.")
        )
    else:
        messages.warning(request, _("Votre session a expiré et la saisie est trop longue pour être gardée."))
    answer = redirect_to_login(request.path)
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(answer["Location"])
    return answer


def take_kept(request: HttpRequest) -> QueryDict | None:
    """The data kept for this address, once; None when there is none or when they are older than 12 hours."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    if clock.now().timestamp() - kept["at"] > LONGEST_SECONDS:
        return None
    return QueryDict(kept["data"])


def typed_or_kept(request: HttpRequest) -> QueryDict | None:
    """What a form is read from: what was just sent, else what was kept for this address."""
    return request.POST if request.method == "POST" else take_kept(request)


def came_from_here(request: HttpRequest) -> bool:
    """True when the browser itself says that the form was on one of our own pages."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(origin) and urlsplit(origin).netloc == request.get_host()
