"""Bank details of a partner: enter, read with a reason, compare and verify, retire; who read what."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from funds import access, account_numbers
from funds.forms.bank import BankAccountForm, DecisionForm, ReadingForm, RetirementForm
from funds.models import BankAccount, BankAccountStatus, BankReading, Organisation
from funds.services import bank as services
from funds.standing import account_standing
from sr_portal import encryption
from sr_portal.accounts.access import only
from sr_portal.documents.serving import serve
from sr_portal.web.acting import act_on_form
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.keyset import PARAMETER, KeysetPage

TO_VERIFY, VERIFIED = BankAccountStatus.TO_VERIFY, BankAccountStatus.VERIFIED


# --- Finding --------------------------------------------------------------------------------------------------------
def _partner(pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("region").defer("region__outline"), pk=pk)


def _account(pk: int, account_pk: int) -> BankAccount:
    found = BankAccount.objects.with_people().select_related("organisation")
    return get_object_or_404(found, pk=account_pk, organisation=pk)


def _must(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _context(user, account: BankAccount) -> dict:
    return {
        "account": account,
        "partner": account.organisation,
        "standing": account_standing(account),
        "may_read": access.reads_bank_numbers(user, account.organisation),
        "may_open_proof": services.may_open_proof(user, account),
        "others": services.others_with_the_number_of(account),
    }


def _home(account: BankAccount) -> str:
    return reverse("funds:bank_accounts", args=[account.organisation_id])


# --- The accounts of a partner --------------------------------------------------------------------------------------
@require_safe
@only(access.reads_partners)
def accounts(request: HttpRequest, pk: int) -> HttpResponse:
    shown, user = _partner(pk), request.user
    against_entering = services.reasons_against_entering(user, shown)
    may_verify = access.verifies_bank_details(user, shown) and not against_entering
    found = list(shown.bank_accounts.with_people())
    context = {
        "partner": shown,
        "rows": [
            {
                "account": account,
                "standing": account_standing(account),
                "may_verify": may_verify and account.status == TO_VERIFY and account.entered_by_id != user.pk,
                "may_retire": may_verify and account.status == VERIFIED,
            }
            for account in found
        ],
        "has_verified": any(account.status == VERIFIED for account in found),
        "may_enter": access.enters_bank_details(user, shown) and not against_entering,
        "against_entering": against_entering if access.enters_bank_details(user, shown) else [],
        "may_read": access.reads_bank_numbers(user, shown),
    }
    return render(request, "funds/bank_accounts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("account_number")
@never_cache
@keeps_input
@only(access.enters_bank_details_somewhere)
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _partner(pk)
    _must(access.enters_bank_details(request.user, shown))
    against = services.reasons_against_entering(request.user, shown)
    if against:
        raise PermissionDenied(" ".join(against))
    kept = None if request.method == "POST" else take_kept(request)
    if kept is not None:
        messages.warning(request, _("Le numéro et le document ne sont jamais gardés : donnez-les de nouveau."))
    form = BankAccountForm(
        request.POST if request.method == "POST" else None, request.FILES or None, organisation=shown,
        initial=kept.dict() if kept else None,
    )  # fmt: skip

    def act() -> str:
        made = services.enter(
            by=request.user, organisation=shown, values=form.cleaned_data, proof=form.cleaned_data["proof"]
        )
        messages.success(request, _("Le compte est enregistré. Quelqu’un des finances doit le vérifier."))
        return _home(made)

    context = {
        "partner": shown,
        "current": shown.bank_accounts.current(),
        "typed_once_more": request.method == "POST",
    }
    return act_on_form(request, "funds/bank_form.html", form, act, context)


# --- Reading --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@only(access.reads_bank_numbers_somewhere)
@sensitive_variables("number", "shown")
def read(request: HttpRequest, pk: int, account_pk: int) -> HttpResponse:
    """Ask why; then show the number in the answer itself, once: sent again, the same form shows nothing."""
    account = _account(pk, account_pk)
    _must(access.reads_bank_numbers(request.user, account.organisation))
    form = ReadingForm(request.POST if request.method == "POST" else take_kept(request))
    shown: list[str] = []

    def act() -> str:
        _reading, number = services.read_number(by=request.user, account=account, reason=form.cleaned_data["reason"])
        shown.append(number)
        return request.path

    answer = act_on_form(request, "funds/bank_read.html", form, act, lambda: _context(request.user, account))
    if not shown:
        if answer.status_code == 302:
            messages.info(request, _("Ce numéro a déjà été montré. Pour le relire, dites de nouveau pourquoi."))
        return answer
    number = shown[0]
    context = _context(request.user, account) | {
        "number": account_numbers.grouped(number),
        "iban": account_numbers.grouped(account_numbers.iban_of(number, account.country)),
        "decision": DecisionForm() if _may_decide(request.user, account) else None,
    }
    return render(request, "funds/bank_number.html", context)


@require_safe
@never_cache
@only(access.reads_bank_numbers_somewhere)
def proof(request: HttpRequest, pk: int, account_pk: int) -> HttpResponseBase:
    """The proof shows the number: it follows a reading, and is not handed out without."""
    account = _account(pk, account_pk)
    _must(access.reads_bank_numbers(request.user, account.organisation))
    if not services.may_open_proof(request.user, account):
        messages.info(request, _("Le document porte le numéro entier : dites d’abord pourquoi vous le lisez."))
        return redirect("funds:bank_read", pk, account_pk)
    try:
        return serve(account.proof)
    except encryption.Unreadable:
        messages.error(request, _("Aucune clé du portail n’ouvre ce document. Prévenez qui administre le serveur."))
        return redirect("funds:bank_read", pk, account_pk)


@require_safe
@never_cache
@only(access.reads_bank_numbers_somewhere)
def readings(request: HttpRequest) -> HttpResponse:
    """Who read which number, when and why; of one partner with ?partenaire=."""
    found = BankReading.objects.visible_to(request.user).select_related("reader", "account__organisation")
    chosen = request.GET.get("partenaire", "")
    partner = Organisation.objects.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 19 else None
    if chosen:
        found = found.filter(account__organisation=partner) if partner else found.none()
    page = KeysetPage.of(found, request.GET.get(PARAMETER, ""), order="-read_at")
    return render(request, "funds/bank_readings.html", {"page": page, "partner": partner, "is_filtered": bool(chosen)})


@require_safe
@only(access.verifies_bank_details_somewhere)
def waiting(request: HttpRequest) -> HttpResponse:
    """The accounts that wait for this finance officer, the oldest first."""
    found = BankAccount.objects.to_verify_by(request.user).select_related("organisation", "entered_by")
    page = KeysetPage.of(found, request.GET.get(PARAMETER, ""), order="entered_at")
    return render(request, "funds/bank_waiting.html", {"page": page})


# --- Deciding -------------------------------------------------------------------------------------------------------
def _may_decide(user, account: BankAccount) -> bool:
    return (
        account.status == TO_VERIFY
        and access.verifies_bank_details(user, account.organisation)
        and not services.reasons_against_verifying(user, account)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@only(access.verifies_bank_details_somewhere)
def verify(request: HttpRequest, pk: int, account_pk: int) -> HttpResponse:
    account, user = _account(pk, account_pk), request.user
    _must(access.verifies_bank_details(user, account.organisation))
    if against := services.reasons_against_verifying(user, account):
        raise PermissionDenied(" ".join(against))
    form = DecisionForm(request.POST if request.method == "POST" else take_kept(request))

    def act() -> str:
        if form.cleaned_data["decision"] == "verify":
            services.verify(by=user, account=account)
            messages.success(request, _("Le compte est vérifié : le partenaire peut être payé."))
        else:
            services.reject(by=user, account=account, reason=form.cleaned_data["reason"])
            messages.success(request, _("Le compte est rejeté ; le motif est montré à qui le saisira de nouveau."))
        return _home(account)

    def context() -> dict:
        return _context(user, account) | {
            "is_waiting": account.status == TO_VERIFY,
            "has_read": services.has_read(user, account),
            "older": account.organisation.bank_accounts.filter(status=VERIFIED).first(),
        }

    return act_on_form(request, "funds/bank_verify.html", form, act, context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@only(access.verifies_bank_details_somewhere)
def retire(request: HttpRequest, pk: int, account_pk: int) -> HttpResponse:
    account = _account(pk, account_pk)
    _must(access.verifies_bank_details(request.user, account.organisation))
    form = RetirementForm(request.POST if request.method == "POST" else take_kept(request))

    def act() -> str:
        services.retire(by=request.user, account=account, reason=form.cleaned_data["reason"])
        messages.success(request, _("Le compte ne sert plus. Le partenaire n’a plus de compte vérifié."))
        return _home(account)

    def context() -> dict:
        return _context(request.user, account) | {"is_verified": account.status == VERIFIED}

    return act_on_form(request, "funds/bank_retire.html", form, act, context)
