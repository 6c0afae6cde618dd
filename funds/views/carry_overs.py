"""Carrying the unreserved money of a year that is over: typed, shown as it would stand, then confirmed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from funds import access
from funds.forms.carry_overs import CarryForm
from funds.models import Envelope
from funds.services import carry_overs as services
from sr_portal.accounts.access import only
from sr_portal.web.acting import act_on_form
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.templatetags.portal import usd


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@only(access.sets_envelopes)
def carry_over(request: HttpRequest, pk: int) -> HttpResponse:
    """GET with an amount shows what would stand where, and the button that confirms it."""
    shown = _envelope(pk)
    data = request.POST if request.method == "POST" else take_kept(request)
    if data is None and "amount_usd" in request.GET:
        data = request.GET
    form = CarryForm(data, available=shown.available_usd, most=services.most(shown))

    def effect() -> str:
        made = services.carry_over(by=request.user, source=shown, **form.cleaned_data)
        told = _("%(amount)s sont reportés sur l’exercice %(year)s.")
        messages.success(request, told % {"amount": usd(made.amount_usd), "year": made.target.label})
        return reverse("funds:envelope", args=[made.target_id])

    def context() -> dict:
        """As things stand now: after a refusal they may have moved."""
        now = _envelope(pk)
        most = services.most(now)
        previewed = form.cleaned_data.get("amount_usd") if form.is_bound and form.is_valid() else None
        if previewed is not None and previewed > most:
            form.add_error("amount_usd", _("Au plus %(most)s.") % {"most": usd(most)})
        return {
            "envelope": now,
            "against": services.reasons_against(now),
            "most": most,
            "target": services.next_of(now),
            "preview": services.preview(now, previewed) if previewed else None,
        }

    return act_on_form(request, "funds/carry_over.html", form, effect, context, refused=_refused)


def _envelope(pk: int) -> Envelope:
    return get_object_or_404(Envelope.objects.select_related("mechanism"), pk=pk)


def _refused(error: DatabaseError) -> ValidationError:
    """The database refuses what moved in the meantime; anything else is no refusal of this rule."""
    if "carry_over_" in str(error) or "envelope_covers_reservations" in str(error):
        return ValidationError(_("L’enveloppe vient de changer : vérifiez, puis recommencez."))
    raise error
