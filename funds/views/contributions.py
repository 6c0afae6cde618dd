"""Contributions: the list, and all that is known of one – stages, money in, earmark, who uses it, papers, history."""

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from funds import access
from funds.forms.contributions import STAGES, ContributionFilter
from funds.models import Contribution, ContributionDocument, ContributionReceipt, DonorReport, Stage
from funds.services import contributions as services
from funds.themes import theme_shown, themes
from sr_portal.accounts.access import only
from sr_portal.documents.serving import serve
from sr_portal.history.reading import changes_of, records_of
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted

AT_STAGE = {
    Stage.PLEDGED: Q(signed_on=None, withdrawn_on=None),
    Stage.SIGNED: Q(signed_on__isnull=False, received_amount=0),
    Stage.PARTLY_RECEIVED: Q(received_amount__gt=0, received_amount__lt=F("signed_amount")),
    Stage.RECEIVED: Q(received_amount__gt=0, received_amount=F("signed_amount")),
    Stage.WITHDRAWN: Q(withdrawn_on__isnull=False),
}


def contribution_of(pk: int) -> Contribution:
    found = Contribution.objects.select_related("donor", "mechanism", "region", "registered_by", "signature_by")
    return get_object_or_404(found.defer("region__outline"), pk=pk)


def filtered(wanted: dict) -> QuerySet[Contribution]:
    found = Contribution.objects.all()
    if text := wanted.get("q"):
        found = found.filter(
            Q(title__unaccent__icontains=text)
            | Q(reference__icontains=text)
            | Q(donor__name__unaccent__icontains=text)
            | Q(donor__acronym__iexact=text)
        )
    if mechanism := wanted.get("mecanisme"):
        found = found.filter(mechanism=mechanism)
    if donor := wanted.get("donateur"):
        found = found.filter(donor=donor)
    if word := wanted.get("etape"):
        found = found.filter(AT_STAGE[dict(STAGES)[word]])
    return found


@require_safe
@only(access.reads_money)
def contributions(request: HttpRequest) -> HttpResponse:
    form = ContributionFilter(request.GET)
    form.is_valid()
    found = filtered(form.cleaned_data)
    rows = found.select_related("donor", "region").defer("region__outline").annotate(theme_shown=theme_shown())
    page = KeysetPage.of(rows, request.GET.get(PARAMETER, ""), order="-pledged_on")
    context = {
        "filter": form,
        "page": page,
        "count": counted(found),
        "is_filtered": any(form.cleaned_data.values()) or bool(form.errors),
        "may_register": access.registers_contributions(request.user),
    }
    return render(request, "funds/contributions/list.html", context, status=422 if form.errors else 200)


@require_safe
@only(access.reads_money)
def contribution(request: HttpRequest, pk: int) -> HttpResponse:
    shown, user = contribution_of(pk), request.user
    receipts = list(shown.receipts.select_related("recorded_by", "cancelled_by", "proof"))
    held = shown.allocations.filter(project__in=_readable(user))
    page = KeysetPage.of(
        held.select_related("project__region").only(
            "amount_usd", "project__reference", "project__title", "project__state", "project__region__name"
        ),
        request.GET.get(PARAMETER, ""), order="-amount_usd",
    )  # fmt: skip
    against = services.reasons_against_recording(user, shown)
    records = access.records_contributions(user)
    context = {
        "contribution": shown,
        "theme": themes().get(shown.theme, shown.theme) if shown.theme else "",
        "receipts": receipts,
        "papers": shown.papers.select_related("document", "filed_by"),
        "page": page,
        "hidden": shown.allocations.count() - held.count(),
        "may_register": access.registers_contributions(user),
        "may_record": records and not against,
        "against": against if records else [],
        "donor_reports": shown.donor_reports.select_related("responsible", "document"),
        "may_file": access.files_contribution_papers(user),
    }
    return render(request, "funds/contributions/page.html", context)


def _readable(user) -> QuerySet:
    projects = Contribution.allocations.rel.related_model.project.field.related_model
    return projects.objects.visible_to(user).values("pk")


@require_safe
@only(access.reads_money)
def contribution_history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = contribution_of(pk)
    found = changes_of(
        shown,
        records_of(ContributionReceipt, contribution=pk),
        records_of(ContributionDocument, contribution=pk),
        records_of(DonorReport, contribution=pk),
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "funds/contributions/history.html", {"contribution": shown, "history": found})


@require_safe
@only(access.reads_money)
def paper(request: HttpRequest, pk: int, paper_pk: int) -> HttpResponseBase:
    found = ContributionDocument.objects.select_related("document").filter(document__withdrawn_at=None)
    return serve(get_object_or_404(found, contribution=pk, pk=paper_pk).document)


@require_safe
@only(access.reads_money)
def proof(request: HttpRequest, pk: int, receipt_pk: int) -> HttpResponseBase:
    found = ContributionReceipt.objects.select_related("proof").filter(proof__isnull=False, proof__withdrawn_at=None)
    document = get_object_or_404(found, contribution=pk, pk=receipt_pk).proof
    assert document is not None  # noqa: S101  asked for above
    return serve(document)
