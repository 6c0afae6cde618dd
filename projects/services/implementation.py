"""From the signed agreement to closure: each step of the table, with the money that it binds or releases."""

import datetime as dt

from django.db import transaction

from funds.models import Envelope
from projects.lifecycle import TRANSITIONS
from projects.models import Project
from projects.rules import agreement as rules
from sr_portal.web import clock

from . import visits
from .agreements import approved_on
from .steps import check_step, locked, record_step


def _with_envelope(pk: int) -> Project:
    """The project, then its envelope, locked in this order: the step moves what is reserved."""
    project = locked(pk)
    if project.envelope_id:  # none before the approval: the step is then refused by its own guards
        Envelope.objects.select_for_update().get(pk=project.envelope_id)
    return project


@transaction.atomic
def sign_agreement(
    *, project: Project, user, partner_signed_on: dt.date | None = None, mission_signed_on: dt.date | None = None
) -> Project:
    """Record that both parties have signed: the money is obligated and the start fixes the last possible day.

    The days of the signatures may be on file already. The mid-way and the final visit are planned.
    Raises `PermissionDenied`, `StepRefused` with what lacks (agreement, signed copies, bank, budget lines,
    instalments), `ValidationError` naming a day that cannot be.
    """
    project = locked(project.pk)
    step = TRANSITIONS["sign_agreement"]
    check_step(project, step, user)
    agreement = project.agreement
    agreement.partner_signed_on = partner_signed_on or agreement.partner_signed_on
    agreement.mission_signed_on = mission_signed_on or agreement.mission_signed_on
    rules.validate_signatures(
        agreement.partner_signed_on, agreement.mission_signed_on, approved_on(project), clock.today()
    )
    agreement.signed_by, agreement.signed_at = user, clock.now()
    agreement.full_clean()
    agreement.save(update_fields=["partner_signed_on", "mission_signed_on", "signed_by", "signed_at"])
    project = record_step(project, step, user, starts_on=agreement.starts_on)
    visits.plan_first(project, user)
    return project


def _noted(name: str, project: Project, user, note: str) -> Project:
    step = TRANSITIONS[name]
    check_step(project, step, user, note)
    return record_step(project, step, user, note.strip())


@transaction.atomic
def start(*, project: Project, user, note: str) -> Project:
    """The works have begun before the first payment; the note says what was seen."""
    return _noted("start", locked(project.pk), user, note)


@transaction.atomic
def suspend(*, project: Project, user, note: str) -> Project:
    """Stop works and payments, with reasons; the last possible day does not move (domain guide §4)."""
    return _noted("suspend", locked(project.pk), user, note)


@transaction.atomic
def resume(*, project: Project, user, note: str) -> Project:
    """Take works and payments up again, with reasons."""
    return _noted("resume", locked(project.pk), user, note)


@transaction.atomic
def complete(*, project: Project, user, note: str = "") -> Project:
    """The works are done: final visit, signed handover record and photos are on file."""
    return _noted("complete", locked(project.pk), user, note)


@transaction.atomic
def cancel(*, project: Project, user, note: str) -> Project:
    """End the project, with reasons; what was not paid is released, what was paid and not justified is to be refunded."""
    project = _with_envelope(project.pk)
    step = TRANSITIONS["cancel"]
    check_step(project, step, user, note)
    project.amendments.filter(state__in=["draft", "submitted"]).update(state="withdrawn")
    project.instalments.filter(state__in=["requested", "authorised"], paid_usd=0).update(
        state="planned", requested_by=None, requested_at=None, authorised_by=None, authorised_at=None
    )
    return record_step(project, step, user, note.strip(), reserved_usd=project.paid_usd - project.refunded_usd)


@transaction.atomic
def close(*, project: Project, user, note: str = "") -> Project:
    """Everything is accounted for, to the cent; what was not spent goes back to the envelope."""
    project = _with_envelope(project.pk)
    step = TRANSITIONS["close"]
    check_step(project, step, user, note)
    return record_step(project, step, user, note.strip(), reserved_usd=project.paid_usd - project.refunded_usd)
