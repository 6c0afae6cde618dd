"""The steps of an instalment: requested, authorised, sent back, settled; each by another person (domain guide §2, §7).

Every function locks the project first, judges the gates again under this lock, and says what stands against it.
Payments and refunds are in `payments`, receipts in `receipts`.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from projects.models import Instalment, InstalmentReturn, InstalmentState, Project
from projects.money_querysets import facts_of
from projects.money_steps import INSTALMENT_STEPS, MoneyStep
from projects.notices import happenings
from projects.notices.telling import tell_of_record
from projects.rules.gates import Gate, closed_gates
from sr_portal.web import clock

from .steps import StepRefused, locked, refuse_if


def locked_instalment(instalment: Instalment) -> tuple[Project, Instalment]:
    """The project, its row locked until the end of the transaction, and the instalment as it now stands."""
    project = locked(instalment.project_id)
    current = Instalment.objects.get(pk=instalment.pk)
    current.project = project
    return project, current


def gates_of(project: Project, instalment: Instalment) -> list[Gate]:
    """What holds the instalment back now."""
    return closed_gates(facts_of(project), list(project.instalments.all()), instalment.position)


def check(step: MoneyStep, user, project: Project, record, instalment: Instalment | None = None) -> None:
    """Raise `PermissionDenied` when it is not for this user, `StepRefused` when it is not for now.

    `record` is what the step acts on: the instalment itself, or a payment or receipt of `instalment`.
    """
    if not step.role(user, project):
        raise PermissionDenied
    if bars := step.bars(user, project, record):
        raise PermissionDenied(" ".join(str(reason) for reason in bars))
    gates = gates_of(project, instalment or record) if step.gated else []
    refuse_if(step.reasons_not_now(project, record, gates))


@transaction.atomic
def request(*, instalment: Instalment, user, note: str = "") -> Instalment:
    """Ask for the money of a planned instalment. Raises `PermissionDenied`, `StepRefused` with the closed gates."""
    project, current = locked_instalment(instalment)
    check(INSTALMENT_STEPS["request"], user, project, current)
    current.state = InstalmentState.REQUESTED
    current.requested_by, current.requested_at, current.request_note = user, clock.now(), note.strip()
    current.save(update_fields=["state", "requested_by", "requested_at", "request_note"])
    tell_of_record(current, happenings.of_instalment("request", current, user))
    return current


@transaction.atomic
def authorise(*, instalment: Instalment, user) -> Instalment:
    """Let the requested money go, by another than who asked. Raises `PermissionDenied`, `StepRefused`."""
    project, current = locked_instalment(instalment)
    check(INSTALMENT_STEPS["authorise"], user, project, current)
    current.state, current.authorised_by, current.authorised_at = InstalmentState.AUTHORISED, user, clock.now()
    current.save(update_fields=["state", "authorised_by", "authorised_at"])
    tell_of_record(current, happenings.of_instalment("authorise", current, user))
    return current


@transaction.atomic
def send_back(*, instalment: Instalment, user, reason: str) -> Instalment:
    """From requested or authorised, unpaid, back to planned, with the reason. Raises as above."""
    project, current = locked_instalment(instalment)
    check(INSTALMENT_STEPS["send_back"], user, project, current)
    if current.paid_usd:
        refuse_if([_("Elle est déjà payée en partie : soldez-la au montant payé, ou annulez l’écriture.")])
    sent = InstalmentReturn(
        instalment=current, source=current.state, reason=reason.strip(), returned_by=user, returned_at=clock.now()
    )
    if not sent.reason:
        raise StepRefused({"reason": _("Indiquez le motif du renvoi.")})
    sent.save()
    tell_of_record(sent, happenings.of_instalment("send_back", current, user))  # while it still names who asked
    current.state = InstalmentState.PLANNED
    current.requested_by = current.requested_at = current.authorised_by = current.authorised_at = None
    current.request_note = ""
    current.save(
        update_fields=["state", "requested_by", "requested_at", "request_note", "authorised_by", "authorised_at"]
    )
    return current


@transaction.atomic
def settle(*, instalment: Instalment, user, reason: str) -> Instalment:
    """Nothing more will be paid of it: it is paid at what was paid. Raises as above."""
    project, current = locked_instalment(instalment)
    check(INSTALMENT_STEPS["settle"], user, project, current)
    if not current.paid_usd:
        refuse_if([_("Rien n’en est payé : renvoyez plutôt la demande.")])
    if not reason.strip():
        raise StepRefused({"reason": _("Indiquez le motif du solde.")})
    current.settled, current.settled_reason, current.state = True, reason.strip(), InstalmentState.PAID
    current.save(update_fields=["settled", "settled_reason", "state"])
    return mark_justified(current)


def mark_justified(instalment: Instalment) -> Instalment:
    """From paid to justified once accepted receipts cover what was paid, net; the caller holds the project's lock."""
    net = instalment.paid_usd - instalment.refunded_usd
    if instalment.state == InstalmentState.PAID and instalment.justified_usd >= net:
        instalment.state = InstalmentState.JUSTIFIED
        instalment.save(update_fields=["state"])
    return instalment
