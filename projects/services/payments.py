"""Money that moves: payments, refunds, and the reversal of a mistaken entry (domain guide §7).

Locks: the project, then its envelope where the reservation moves with the money (once cancelled). The database keeps
every sum and refuses what the rules refuse, whoever writes (`triggers.instalments`).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from funds.models import Envelope
from projects.lifecycle import TRANSITIONS
from projects.models import Instalment, InstalmentState, Payment, PaymentKind, Project
from projects.money_steps import INSTALMENT_STEPS, JOIN_SIGNED, REVERSE
from projects.notices import happenings
from projects.notices.telling import tell_of_record
from projects.rules.amounts import Sum, validate_sum
from projects.states import SETTLED, State
from sr_portal.documents.models import Document
from sr_portal.documents.services import store
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day, usd

from .instalments import check, locked_instalment, mark_justified
from .refusals import as_refusal
from .steps import StepRefused, record_step, refuse_if


@dataclass(frozen=True)
class Movement:
    """What somebody writes of money that moved; `stated` is positive, whichever way it went."""

    reference: str
    paid_on: dt.date
    stated: Sum
    note: str = ""


@transaction.atomic
def pay(
    *, instalment: Instalment, user, movement: Movement, proof: File | None = None, signed_receipt: File | None = None
) -> Payment:
    """Record a payment of an authorised instalment, whole or in part; the first of all starts the project.

    Raises `PermissionDenied`, `StepRefused` with the closed gates, `ValidationError` naming the fields.
    """
    project, current = locked_instalment(instalment)
    check(INSTALMENT_STEPS["pay"], user, project, current)
    _validate(movement)
    if movement.stated.usd > current.unpaid_usd:
        raise ValidationError(
            {"amount": _("Il reste %(left)s à payer de cette tranche.") % {"left": usd(current.unpaid_usd)}}
        )
    signed = project.agreement.signed_on
    if movement.paid_on < signed:
        raise ValidationError(
            {"paid_on": _("Rien ne se paie avant la signature du protocole, le %(day)s.") % {"day": day(signed)}}
        )
    if Payment.objects.filter(
        kind=PaymentKind.PAYMENT, undone=False, reference__iexact=movement.reference.strip()
    ).exists():
        raise ValidationError({"reference": _("Un paiement porte déjà cette référence : il n’est pas payé deux fois.")})
    paid = _write(
        current, user, movement, PaymentKind.PAYMENT, 1, proof=_kept(proof, user, "proof"),
        signed_receipt=_kept(signed_receipt, user, "signed_receipt"),
    )  # fmt: skip
    current.refresh_from_db(fields=["paid_usd", "refunded_usd"])
    if current.paid_usd == current.amount_usd:
        current.state = InstalmentState.PAID
        current.save(update_fields=["state"])
        mark_justified(current)
    if project.state == State.AGREED:
        note = _("Premier paiement : %(reference)s.") % {"reference": paid.reference}
        record_step(project, TRANSITIONS["start"], user, note)
    tell_of_record(paid, happenings.of_instalment("pay", current, user))
    return paid


@transaction.atomic
def refund(*, instalment: Instalment, user, movement: Movement, proof: File | None) -> Payment:
    """Record money that the partner gives back, with its proof; allowed once cancelled too, until closure.

    Raises as `pay`. What was justified is not refunded: its receipt is rejected first.
    """
    project, current = _with_envelope(instalment)
    check(INSTALMENT_STEPS["refund"], user, project, current)
    _validate(movement)
    left = refundable_usd(current)
    if movement.stated.usd > left:
        text = _("Le remboursement ne peut dépasser ce qui est payé et ni justifié ni remboursé : %(left)s.")
        raise ValidationError({"amount": text % {"left": usd(left)}})
    if proof is None:
        raise ValidationError(
            {"proof": _("Un remboursement porte sa preuve : joignez le relevé ou l’ordre de virement.")}
        )
    back = _write(current, user, movement, PaymentKind.REFUND, -1, proof=_kept(proof, user, "proof"))
    current.refresh_from_db(fields=["paid_usd", "refunded_usd"])
    mark_justified(current)
    return back


def refundable_usd(instalment: Instalment) -> Decimal:
    """Paid, and neither justified nor refunded, USD; never negative."""
    return max(instalment.paid_usd - instalment.refunded_usd - instalment.justified_usd, Decimal(0))


@transaction.atomic
def reverse(*, payment: Payment, user, reason: str) -> Payment:
    """Undo a mistaken entry by its mirror, by another than who recorded it; the entry itself stays, marked as undone.

    An instalment whose payment is undone is authorised again, to be paid rightly. Raises as `pay`.
    """
    project, current = _with_envelope(payment.instalment)
    mistaken = Payment.objects.get(pk=payment.pk)
    check(REVERSE, user, project, mistaken)
    if mistaken.kind == PaymentKind.REVERSAL or mistaken.undone:
        refuse_if([_("Cette écriture est déjà annulée, ou en annule une autre : elle ne s’annule pas.")])
    if not reason.strip():
        raise StepRefused({"reason": _("Indiquez le motif : il reste au dossier avec l’écriture.")})
    is_payment = mistaken.kind == PaymentKind.PAYMENT
    if is_payment and current.paid_usd - mistaken.amount_usd < current.refunded_usd:
        refuse_if([_("Un remboursement s’appuie sur ce paiement : annulez-le d’abord.")])
    _reopen(current, InstalmentState.AUTHORISED if is_payment else InstalmentState.PAID)
    mirror = _saved(
        Payment(
            instalment=current, kind=PaymentKind.REVERSAL, reverses=mistaken, reference=mistaken.reference,
            paid_on=clock.today(), amount_usd=-mistaken.amount_usd, currency=mistaken.currency,
            local_amount=None if mistaken.local_amount is None else -mistaken.local_amount, rate=mistaken.rate,
            rate_on=mistaken.rate_on, note=reason.strip(), recorded_by=user, recorded_at=clock.now(),
        )
    )  # fmt: skip
    current.refresh_from_db(fields=["paid_usd", "refunded_usd"])
    mark_justified(current)
    return mirror


def _reopen(instalment: Instalment, target: InstalmentState) -> None:
    """Back to authorised, and settled no more, when a payment is undone; no longer justified when a refund is."""
    if instalment.state not in (InstalmentState.PAID, InstalmentState.JUSTIFIED) or instalment.state == target:
        return
    instalment.state = target
    if target == InstalmentState.AUTHORISED:
        instalment.settled, instalment.settled_reason = False, ""
    instalment.save(update_fields=["state", "settled", "settled_reason"])


@transaction.atomic
def join_signed_receipt(*, payment: Payment, user, receipt: File) -> Payment:
    """Join the receipt that the partner signed, once. Raises `RefusedFile` as a field error, `StepRefused`."""
    project, _current = locked_instalment(payment.instalment)
    paid = Payment.objects.select_related("signed_receipt").get(pk=payment.pk)
    check(JOIN_SIGNED, user, project, paid)
    if paid.kind != PaymentKind.PAYMENT or paid.undone:
        refuse_if([_("Seul un paiement a un reçu du partenaire.")])
    if paid.signed_receipt is not None and not paid.signed_receipt.is_withdrawn:
        refuse_if([_("Le reçu signé est déjà joint.")])
    paid.signed_receipt = _kept(receipt, user, "signed_receipt")
    paid.save(update_fields=["signed_receipt"])
    return paid


def _with_envelope(instalment: Instalment) -> tuple[Project, Instalment]:
    """The project, then its envelope where the reservation follows the money, locked in this order."""
    project, current = locked_instalment(instalment)
    if State(project.state) in SETTLED:
        Envelope.objects.select_for_update().get(pk=project.envelope_id)
    return project, current


def _validate(movement: Movement) -> None:
    errors: dict = {}
    if not movement.reference.strip():
        errors["reference"] = _("Indiquez la référence du mouvement.")
    if movement.paid_on > clock.today():
        errors["paid_on"] = _("La date est dans l’avenir : enregistrez l’argent quand il a bougé.")
    try:
        validate_sum(movement.stated, movement.paid_on)
    except ValidationError as refusal:
        errors |= refusal.error_dict
    if errors:
        raise ValidationError(errors)


def _kept(upload: File | None, user, field: str) -> Document | None:
    if upload is None:
        return None
    try:
        return store(upload, by=user)
    except ValidationError as refusal:
        raise ValidationError({field: refusal.messages}) from refusal


def _write(instalment: Instalment, user, movement: Movement, kind: PaymentKind, sign: int, **documents) -> Payment:
    return _saved(
        Payment(
            instalment=instalment, kind=kind, reference=movement.reference.strip(), paid_on=movement.paid_on,
            note=movement.note.strip(), recorded_by=user, recorded_at=clock.now(), **movement.stated.columns(sign),
            **documents,
        )
    )  # fmt: skip


def _saved(entry: Payment) -> Payment:
    """Written, or refused with the form error that the database's refusal means."""
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except DatabaseError as error:
        raise as_refusal(error) from error
    return entry
