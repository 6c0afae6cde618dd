"""The envelopes of each fiscal year: what they hold, what projects have reserved, what is left."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funds import access, rules
from funds.forms.envelopes import AmountForm, EnvelopeForm
from funds.models import Envelope, Mechanism
from funds.services import envelopes as services
from sr_portal.accounts.access import only
from sr_portal.history.reading import changes_of
from sr_portal.web import clock
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.keyset import PARAMETER, KeysetPage
from sr_portal.web.once import act_once
from sr_portal.web.templatetags.portal import usd


@require_safe
@only(access.reads_money)
def envelopes(request: HttpRequest) -> HttpResponse:
    rows = Envelope.objects.with_flows().select_related("mechanism").order_by("-fiscal_year", "mechanism_id")
    years = [(year, list(lines)) for year, lines in groupby(rows, key=lambda envelope: envelope.fiscal_year)]
    today = clock.today()
    mechanisms = list(Mechanism.objects.all())
    held = {(envelope.mechanism_id, envelope.fiscal_year) for _year, lines in years for envelope in lines}
    lacking = [
        mechanism
        for mechanism in mechanisms
        if (mechanism.code, rules.fiscal_year_of(today, mechanism.fiscal_year_first_month)) not in held
    ]
    context = {"years": years, "lacking": lacking, "may_set": access.sets_envelopes(request.user)}
    return render(request, "funds/envelopes.html", context)


@require_safe
@only(access.reads_money)
def envelope(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Envelope.objects.with_flows().select_related("mechanism"), pk=pk)
    first, last = shown.bounds
    visible = shown.projects.visible_to(request.user)
    page = KeysetPage.of(
        visible.select_related("region").only(
            "reference",
            "title",
            "state",
            "reserved_usd",
            "obligated_usd",
            "paid_usd",
            "refunded_usd",
            "region__name",
            "state_since",
        ),
        request.GET.get(PARAMETER, ""),
        order="-reserved_usd",
    )
    everything = shown.projects.count()
    context = {
        "envelope": shown,
        "first": first,
        "last": last,
        "page": page,
        "count": everything,
        "hidden": everything - visible.count(),
        "may_set": access.sets_envelopes(request.user),
        "is_over": last < clock.today(),
        "carried_in": list(shown.carried_in.select_related("source__mechanism", "carried_by")),
        "carried_out": list(shown.carried_out.select_related("target__mechanism", "carried_by")),
    }
    return render(request, "funds/envelope.html", context)


@require_safe
@only(access.reads_money)
def envelope_history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Envelope.objects.select_related("mechanism"), pk=pk)
    found = changes_of(
        shown,
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "funds/envelope_history.html", {"envelope": shown, "history": found})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.sets_envelopes)
def envelope_create(request: HttpRequest) -> HttpResponse:
    form = EnvelopeForm(request.POST if request.method == "POST" else take_kept(request))
    if request.method == "POST":

        def effect() -> str:
            if not form.is_valid():
                raise ValidationError("")
            made = services.set_envelope(by=request.user, **form.cleaned_data)
            messages.success(request, _("L’enveloppe est ouverte : %(amount)s.") % {"amount": usd(made.amount_usd)})
            return reverse("funds:envelope", args=[made.pk])

        try:
            return act_once(request, effect)
        except ValidationError as error:
            if not form.errors:
                form.add_error(None, error.messages)
    context = {"form": form}
    return render(request, "funds/envelope_form.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.sets_envelopes)
def envelope_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Envelope.objects.select_related("mechanism"), pk=pk)
    form = AmountForm(request.POST if request.method == "POST" else take_kept(request), envelope=shown)
    if request.method == "POST":

        def effect() -> str:
            if not form.is_valid():
                raise ValidationError("")
            changed = services.adjust_envelope(by=request.user, envelope=shown, **form.cleaned_data)
            messages.success(request, _("L’enveloppe est portée à %(amount)s.") % {"amount": usd(changed.amount_usd)})
            return reverse("funds:envelope", args=[pk])

        try:
            return act_once(request, effect)
        except services.Moved as error:
            form.data = form.data.copy()
            form.data["seen_usd"] = str(Envelope.objects.values_list("amount_usd", flat=True).get(pk=pk))
            form.add_error(None, error)
        except ValidationError as error:
            if not form.errors:
                form.add_error(None, error)
    context = {"form": form, "envelope": shown}
    return render(request, "funds/envelope_form.html", context, status=422 if request.method == "POST" else 200)
