"""Contributions: the section head registers what donors promise, the finance officer what is signed and what comes in.

Locks: the mechanism (where what came in falls), then the contribution. Nobody records what comes in of a contribution
that they registered (domain guide §2).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from funds import access
from funds.models import Contribution, ContributionDocument, ContributionReceipt, Mechanism, PaperKind
from sr_portal.accounts.models import User
from sr_portal.documents.models import Document
from sr_portal.documents.services import store, withdraw
from sr_portal.web import clock

from .refusals import save_checked as _save
from .versions import unchanged_since

PLEDGED = (
    "reference", "title", "donor", "mechanism", "region", "theme", "currency", "pledged_amount", "pledged_on",
    "pledged_rate", "pledged_rate_on", "note",
)  # fmt: skip
EDITABLE = tuple(name for name in PLEDGED if name != "reference")
SIGNED_KEEPS = ("title", "note")  # what may still be corrected once the donor has signed


@dataclass(frozen=True)
class Given:
    """Money in the donor's currency on a day; `rate` is units for one USD, None when it is in USD."""

    amount: Decimal
    on: dt.date
    rate: Decimal | None = None
    rate_on: dt.date | None = None

    def columns(self) -> tuple[Decimal, Decimal, dt.date]:
        return self.amount, self.rate or Decimal(1), self.rate_on or self.on


@transaction.atomic
def register(*, by: User, values: Mapping[str, Any], paper: File | None = None) -> Contribution:
    """A pledge. `values` by field of `PLEDGED`. Raises PermissionDenied, ValidationError naming the fields."""
    if not access.registers_contributions(by):
        raise PermissionDenied
    contribution = Contribution(registered_by=by, registered_at=clock.now(), **{name: values[name] for name in PLEDGED})
    _not_ahead("pledged_on", contribution.pledged_on)
    _save(contribution)
    if paper is not None:
        _file(contribution, by, PaperKind.PLEDGE, paper)
    return contribution


@transaction.atomic
def correct(*, by: User, contribution: Contribution, values: Mapping[str, Any], seen: str) -> Contribution:
    """Correct the pledge, or once signed its title and note alone. Raises PermissionDenied, `Changed`, ValidationError."""
    contribution = locked(contribution.pk)
    if not access.registers_contributions(by):
        raise PermissionDenied
    unchanged_since(contribution, seen)
    names = EDITABLE if contribution.signed_on is None else SIGNED_KEEPS
    for name in names:
        setattr(contribution, name, values[name])
    _not_ahead("pledged_on", contribution.pledged_on)
    _save(contribution, *names)
    return contribution


@transaction.atomic
def withdraw_pledge(*, by: User, contribution: Contribution, reason: str) -> Contribution:
    """The donor gives the promise up, before any signature. Raises PermissionDenied, ValidationError."""
    contribution = locked(contribution.pk)
    if not access.registers_contributions(by):
        raise PermissionDenied
    if contribution.signed_on or contribution.withdrawn_on:
        raise ValidationError(_("Seule une annonce que rien n’a suivie se retire."))
    if not reason.strip():
        raise ValidationError({"reason": _("Indiquez le motif.")})
    contribution.withdrawn_on, contribution.withdrawal_reason = clock.today(), reason.strip()
    _save(contribution, "withdrawn_on", "withdrawal_reason")
    return contribution


@transaction.atomic
def sign(*, by: User, contribution: Contribution, given: Given, agreement: File | None, seen: str) -> Contribution:
    """Record the signature, or correct its figures, with the signed agreement on file.

    Raises PermissionDenied, `Changed`, ValidationError naming the fields of the form.
    """
    contribution = locked(contribution.pk)
    _must_record(by, contribution)
    unchanged_since(contribution, seen)
    if contribution.withdrawn_on:
        raise ValidationError(_("Cette annonce est retirée."))
    _not_ahead("signed_on", given.on)
    on_file = contribution.papers.filter(kind=PaperKind.AGREEMENT, document__withdrawn_at=None).exists()
    if agreement is None and not on_file:
        raise ValidationError({"agreement": _("Joignez l’accord signé.")})
    contribution.signed_amount, contribution.signed_rate, contribution.signed_rate_on = given.columns()
    contribution.signed_on, contribution.signature_by, contribution.signature_at = given.on, by, clock.now()
    _save(contribution, "signed_amount", "signed_rate", "signed_rate_on", "signed_on", "signature_by", "signature_at")
    if agreement is not None:
        _file(contribution, by, PaperKind.AGREEMENT, agreement, field="agreement")
    return contribution


@transaction.atomic
def receive(*, by: User, contribution: Contribution, given: Given, reference: str, proof: File) -> ContributionReceipt:
    """Record a transfer that came in, with its proof. Raises PermissionDenied, ValidationError naming the fields."""
    contribution = locked(contribution.pk)
    _must_record(by, contribution)
    if contribution.signed_on is None:
        raise ValidationError(_("La contribution n’est pas signée : rien ne s’encaisse encore."))
    _not_ahead("received_on", given.on)
    if given.amount > contribution.to_come:
        raise ValidationError({"amount": _("On ne peut recevoir plus que ce qui est signé.")})
    amount, rate, rate_on = given.columns()
    receipt = ContributionReceipt(
        contribution=contribution, reference=reference.strip(), received_on=given.on, amount=amount, rate=rate,
        rate_on=rate_on, proof=_kept(proof, by, "proof"), recorded_by=by, recorded_at=clock.now(),
    )  # fmt: skip
    _save(receipt)
    return receipt


@transaction.atomic
def cancel_receipt(*, by: User, receipt: ContributionReceipt, reason: str) -> ContributionReceipt:
    """Undo a receipt recorded by mistake; it stays readable. Refused while envelopes count on the money.

    Raises PermissionDenied, ValidationError.
    """
    Mechanism.objects.select_for_update(no_key=True).get(contributions=receipt.contribution_id)
    contribution = locked(receipt.contribution_id)
    receipt = ContributionReceipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    _must_record(by, contribution)
    if receipt.recorded_by_id == by.pk:
        raise PermissionDenied(_("Qui a enregistré un encaissement ne l’annule pas seul."))
    if receipt.cancelled_at:
        raise ValidationError(_("Cet encaissement est déjà annulé."))
    if not reason.strip():
        raise ValidationError({"reason": _("Indiquez le motif.")})
    receipt.cancelled_by, receipt.cancelled_at, receipt.cancellation_reason = by, clock.now(), reason.strip()
    _save(receipt, "cancelled_by", "cancelled_at", "cancellation_reason")
    return receipt


@transaction.atomic
def file_paper(*, by: User, contribution: Contribution, kind: str, paper: File) -> ContributionDocument:
    """Add a paper to the contribution. Raises PermissionDenied, ValidationError naming `paper`."""
    if not access.files_contribution_papers(by):
        raise PermissionDenied
    return _file(locked(contribution.pk), by, kind, paper)


@transaction.atomic
def withdraw_paper(*, by: User, paper: ContributionDocument, reason: str) -> None:
    """Take a paper away, with a reason; it stays on file. Raises PermissionDenied, ValidationError."""
    if not access.files_contribution_papers(by):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": _("Indiquez le motif.")})
    withdraw(paper.document, by=by, reason=reason)


def reasons_against_recording(user: User, contribution: Contribution) -> list[str]:
    """Why this finance officer may not record the signature or what comes in (separation of duties)."""
    if contribution.registered_by_id == user.pk:
        return [_("Vous avez inscrit cette contribution : quelqu’un d’autre en enregistre la signature et l’argent.")]
    return []


def locked(pk: int) -> Contribution:
    return Contribution.objects.select_for_update(no_key=True).get(pk=pk)


def _must_record(by: User, contribution: Contribution) -> None:
    if not access.records_contributions(by):
        raise PermissionDenied
    if reasons := reasons_against_recording(by, contribution):
        raise PermissionDenied(" ".join(reasons))


def _not_ahead(field: str, day: dt.date) -> None:
    if day > clock.today():
        raise ValidationError({field: _("La date est dans l’avenir : enregistrez ce qui a eu lieu.")})


def _kept(upload: File, by: User, field: str) -> Document:
    try:
        return store(upload, by=by)
    except ValidationError as refusal:
        raise ValidationError({field: refusal.messages}) from refusal


def _file(contribution: Contribution, by: User, kind: str, paper: File, field: str = "paper") -> ContributionDocument:
    return ContributionDocument.objects.create(
        contribution=contribution, kind=kind, document=_kept(paper, by, field), filed_by=by, filed_at=clock.now()
    )
