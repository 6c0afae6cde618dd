"""What was sent to a webhook: a test, one message in full, sending again."""

import json
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sr_portal.web.once import act_once

from . import services
from .following import body_of, followed
from .pages import about, endpoint_for


@never_cache
@require_safe
@login_required
def delivery(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """One message. What it says is shown to its owner alone: it is what they may read, not who looks after them."""
    endpoint = endpoint_for(request, pk)
    found = get_object_or_404(endpoint.deliveries.select_related("endpoint__user", "asked_by"), pk=key)
    resource = followed().get(found.kind)
    context = {
        **about(request, endpoint),
        "delivery": found,
        "title": resource.title if resource else "",
        "body": _readable(body_of(found)) if services.owns(request.user, endpoint) else "",
    }
    return render(request, "webhooks/delivery.html", context)


def _readable(body: bytes | None) -> str:
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2) if body else ""


@require_POST
@login_required
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = endpoint_for(request, pk)

    def effect() -> str:
        try:
            made = services.send_test(endpoint, by=request.user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return reverse("webhooks:endpoint", args=[pk])
        messages.success(request, _("Un essai part : rechargez cette page dans un instant pour voir s’il arrive."))
        return reverse("webhooks:delivery", args=[pk, made.pk])

    return act_once(request, effect)


@require_POST
@login_required
def replay(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    endpoint = endpoint_for(request, pk)
    found = get_object_or_404(endpoint.deliveries.select_related("endpoint"), pk=key)

    def effect() -> str:
        try:
            services.replay(found, by=request.user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("L’envoi repart, sous le même numéro."))
        return reverse("webhooks:delivery", args=[pk, key])

    return act_once(request, effect)


@require_POST
@login_required
def replay_failed(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = endpoint_for(request, pk)

    def effect() -> str:
        count = services.replay_failed(endpoint, by=request.user)
        said = ngettext("%(count)d envoi repart.", "%(count)d envois repartent.", count) % {"count": count}
        messages.success(request, said)
        return reverse("webhooks:endpoint", args=[pk])

    return act_once(request, effect)
