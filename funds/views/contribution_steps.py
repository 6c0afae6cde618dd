"""What is done to a contribution: register, correct, withdraw, sign, receive, cancel, file papers."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from funds import access
from funds.forms import contributions as asked
from funds.models import Contribution, ContributionDocument, ContributionReceipt
from funds.services import contributions as services
from funds.services.versions import Changed, version_of
from sr_portal.accounts.access import only
from sr_portal.web.acting import act_on_form
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.templatetags.portal import usd

from .contributions import contribution_of

STEP = "funds/contributions/step.html"
writes = require_http_methods(["GET", "HEAD", "POST"])


def posted(request: HttpRequest) -> tuple[Any, Any]:
    if request.method == "POST":
        return request.POST, request.FILES
    return take_kept(request), None


def _home(pk: int) -> str:
    return reverse("funds:contribution", args=[pk])


def _must_record(request: HttpRequest, contribution: Contribution) -> None:
    if reasons := services.reasons_against_recording(request.user, contribution):
        raise PermissionDenied(" ".join(reasons))


def acted(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[], str],
    contribution: Contribution | None,
    **context: Any,
) -> HttpResponse:
    """Act once and say so; over a newer version, the page shows what stands and the form may be sent again."""
    shown = {"contribution": contribution, **context}

    def effect() -> str:
        try:
            return act()
        except Changed:
            if contribution is not None:
                shown["theirs"] = contribution_of(contribution.pk)
                form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
                form.data["seen"] = version_of(shown["theirs"])  # type: ignore[index]
            raise

    return act_on_form(request, STEP, form, effect, lambda: shown)


@writes
@keeps_input
@only(access.registers_contributions)
def create(request: HttpRequest) -> HttpResponse:
    data, files = posted(request)
    form = asked.PledgeForm(data, files)

    def act() -> str:
        made = services.register(by=request.user, values=form.values, paper=form.cleaned_data.get("paper"))
        messages.success(request, _("La contribution est inscrite. Les finances en enregistreront la signature."))
        return _home(made.pk)

    return acted(request, form, act, None, heading=_("Inscrire la contribution"))


@writes
@keeps_input
@only(access.registers_contributions)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = contribution_of(pk)
    data, files = posted(request)
    form = asked.PledgeForm(data, files, instance=contribution_of(pk))

    def act() -> str:
        services.correct(
            by=request.user, contribution=shown, values=form.values, seen=form.cleaned_data.get("seen", "")
        )
        messages.success(request, _("La fiche est à jour."))
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Modifier la fiche"))


@writes
@keeps_input
@only(access.registers_contributions)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    shown = contribution_of(pk)
    form = asked.ReasonForm(posted(request)[0])

    def act() -> str:
        services.withdraw_pledge(by=request.user, contribution=shown, reason=form.cleaned_data["reason"])
        messages.success(request, _("L’annonce est retirée."))
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Retirer l’annonce"), danger=True)


@writes
@keeps_input
@only(access.records_contributions)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    shown = contribution_of(pk)
    _must_record(request, shown)
    data, files = posted(request)
    form = asked.SignatureForm(data, files, contribution=shown)

    def act() -> str:
        services.sign(
            by=request.user, contribution=shown, given=form.given, agreement=form.cleaned_data.get("agreement"),
            seen=form.cleaned_data["seen"],
        )  # fmt: skip
        messages.success(request, _("La signature est enregistrée : les projets peuvent utiliser cet argent."))
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Enregistrer la signature"))


@writes
@keeps_input
@only(access.records_contributions)
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    shown = contribution_of(pk)
    _must_record(request, shown)
    data, files = posted(request)
    form = asked.ReceiptForm(data, files, contribution=shown)

    def act() -> str:
        cleaned = form.cleaned_data
        made = services.receive(
            by=request.user,
            contribution=shown,
            given=form.given,
            reference=cleaned["reference"],
            proof=cleaned["proof"],
        )
        made.refresh_from_db(fields=["amount_usd"])
        messages.success(request, _("L’encaissement est enregistré : %(amount)s.") % {"amount": usd(made.amount_usd)})
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Enregistrer l’encaissement"))


@writes
@keeps_input
@only(access.records_contributions)
def cancel_receipt(request: HttpRequest, pk: int, receipt_pk: int) -> HttpResponse:
    shown = contribution_of(pk)
    _must_record(request, shown)
    receipt = get_object_or_404(ContributionReceipt, contribution=pk, pk=receipt_pk, cancelled_at=None)
    if receipt.recorded_by_id == request.user.pk:
        raise PermissionDenied(_("Qui a enregistré un encaissement ne l’annule pas seul."))
    form = asked.ReasonForm(posted(request)[0])

    def act() -> str:
        services.cancel_receipt(by=request.user, receipt=receipt, reason=form.cleaned_data["reason"])
        messages.success(request, _("L’encaissement est annulé ; il reste au dossier."))
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Annuler l’encaissement"), danger=True, receipt=receipt)


@writes
@keeps_input
@only(access.files_contribution_papers)
def file_paper(request: HttpRequest, pk: int) -> HttpResponse:
    shown = contribution_of(pk)
    data, files = posted(request)
    form = asked.PaperForm(data, files)

    def act() -> str:
        cleaned = form.cleaned_data
        services.file_paper(by=request.user, contribution=shown, kind=cleaned["kind"], paper=cleaned["paper"])
        messages.success(request, _("La pièce est au dossier."))
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Ajouter la pièce"))


@writes
@keeps_input
@only(access.files_contribution_papers)
def withdraw_paper(request: HttpRequest, pk: int, paper_pk: int) -> HttpResponse:
    shown = contribution_of(pk)
    papers = ContributionDocument.objects.select_related("document").filter(document__withdrawn_at=None)
    paper = get_object_or_404(papers, contribution=pk, pk=paper_pk)
    form = asked.ReasonForm(posted(request)[0])

    def act() -> str:
        services.withdraw_paper(by=request.user, paper=paper, reason=form.cleaned_data["reason"])
        messages.success(request, _("La pièce est retirée ; elle reste conservée."))
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Retirer la pièce"), danger=True, paper=paper)
