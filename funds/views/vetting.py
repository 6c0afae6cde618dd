"""The vettings of a partner with their documents, and the assessments of its capacity."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funds import access
from funds.forms.partners import AssessmentForm
from funds.models import CapacityCriterion, Organisation, VettingDocument
from funds.services import vetting as services
from funds.services.partners import reasons_against_vetting
from sr_portal.accounts.access import only
from sr_portal.documents.serving import serve
from sr_portal.web.acting import act_on_form
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.keyset import PARAMETER, KeysetPage


def _found(pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("region").defer("region__outline"), pk=pk)


@require_safe
@only(access.reads_partners)
def partner_vettings(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _found(pk)
    rows = shown.vettings.select_related("recorded_by").prefetch_related("documents__document")
    context = {
        "partner": shown,
        "page": KeysetPage.of(rows, request.GET.get(PARAMETER, ""), order="-recorded_at"),
        "may_read_documents": access.reads_vetting_documents(request.user),
    }
    return render(request, "funds/vetting/vettings.html", context)


@require_safe
@only(access.reads_vetting_documents)
def partner_vetting_document(request: HttpRequest, pk: int, public_id) -> HttpResponseBase:
    found = VettingDocument.objects.filter(document__withdrawn_at=None).select_related("document")
    return serve(get_object_or_404(found, vetting__organisation_id=pk, document__public_id=public_id).document)


@require_safe
@only(access.reads_partners)
def partner_assessments(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _found(pk)
    rows = services.with_scores(shown.assessments)
    context = {
        "partner": shown,
        "page": KeysetPage.of(rows, request.GET.get(PARAMETER, ""), order="-assessed_on", size=20),
        "may_assess": access.vets(request.user, shown) and not reasons_against_vetting(request.user, shown),
    }
    return render(request, "funds/vetting/assessments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.vets_somewhere)
def partner_assess(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _found(pk)
    if not access.vets(request.user, shown) or reasons_against_vetting(request.user, shown):
        raise PermissionDenied
    criteria = list(CapacityCriterion.objects.filter(is_active=True))
    form = AssessmentForm(request.POST if request.method == "POST" else take_kept(request), criteria=criteria)

    def act() -> str:
        services.assess(by=request.user, organisation=shown, values=form.values, scores=form.scores)
        messages.success(request, _("L’évaluation est enregistrée."))
        return reverse("funds:partner_assessments", args=[pk])

    return act_on_form(request, "funds/vetting/assess.html", form, act, {"partner": shown})
