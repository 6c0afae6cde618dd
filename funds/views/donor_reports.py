"""Reports owed to donors: the list of all, one of them, and what is done to it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from funds import access
from funds.forms.contributions import ReasonForm
from funds.forms.donor_reports import DonorReportFilter, DonorReportForm, SendForm
from funds.models import DonorReport, DonorReportState
from funds.services import donor_reports as services
from funds.services.versions import Changed, version_of
from sr_portal.accounts.access import only
from sr_portal.documents.serving import serve
from sr_portal.web import clock
from sr_portal.web.acting import act_on_form
from sr_portal.web.kept import keeps_input
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted

from .contribution_steps import posted, writes
from .contributions import contribution_of

STEP = "funds/donor_reports/step.html"
OF_STATE = {"a-transmettre": DonorReportState.DUE, "transmis": DonorReportState.SENT,
            "dispenses": DonorReportState.WAIVED}  # fmt: skip


def filtered(wanted: dict, user) -> QuerySet[DonorReport]:
    found = DonorReport.objects.all()
    if donor := wanted.get("donateur"):
        found = found.of_donor(donor)
    if mechanism := wanted.get("mecanisme"):
        found = found.filter(contribution__mechanism=mechanism)
    if word := wanted.get("etat"):
        found = found.late(clock.today()) if word == "en-retard" else found.filter(state=OF_STATE[word])
    return found.filter(responsible=user) if wanted.get("moi") else found


@require_safe
@only(access.reads_money)
def donor_reports(request: HttpRequest) -> HttpResponse:
    form = DonorReportFilter(request.GET)
    form.is_valid()
    found = filtered(form.cleaned_data, request.user)
    context = {
        "filter": form,
        "page": KeysetPage.of(found.for_list(), request.GET.get(PARAMETER, ""), order="due_on"),
        "count": counted(found),
        "is_filtered": any(form.cleaned_data.values()) or bool(form.errors),
        "today": clock.today(),
    }
    return render(request, "funds/donor_reports/list.html", context, status=422 if form.errors else 200)


def report_of(pk: int) -> DonorReport:
    found = DonorReport.objects.select_related(
        "contribution__donor",
        "contribution__mechanism",
        "responsible",
        "document",
        "sent_by",
        "waived_by",
        "undone_by",
        "created_by",
    )
    return get_object_or_404(found, pk=pk)


@require_safe
@only(access.reads_money)
def donor_report(request: HttpRequest, pk: int) -> HttpResponse:
    shown, user = report_of(pk), request.user
    due = shown.state == DonorReportState.DUE
    context = {
        "report": shown,
        "contribution": shown.contribution,
        "may_plan": due and access.plans_donor_reports(user),
        "may_undo": shown.state == DonorReportState.SENT and access.plans_donor_reports(user),
        "may_send": due and shown.contribution.signed_on and access.sends_donor_report(user, shown),
    }
    return render(request, "funds/donor_reports/page.html", context)


@require_safe
@only(access.reads_money)
def donor_report_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = DonorReport.objects.select_related("document").filter(document__withdrawn_at=None)
    document = get_object_or_404(found, pk=pk, state=DonorReportState.SENT).document
    assert document is not None  # noqa: S101  asked for above
    return serve(document)


def _home(pk: int) -> str:
    return reverse("funds:donor_report", args=[pk])


def _acted(request: HttpRequest, form: Any, act: Any, **context: Any) -> HttpResponse:
    """Act once; over a newer version, the page shows what stands and the form may be sent again."""

    def effect() -> str:
        try:
            return act()
        except Changed:
            context["theirs"] = report_of(context["report"].pk)
            form.data = form.data.copy()
            form.data["seen"] = version_of(context["theirs"])
            raise

    return act_on_form(request, STEP, form, effect, lambda: context)


@writes
@keeps_input
@only(access.plans_donor_reports)
def donor_report_plan(request: HttpRequest, pk: int) -> HttpResponse:
    contribution = contribution_of(pk)
    form = DonorReportForm(posted(request)[0])

    def act() -> str:
        services.plan(by=request.user, contribution=contribution, values=form.values)
        messages.success(request, _("Le rapport est inscrit ; la personne responsable en sera avertie."))
        return reverse("funds:contribution", args=[pk]) + "#donor-reports"

    return _acted(request, form, act, contribution=contribution, heading=_("Inscrire un rapport dû"))


@writes
@keeps_input
@only(access.plans_donor_reports)
def donor_report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = report_of(pk)
    form = DonorReportForm(posted(request)[0], instance=report_of(pk))

    def act() -> str:
        services.change(by=request.user, report=shown, values=form.values, seen=form.cleaned_data["seen"])
        messages.success(request, _("Le rapport dû est à jour."))
        return _home(pk)

    return _acted(
        request, form, act, report=shown, contribution=shown.contribution, heading=_("Modifier le rapport dû")
    )


@writes
@keeps_input
@only(access.sends_donor_reports_somewhere)
def donor_report_send(request: HttpRequest, pk: int) -> HttpResponse:
    shown = report_of(pk)
    if not access.sends_donor_report(request.user, shown):
        raise PermissionDenied
    data, files = posted(request)
    form = SendForm(data, files, report=shown)

    def act() -> str:
        services.send(by=request.user, report=shown, sending=form.sending)
        messages.success(request, _("L’envoi est enregistré ; le fichier transmis est conservé."))
        return _home(pk)

    return _acted(request, form, act, report=shown, contribution=shown.contribution, heading=_("Enregistrer l’envoi"))


@writes
@keeps_input
@only(access.plans_donor_reports)
def donor_report_waive(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(
        request, pk, services.waive, _("Enregistrer la dispense"),
        _("Le donateur n’attend plus ce rapport : personne n’en sera plus averti."),
        _("La dispense est enregistrée : ce rapport n’est plus attendu."),
    )  # fmt: skip


@writes
@keeps_input
@only(access.plans_donor_reports)
def donor_report_undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(
        request, pk, services.undo_sending, _("Retirer l’envoi enregistré"),
        _("Si l’envoi a été enregistré par erreur : le fichier sera retiré et le rapport de nouveau à transmettre."),
        _("L’envoi est retiré : le rapport est de nouveau à transmettre."),
    )  # fmt: skip


def _with_reason(request: HttpRequest, pk: int, service: Any, heading: str, follows: str, said: str) -> HttpResponse:
    shown, form = report_of(pk), ReasonForm(posted(request)[0])

    def act() -> str:
        service(by=request.user, report=shown, reason=form.cleaned_data["reason"])
        messages.success(request, said)
        return _home(pk)

    return _acted(
        request, form, act, report=shown, contribution=shown.contribution, danger=True, heading=heading, follows=follows
    )
