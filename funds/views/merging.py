"""Duplicates of the registry: those that are likely, and merging one into the record that goes on."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funds import access
from funds.forms.merging import ConfirmForm, SurvivorForm
from funds.likeness import likely_duplicates
from funds.models import Organisation
from funds.services import merging as services
from sr_portal.accounts.access import only
from sr_portal.web.acting import act_on_form


@require_safe
@only(access.merges_partners)
def partner_duplicates(request: HttpRequest) -> HttpResponse:
    return render(request, "funds/merging/duplicates.html", {"pairs": likely_duplicates()})


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
