"""« Mon calendrier »: make, renew or revoke the address at which a calendar program reads one's deadlines."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sr_portal.accounts import calendar_keys
from sr_portal.accounts.models import CalendarKey
from sr_portal.web.once import act_once


@never_cache
@require_safe
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    key = CalendarKey.objects.filter(user=request.user).first()
    # An address that was revoked in between, from another page, is not shown as if it still served.
    shown = calendar_keys.take_shown(request) if key else ""
    return render(request, "accounts/calendar.html", {"key": key, "address": shown})


@require_POST
@login_required
def renew(request: HttpRequest) -> HttpResponse:
    def effect() -> str:
        calendar_keys.show_once(request, calendar_keys.renew(request.user))
        return reverse("accounts:calendar")

    return act_once(request, effect)


@require_POST
@login_required
def revoke(request: HttpRequest) -> HttpResponse:
    def effect() -> str:
        calendar_keys.revoke(request.user)
        messages.success(request, _("L’adresse est révoquée\u00a0: aucun calendrier ne la lit plus."))
        return reverse("accounts:calendar")

    return act_once(request, effect)
