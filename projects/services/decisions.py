"""The approving authority's decision; approval reserves the money in the same transaction."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from funds.models import Envelope
from projects import funding
from projects.lifecycle import TRANSITIONS
from projects.models import Decision, DecisionKind, Project
from sr_portal.web import clock

from .steps import check_step, locked, record_step, refuse_if


@transaction.atomic
def approve(*, project: Project, user, amount_usd: Decimal | None = None, conditions: str = "") -> Project:
    """Approve the whole recommended amount or less, USD, and reserve it in the envelope of today's fiscal year.

    Locks the project, then the envelope, then the contributions that may pay for it, always in this order. Raises
    `StepRefused` when the envelope or the contributions cannot cover.
    """
    project = locked(project.pk)
    step = TRANSITIONS["approve"]
    check_step(project, step, user)
    recommended = project.recommended_usd or Decimal(0)
    amount = recommended if amount_usd is None else amount_usd
    if not 0 < amount <= recommended:
        refuse_if([_("Le montant approuvé doit être positif et ne pas dépasser le montant recommandé.")])
    envelope = Envelope.objects.for_day(project.mechanism, clock.today()).select_for_update().get()
    if amount > envelope.available_usd:
        refuse_if([_("L’enveloppe ne couvre pas ce montant : réduisez-le ou attendez une dotation.")])
    funding.hold_money_for(project)
    refuse_if(funding.reasons_against_reserving(project, amount))
    Decision.objects.create(
        project=project, kind=DecisionKind.APPROVED, amount_usd=amount, conditions=conditions.strip(), decided_by=user,
        decided_at=clock.now(),
    )  # fmt: skip
    return record_step(
        project, step, user, note=conditions.strip(), approved_usd=amount, reserved_usd=amount, envelope=envelope
    )


@transaction.atomic
def refuse(*, project: Project, user, note: str) -> Project:
    """Refuse, with reasons; no money moves."""
    project = locked(project.pk)
    step = TRANSITIONS["refuse"]
    check_step(project, step, user, note)
    Decision.objects.create(
        project=project, kind=DecisionKind.REFUSED, reasons=note.strip(), decided_by=user, decided_at=clock.now()
    )
    return record_step(project, step, user, note)
