"""A small site that has one page of each kind that the machinery serves."""

from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from sr_portal.accounts.models import User
from sr_portal.urls import urlpatterns as portal
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.once import act_once


def spend(request: HttpRequest) -> HttpResponse:
    """Each effect is one more user, so that it can be counted."""

    def effect() -> str:
        if "fail" in request.POST:
            raise ValueError("the effect fails")
        made = User.objects.create(email=f"effect{User.objects.count()}@portail.example", name="Effet")
        return f"/effets/{made.pk}/"

    return act_once(request, effect)


@keeps_input
@login_required
def write(request: HttpRequest) -> HttpResponse:
    kept = take_kept(request)
    return HttpResponse(kept["title"] if kept else "nothing kept")


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def cut_off(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the database system is in recovery mode")


urlpatterns = [
    path("depenser/", spend),
    path("depenser-ailleurs/", spend),
    path("ecrire/", write),
    path("panne/", fail),
    path("coupure/", cut_off),
    path("", include(portal)),
]
handler400 = "sr_portal.web.views.bad_request"
handler500 = "sr_portal.web.views.server_error"
