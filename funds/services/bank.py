"""Bank details of partners: one person enters them, another from finance compares them to the proof and verifies.

Locks: the partner's row, then its accounts. The number is in clear in memory only, and never before its reading is
written in the same transaction.
"""

import datetime as dt
import hmac
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from funds import access, account_numbers
from funds.models import BankAccount, BankAccountStatus, BankReading, Organisation
from funds.models.bank import SHORTEST_REASON
from sr_portal import encryption
from sr_portal.documents.services import store
from sr_portal.web import clock

PRINTED = "funds.bankaccount"  # what the fingerprints of account numbers are fingerprints of
PLAIN = ("holder_name", "bank_name", "branch", "country", "currency", "note")
PROOF_OPEN_FOR = dt.timedelta(minutes=10)


class NumberUnreadable(ValidationError):
    """No key of the portal opens the number, or what it opens is not the number that was entered."""


class AlreadyDecided(ValidationError):
    """Somebody verified, rejected or retired the account in between; nothing was written."""


# --- Entering -------------------------------------------------------------------------------------------------------
def reasons_against_entering(user, organisation: Organisation) -> list[str]:
    if _has_interest(user, organisation):
        return [_("Vous avez déclaré un intérêt dans ce partenaire : quelqu’un d’autre doit saisir son compte.")]
    return []


@sensitive_variables("values", "number")
@transaction.atomic
def enter(*, by, organisation: Organisation, values: Mapping[str, Any], proof: File) -> BankAccount:
    """A new account of a partner, still to be verified; one that waited is retired, the verified one stays in use.

    `values` has the fields of `PLAIN`, `account_number` and `bic` as typed, and `confirms_shared` when the number is
    that of another partner too. Raises PermissionDenied, ValidationError naming the fields (RefusedFile: « proof »).
    """
    organisation = _locked(organisation)
    if not access.enters_bank_details(by, organisation):
        raise PermissionDenied
    if reasons := reasons_against_entering(by, organisation):
        raise PermissionDenied(" ".join(reasons))
    number = parsed_number(values)
    prints = encryption.fingerprints(number, context=PRINTED)
    _refuse_the_same(organisation, values, prints)
    if (others := shared_with(prints, organisation)) and not values.get("confirms_shared"):
        raise ValidationError({"confirms_shared": _shared_text(others)})
    account = BankAccount(
        organisation=organisation,
        **{name: values[name] for name in PLAIN},
        bic=account_numbers.checked_bic(values["bic"], values["country"]) if values["bic"] else "",
        number_encrypted=encryption.seal(number.encode(), context=seal_context(organisation)).decode(),
        fingerprint=prints[0],
        last4=number[-4:],
        entered_by=by,
        entered_at=clock.now(),
        encrypted_at=clock.now(),
    )
    for waiting in organisation.bank_accounts.filter(status=BankAccountStatus.TO_VERIFY):
        _close(waiting, BankAccountStatus.RETIRED, by, _("Remplacé par une nouvelle saisie avant d’être vérifié."))
    try:
        account.proof = store(proof, by=by, sealed=True)
    except ValidationError as refusal:
        raise ValidationError({"proof": refusal.messages}) from refusal
    account.full_clean()
    account.save()
    return account


@sensitive_variables("values", "number")
def parsed_number(values: Mapping[str, Any]) -> str:
    """The number in its one form, and a SWIFT code of its country. Raises ValidationError naming the fields."""
    errors = {}
    number = ""
    try:
        number = account_numbers.parsed(values["account_number"], values["country"])
    except ValidationError as error:
        errors["account_number"] = error
    try:
        if values["bic"]:
            account_numbers.checked_bic(values["bic"], values["country"])
    except ValidationError as error:
        errors["bic"] = error
    if errors:
        raise ValidationError(errors)
    return number


def _refuse_the_same(organisation: Organisation, values: Mapping[str, Any], prints: list[str]) -> None:
    same = organisation.bank_accounts.filter(
        status=BankAccountStatus.VERIFIED,
        fingerprint__in=prints,
        **{f"{name}__iexact": values[name] for name in ("holder_name", "bank_name", "branch")},
        currency=values["currency"],
    )
    if same.exists():
        raise ValidationError({"account_number": _("Ce compte est déjà vérifié pour ce partenaire : rien à saisir.")})


# --- The same number elsewhere --------------------------------------------------------------------------------------
def shared_with(prints: list[str], organisation: Organisation) -> list[Organisation]:
    """The other partners that have, or had, an account of the same number, once each."""
    found = BankAccount.objects.sharing(prints, organisation.pk)
    return list({account.organisation_id: account.organisation for account in found}.values())


def others_with_the_number_of(account: BankAccount) -> list[Organisation]:
    return shared_with([account.fingerprint], account.organisation)


def _shared_text(others: list[Organisation]) -> str:
    return _(
        "Ce numéro est déjà celui d’un compte de %(partners)s. Vérifiez le numéro ; s’il est exact, cochez la case et "
        "expliquez-le dans la note."
    ) % {"partners": ", ".join(f"« {other} »" for other in others)}


# --- Deciding -------------------------------------------------------------------------------------------------------
def reasons_against_verifying(user, account: BankAccount) -> list[str]:
    """Why this finance officer may neither verify nor reject this account (domain guide §2, separation of duties)."""
    reasons = []
    if account.entered_by_id == user.pk:
        reasons.append(_("Vous avez saisi ce compte : quelqu’un d’autre doit le vérifier."))
    if _has_interest(user, account.organisation):
        reasons.append(
            _("Vous avez déclaré un intérêt dans ce partenaire : quelqu’un d’autre doit vérifier son compte.")
        )
    return reasons


def has_read(user, account: BankAccount) -> bool:
    return account.readings.filter(reader=user).exists()


@transaction.atomic
def verify(*, by, account: BankAccount) -> BankAccount:
    """Money may go to this account; the one verified before it is retired. Raises PermissionDenied, ValidationError."""
    account = _for_decision(by, account)
    if not has_read(by, account):
        raise ValidationError(_("Lisez d’abord le numéro et comparez-le au RIB ou à l’attestation bancaire."))
    reason = _("Remplacé par le compte %(account)s, vérifié à sa place.") % {"account": account.masked}
    for older in account.organisation.bank_accounts.filter(status=BankAccountStatus.VERIFIED):
        _close(older, BankAccountStatus.RETIRED, by, reason)
    account.status, account.verified_by, account.verified_at = BankAccountStatus.VERIFIED, by, clock.now()
    account.full_clean()
    account.save(update_fields=["status", "verified_by", "verified_at"])
    return account


@transaction.atomic
def reject(*, by, account: BankAccount, reason: str) -> BankAccount:
    """Send the entry back, with what is wrong. Raises PermissionDenied, ValidationError."""
    account = _for_decision(by, account)
    if not reason.strip():
        raise ValidationError({"reason": _("Dites ce qui ne va pas, pour que le compte soit saisi de nouveau.")})
    return _close(account, BankAccountStatus.REJECTED, by, reason)


@transaction.atomic
def retire(*, by, account: BankAccount, reason: str) -> BankAccount:
    """Take the verified account out of use: nothing more is agreed with, or paid to, this partner until another is.

    Raises PermissionDenied, ValidationError.
    """
    account = _locked_account(account)
    if not access.verifies_bank_details(by, account.organisation) or _has_interest(by, account.organisation):
        raise PermissionDenied
    if account.status != BankAccountStatus.VERIFIED:
        raise AlreadyDecided(_("Ce compte n’est pas, ou n’est plus, le compte vérifié du partenaire."))
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi ce compte ne doit plus servir.")})
    return _close(account, BankAccountStatus.RETIRED, by, reason)


def _for_decision(by, account: BankAccount) -> BankAccount:
    account = _locked_account(account)
    if not access.verifies_bank_details(by, account.organisation):
        raise PermissionDenied
    if reasons := reasons_against_verifying(by, account):
        raise PermissionDenied(" ".join(reasons))
    if account.status != BankAccountStatus.TO_VERIFY:
        raise AlreadyDecided(
            _("Ce compte n’attend plus de vérification : il est « %(status)s ».")
            % {"status": account.get_status_display()}
        )
    return account


def retire_of_merged(account: BankAccount, *, by, reason: str) -> BankAccount:
    """Retire an account of a record that is merged into another, in the transaction and under the locks of the merge."""
    return _close(account, BankAccountStatus.RETIRED, by, reason)


def _close(account: BankAccount, status: str, by, reason: str) -> BankAccount:
    account.status, account.closed_by, account.closed_at = status, by, clock.now()
    account.closing_reason = reason.strip()
    account.full_clean()
    account.save(update_fields=["status", "closed_by", "closed_at", "closing_reason"])
    return account


# --- Reading --------------------------------------------------------------------------------------------------------
@sensitive_variables("number")
@transaction.atomic
def read_number(*, by, account: BankAccount, reason: str) -> tuple[BankReading, str]:
    """The whole number, in the form of `account_numbers.parsed`, and the record of this reading.

    Raises PermissionDenied, ValidationError naming `reason`, NumberUnreadable: then nothing was read, nor recorded.
    """
    if not access.reads_bank_numbers(by, account.organisation):
        raise PermissionDenied
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ValidationError(
            {
                "reason": _("Dites pourquoi vous lisez ce numéro, en %(count)s caractères au moins.")
                % {"count": SHORTEST_REASON}
            }
        )
    reading = BankReading(account=account, reader=by, read_at=clock.now(), reason=reason)
    reading.full_clean()
    reading.save()
    return reading, clear_number(account)


def may_open_proof(user, account: BankAccount) -> bool:
    """The proof shows the whole number: it opens to who has just read it, for `PROOF_OPEN_FOR`."""
    since = clock.now() - PROOF_OPEN_FOR
    return (
        access.reads_bank_numbers(user, account.organisation)
        and account.readings.filter(reader=user, read_at__gte=since).exists()
    )


@sensitive_variables("number")
def clear_number(account: BankAccount) -> str:
    """For `read_number` and the change of keys alone: nobody reads a number without a record. Raises NumberUnreadable."""
    try:
        number = encryption.unseal(
            account.number_encrypted.encode(), context=seal_context(account.organisation)
        ).decode()
    except encryption.Unreadable as error:
        raise NumberUnreadable(
            _(
                "Aucune clé du portail n’ouvre ce numéro. Prévenez qui administre le serveur : la clé avec laquelle il a "
                "été chiffré manque à FIELD_ENCRYPTION_KEYS."
            )
        ) from error
    prints = encryption.fingerprints(number, context=PRINTED)
    if number[-4:] != account.last4 or not any(hmac.compare_digest(account.fingerprint, known) for known in prints):
        raise NumberUnreadable(
            _("Ce numéro n’est plus celui qui a été saisi. Prévenez l’auditeur et ne payez rien sur ce compte.")
        )
    return number


def seal_context(organisation: Organisation) -> str:
    return f"{PRINTED}:{organisation.pk}"


def _has_interest(user, organisation: Organisation) -> bool:
    return user.interests.filter(organisation=organisation, ended_at__isnull=True).exists()


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _locked_account(account: BankAccount) -> BankAccount:
    organisation = _locked(account.organisation)
    account = BankAccount.objects.select_for_update().get(pk=account.pk)
    account.organisation = organisation
    return account
