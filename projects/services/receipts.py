"""Receipts (pièces justificatives): entered by who follows the project, judged by another from finance.

What is accepted counts at once: on its line, its instalment and its project, by the database's own sums.
"""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from projects.models import AgreedLine, Instalment, InstalmentState, Project, Receipt, ReceiptState
from projects.money_steps import ENTER, JUDGE, REJECT_LATER, MoneyStep
from projects.notices import happenings
from projects.notices.telling import tell_once_a_day
from projects.rules.amounts import Sum, validate_sum
from sr_portal.documents.services import store
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import usd

from .instalments import check, locked_instalment, mark_justified
from .refusals import as_refusal
from .steps import StepRefused, refuse_if


@dataclass(frozen=True)
class Piece:
    """What a receipt says; `stated` is the part that the project bears."""

    number: str
    supplier: str
    issued_on: dt.date
    stated: Sum
    description: str = ""


@transaction.atomic
def enter(*, instalment: Instalment, line: AgreedLine, user, piece: Piece, document: File) -> Receipt:
    """Enter a receipt, to be judged by finance. Raises `PermissionDenied`, `StepRefused`, `ValidationError` by field."""
    project, current = locked_instalment(instalment)
    check(ENTER, user, project, current)
    _validate(piece)
    if line.project_id != project.pk:
        raise ValidationError({"line": _("Cette ligne est d’un autre projet.")})
    counted = current.receipts.exclude(state=ReceiptState.REJECTED)
    if counted.filter(supplier__iexact=piece.supplier.strip(), number__iexact=piece.number.strip()).exists():
        raise ValidationError({"number": _("Cette pièce du même fournisseur est déjà enregistrée pour cette tranche.")})
    try:
        kept = store(document, by=user)
    except ValidationError as refusal:
        raise ValidationError({"document": refusal.messages}) from refusal
    receipt = Receipt(
        instalment=current, line=line, number=piece.number.strip(), supplier=piece.supplier.strip(),
        issued_on=piece.issued_on, description=piece.description.strip(), document=kept, entered_by=user,
        entered_at=clock.now(), **piece.stated.columns(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            receipt.save(force_insert=True)
    except DatabaseError as error:
        raise as_refusal(error) from error
    tell_once_a_day(happenings.of_receipts(project, user))  # they come by the dozen
    return receipt


@transaction.atomic
def accept(*, receipt: Receipt, user) -> Receipt:
    """It counts from now on; its instalment is justified once covered. Raises `PermissionDenied`, `StepRefused`."""
    _project, instalment, current = _to_judge(receipt, user, JUDGE)
    room = room_usd(instalment)
    if current.amount_usd > room:
        text = _(
            "La tranche ne peut plus recevoir que %(room)s de pièces : rejetez celle-ci et faites-en saisir la part que le projet supporte."
        )
        refuse_if([text % {"room": usd(room)}])
    _judge(current, user, ReceiptState.ACCEPTED)
    instalment.refresh_from_db(fields=["justified_usd"])
    mark_justified(instalment)
    return current


@transaction.atomic
def reject(*, receipt: Receipt, user, reason: str) -> Receipt:
    """It does not count, or no more; the reason is for who entered it. Raises as `accept`."""
    step = REJECT_LATER if receipt.state == ReceiptState.ACCEPTED else JUDGE
    _project, instalment, current = _to_judge(receipt, user, step)
    if not reason.strip():
        raise StepRefused({"reason": _("Indiquez le motif du rejet : qui a saisi la pièce le lira.")})
    if instalment.state == InstalmentState.JUSTIFIED:
        instalment.state = InstalmentState.PAID  # until the others are seen to cover it still
        instalment.save(update_fields=["state"])
    _judge(current, user, ReceiptState.REJECTED, reason.strip())
    instalment.refresh_from_db(fields=["justified_usd"])
    mark_justified(instalment)
    return current


def room_usd(instalment: Instalment):
    """How much accepted receipts may still add to the instalment, USD: its amount, refunds deducted."""
    return instalment.amount_usd - instalment.refunded_usd - instalment.justified_usd


def twins(receipt: Receipt):
    """Other receipts, of any project, that bear the same supplier and number or whose file is the same, at most ten."""
    same = Receipt.objects.alike(receipt)
    return list(same.select_related("instalment__project", "document")[:10])


def _to_judge(receipt: Receipt, user, step: MoneyStep) -> tuple[Project, Instalment, Receipt]:
    project, instalment = locked_instalment(receipt.instalment)
    current = Receipt.objects.get(pk=receipt.pk)
    check(step, user, project, current)
    return project, instalment, current


def _judge(receipt: Receipt, user, state: ReceiptState, reason: str = "") -> None:
    receipt.state, receipt.judged_by, receipt.judged_at, receipt.judgement = state, user, clock.now(), reason
    try:
        with transaction.atomic():
            receipt.save(update_fields=["state", "judged_by", "judged_at", "judgement"])
    except DatabaseError as error:
        raise as_refusal(error) from error


def _validate(piece: Piece) -> None:
    errors: dict = {}
    for name, text in (("number", _("Indiquez le numéro de la pièce.")), ("supplier", _("Indiquez le fournisseur."))):
        if not getattr(piece, name).strip():
            errors[name] = text
    if piece.issued_on > clock.today():
        errors["issued_on"] = _("La date de la pièce est dans l’avenir.")
    try:
        # A rate may be of the day of the payment that gave the francs, before or after the receipt's own day.
        validate_sum(piece.stated, clock.today())
    except ValidationError as refusal:
        errors |= refusal.error_dict
    if errors:
        raise ValidationError(errors)
