"""Forms that decide or move money act once: double clicks, retries and replays lead to the first result."""

import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from .models import OneTimeKey

FIELD = "one_time_key"


def new_key() -> str:
    return str(uuid.uuid4())


def act_once(request: HttpRequest, effect: Callable[[], str]) -> HttpResponse:
    """Run `effect`, which returns the address of its result, in the same transaction as the form's key; redirect there.

    A replay of the key redirects to the first result without running anything. A second click that arrives while the
    first is at work waits for it on the unique key. A key that is missing, malformed or that served somebody else or
    another form is refused with status 400. Whatever `effect` raises undoes the key too, so the form can be sent again.
    """
    key = _parsed(request.POST.get(FIELD, ""))
    if key is None:
        return _refused(request)
    user_id = request.user.pk
    path = request.path[:500]
    with transaction.atomic():
        try:
            with transaction.atomic():
                OneTimeKey.objects.create(key=key, user_id=user_id, path=path)
        except IntegrityError:
            first = OneTimeKey.objects.get(key=key)
            if (first.user_id, first.path) != (user_id, path):
                return _refused(request)
            return HttpResponseRedirect(first.result)
        result = effect()
        OneTimeKey.objects.filter(key=key).update(result=result)
    return HttpResponseRedirect(result)


def _parsed(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _refused(request: HttpRequest) -> HttpResponse:
    from .views import refused_form

    return refused_form(
        request,
        _("Ce formulaire n’a plus de clé valable : rien n’a été enregistré."),
        _("Revenez à la page précédente, rechargez-la, vérifiez ce que vous aviez saisi, puis envoyez à nouveau."),
    )
