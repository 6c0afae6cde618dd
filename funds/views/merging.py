"""Duplicates of the registry: those that are likely, and merging one into the record that goes on."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funds import access
from funds.forms.merging import ConfirmForm, DistinctForm, SurvivorForm
from funds.likeness import likely_duplicates
from funds.models import DistinctPair, Organisation
from funds.services import merging as services
from funds.services.distinct_pairs import lift_mark, mark_distinct
from sr_portal.accounts.access import only
from sr_portal.web.acting import act_on_form
from sr_portal.web.kept import keeps_input, take_kept

MARKED_SHOWN = 100


@require_safe
@only(access.merges_partners)
def partner_duplicates(request: HttpRequest) -> HttpResponse:
    marked = DistinctPair.objects.filter(lifted_at=None).select_related("earlier", "later", "marked_by")
    context = {"pairs": likely_duplicates(), "marked": marked[:MARKED_SHOWN]}
    return render(request, "funds/merging/duplicates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.merges_partners)
def partner_distinct(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Say of two records that look alike that they are two organisations."""
    known = Organisation.objects.current().select_related("region").defer("region__outline")
    later, earlier = get_object_or_404(known, pk=pk), get_object_or_404(known, pk=other)
    form = DistinctForm(request.POST if request.method == "POST" else take_kept(request))

    def act() -> str:
        mark_distinct(by=request.user, one=later, other=earlier, reason=form.cleaned_data["reason"])
        messages.success(request, _("Les deux fiches sont marquées différentes : elles ne sont plus proposées."))
        return reverse("funds:partner_duplicates")

    context = {"partner": later, "survivor": earlier}
    return act_on_form(request, "funds/merging/distinct.html", form, act, context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(access.merges_partners)
def partner_distinct_lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Take that word back."""
    pair = get_object_or_404(DistinctPair.objects.select_related("earlier", "later", "marked_by"), pk=pk)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def act() -> str:
        lift_mark(by=request.user, pair=pair)
        messages.success(
            request, _("La marque est levée : si elles se ressemblent, ces fiches sont proposées de nouveau.")
        )
        return reverse("funds:partner_duplicates")

    return act_on_form(request, "funds/merging/lift.html", form, act, {"pair": pair})


@require_http_methods(["GET", "HEAD", "POST"])
@only(access.merges_partners)
def partner_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the record that goes on (?avec=), read what will move, confirm."""
    duplicate = get_object_or_404(Organisation.objects.select_related("region").defer("region__outline"), pk=pk)
    gone = duplicate.merged_into_id is not None and request.method != "POST"  # sent twice, it leads to the first result
    if gone or services.reasons_against_merging(request.user, duplicate):
        raise PermissionDenied
    chosen = SurvivorForm(request.GET if request.GET else None, duplicate=duplicate)
    if not (request.GET and chosen.is_valid()):
        context = {"partner": duplicate, "form": chosen}
        return render(request, "funds/merging/choose.html", context, status=422 if chosen.errors else 200)
    survivor = chosen.cleaned_data["avec"]
    if services.reasons_against_merging(request.user, survivor):
        raise PermissionDenied
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        services.merge(by=request.user, duplicate=duplicate, survivor=survivor, seen=form.cleaned_data["seen"])
        messages.success(request, _("Les deux fiches sont réunies."))
        return reverse("funds:partner", args=[survivor.pk])

    def context() -> dict:
        found: dict = {"partner": duplicate, "survivor": survivor}
        for record in (duplicate, survivor):
            record.refresh_from_db()
        try:
            found["outcome"] = services.preview(by=request.user, duplicate=duplicate, survivor=survivor)
            found["seen"] = services.seen_of(duplicate, survivor, found["outcome"])
        except ValidationError as refusal:
            found["obstacles"] = refusal.messages
        return found

    return act_on_form(request, "funds/merging/confirm.html", form, act, context)
