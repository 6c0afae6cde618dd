"""« Webhooks »: one's own, or those of somebody for who looks after people; make one, change it, stop it, delete it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sr_portal.accounts import rules
from sr_portal.accounts.access import only
from sr_portal.accounts.models import User
from sr_portal.history.reading import changes_of
from sr_portal.web.acting import act_on_form
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted
from sr_portal.web.once import act_once

from . import secrets_kept, services
from .following import followed
from .forms import EndpointForm, LogFilter
from .models import Endpoint, State
from .querysets import TEST


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own(request: HttpRequest) -> HttpResponse:
    form = EndpointForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST":
        form.is_valid()  # looks up a name: before the transaction, which must not wait for it

    def act() -> str:
        endpoint = services.make(by=request.user, **form.cleaned_data)
        secrets_kept.show_once(request, endpoint)
        return reverse("webhooks:endpoint", args=[endpoint.pk])

    return act_on_form(request, "webhooks/list.html", form, act, lambda: _listed(request.user, request.user))


@never_cache
@require_safe
@only(rules.may_see_people)
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    return render(request, "webhooks/list.html", _listed(person, request.user))


def _listed(person: User, reader: User) -> dict:
    return {
        "person": person,
        "is_own": person.pk == reader.pk,
        "endpoints": list(person.webhooks.all()),
        "titles": {kind: resource.title for kind, resource in followed().items()},
        "has_role": bool(person.scopes),
    }


@never_cache
@require_safe
@login_required
def endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    """The webhook itself, and what was sent to it, the newest first."""
    found = endpoint_for(request, pk)
    form = LogFilter(request.GET)
    form.is_valid()  # a value that cannot be read is an error of its field and filters nothing
    state = form.cleaned_data.get("etat", "")
    log = found.deliveries.in_state(state)
    known = followed()
    context = {
        **about(request, found),
        "form": form,
        "secret": secrets_kept.take_shown(request, found),
        "titles": [known[kind].title for kind in found.kinds if kind in known],
        "page": KeysetPage.of(log.for_log(), request.GET.get(PARAMETER, ""), order="-created_at"),
        "count": counted(log),
        "state": state,
        "has_failed": found.deliveries.filter(state=State.FAILED).exclude(kind=TEST).exists(),
    }
    return render(request, "webhooks/endpoint.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found = endpoint_for(request, pk)
    if not services.owns(request.user, found):
        raise PermissionDenied
    given = {name: getattr(found, name) for name in ("name", "url", "kinds", "scope")}
    form = EndpointForm(request.POST if request.method == "POST" else None, user=request.user, initial=given)
    if request.method == "POST":
        form.is_valid()

    def act() -> str:
        services.change(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Le webhook est modifié."))
        return reverse("webhooks:endpoint", args=[pk])

    return act_on_form(request, "webhooks/change.html", form, act, about(request, found))


@require_safe
@login_required
def history(request: HttpRequest, pk: int) -> HttpResponse:
    found = endpoint_for(request, pk)
    happened = changes_of(
        found,
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "webhooks/history.html", {**about(request, found), "history": happened})


# --- What is done with one click -------------------------------------------------------------------------------------
@require_POST
@login_required
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: Endpoint) -> None:
        secrets_kept.show_once(request, services.renew_secret(found, by=request.user))

    return _done(request, pk, act, _("Un nouveau secret signe dès maintenant ; l’ancien signe aussi pendant un jour."))


@require_POST
@login_required
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: Endpoint) -> None:
        services.pause(found, by=request.user)

    return _done(request, pk, act, _("Le webhook est en pause : ce qui change attendra."))


@require_POST
@login_required
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: Endpoint) -> None:
        services.resume(found, by=request.user)

    return _done(request, pk, act, _("Le webhook reprend : ce qui a changé entre-temps part maintenant."))


def _done(request: HttpRequest, pk: int, act: Callable[[Endpoint], None], said: str) -> HttpResponse:
    found = endpoint_for(request, pk)

    def effect() -> str:
        act(found)
        messages.success(request, said)
        return reverse("webhooks:endpoint", args=[pk])

    return act_once(request, effect)


@require_POST
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = endpoint_for(request, pk)

    def effect() -> str:
        services.delete(found, by=request.user)
        messages.success(request, _("Le webhook « %(name)s » est supprimé.") % {"name": found.name})
        return list_of(request, found)

    return act_once(request, effect)


# --- Found, or not there ---------------------------------------------------------------------------------------------
def endpoint_for(request: HttpRequest, pk: int) -> Endpoint:
    """One of one's own, or anybody's for those who look after people; else it does not exist."""
    found = get_object_or_404(Endpoint.objects.select_related("user"), pk=pk)
    if not services.may_read(request.user, found):
        raise Http404
    return found


def list_of(request: HttpRequest, found: Endpoint) -> str:
    own_one = found.user_id == request.user.pk
    return reverse("webhooks:list") if own_one else reverse("webhooks:person", args=[found.user_id])


def about(request: HttpRequest, found: Endpoint) -> dict:
    return {
        "endpoint": found,
        "back": list_of(request, found),
        "is_own": services.owns(request.user, found),
        "may_act": services.may_act(request.user, found),
    }
