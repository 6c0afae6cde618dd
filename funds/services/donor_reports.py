"""Reports owed to donors: planned with the agreement, corrected, sent with the exact file (which a mistake undoes), or waived
by the donor.

Locks: the report's row, then (in the database) its contribution.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from funds import access, rules
from funds.models import Contribution, DonorReport, DonorReportState
from funds.notices.donor_reports import tell_responsible, tell_undone
from sr_portal.accounts.models import User
from sr_portal.documents.services import store, withdraw
from sr_portal.web import clock

from .refusals import as_refusal
from .versions import unchanged_since

PLANNED = ("kind", "content", "period_start", "period_end", "due_days", "due_on", "responsible", "note")


@dataclass(frozen=True)
class Sending:
    """A report as it left: its file, the day, and the period that it covers."""

    file: File
    on: dt.date
    since: dt.date | None = None
    until: dt.date | None = None


@transaction.atomic
def plan(*, by: User, contribution: Contribution, values: Mapping[str, Any]) -> DonorReport:
    """A report that the agreement asks for. Raises PermissionDenied, ValidationError naming the fields."""
    if not access.plans_donor_reports(by):
        raise PermissionDenied
    if contribution.withdrawn_on:
        raise ValidationError(_("Cette annonce est retirée."))
    report = DonorReport(contribution=contribution, created_by=by, created_at=clock.now())
    _take(report, values)
    _save(report)
    tell_responsible(report, by=by)
    return report


@transaction.atomic
def change(*, by: User, report: DonorReport, values: Mapping[str, Any], seen: str) -> DonorReport:
    """Correct what is owed while it is not sent. Raises PermissionDenied, `Changed`, ValidationError."""
    report = locked(report.pk)
    if not access.plans_donor_reports(by):
        raise PermissionDenied
    unchanged_since(report, seen)
    _still_due(report)
    before = report.responsible_id
    _take(report, values)
    _save(report)
    if report.responsible_id != before:
        tell_responsible(report, by=by)
    return report


@transaction.atomic
def send(*, by: User, report: DonorReport, sending: Sending) -> DonorReport:
    """Record that the report left, and keep the file that left. Raises PermissionDenied, ValidationError."""
    report = locked(report.pk)
    if not access.sends_donor_report(by, report):
        raise PermissionDenied
    _still_due(report)
    if sending.on > clock.today():
        raise ValidationError({"sent_on": _("La date est dans l’avenir : enregistrez ce qui a eu lieu.")})
    try:
        report.document = store(sending.file, by=by)
    except ValidationError as refusal:
        raise ValidationError({"file": refusal.messages}) from refusal
    report.state, report.sent_on, report.sent_by, report.sent_at = DonorReportState.SENT, sending.on, by, clock.now()
    report.covers_since, report.covers_until = sending.since, sending.until
    _save(report)
    return report


@transaction.atomic
def undo_sending(*, by: User, report: DonorReport, reason: str) -> DonorReport:
    """The sending was recorded by mistake: its file is withdrawn, and the report is due again, as it was.

    What was recorded stays in the history, and in the withdrawn document. Raises PermissionDenied, ValidationError.
    """
    report, reason = locked(report.pk), reason.strip()
    if not access.plans_donor_reports(by):
        raise PermissionDenied
    if report.state != DonorReportState.SENT or report.document is None:
        raise ValidationError(_("Aucun envoi n’est enregistré pour ce rapport."))
    if not reason:
        raise ValidationError({"reason": _("Indiquez le motif.")})
    if not report.document.is_withdrawn:
        withdraw(report.document, by=by, reason=reason)
    report.state, report.sent_on, report.sent_by, report.sent_at = DonorReportState.DUE, None, None, None
    report.document = report.covers_since = report.covers_until = None
    report.undone_by, report.undone_at, report.undo_reason = by, clock.now(), reason
    _save(report)
    tell_undone(report, by=by)
    return report


@transaction.atomic
def waive(*, by: User, report: DonorReport, reason: str) -> DonorReport:
    """The donor no longer asks for it. Raises PermissionDenied, ValidationError."""
    report = locked(report.pk)
    if not access.plans_donor_reports(by):
        raise PermissionDenied
    _still_due(report)
    if not reason.strip():
        raise ValidationError({"reason": _("Indiquez le motif.")})
    report.state, report.waived_by, report.waived_at = DonorReportState.WAIVED, by, clock.now()
    report.waiver_reason = reason.strip()
    _save(report)
    return report


def locked(pk: int) -> DonorReport:
    return DonorReport.objects.select_for_update(no_key=True).get(pk=pk)


def _take(report: DonorReport, values: Mapping[str, Any]) -> None:
    for name in PLANNED:
        setattr(report, name, values[name])
    due_on = rules.report_due_on(report.due_on, report.period_end, report.due_days)
    if due_on is None:
        raise ValidationError({"due_on": _("Indiquez l’échéance, ou la fin de la période et un nombre de jours.")})
    report.due_on = due_on
    if not access.sends_donor_reports_somewhere(report.responsible):
        raise ValidationError({"responsible": _("Cette personne n’a pas un rôle qui transmet des rapports.")})


def _still_due(report: DonorReport) -> None:
    if report.state != DonorReportState.DUE:
        raise ValidationError(_("Ce rapport est déjà transmis, ou le donateur en a dispensé."))


def _save(report: DonorReport) -> None:
    report.full_clean()
    try:
        with transaction.atomic():
            report.save()
    except DatabaseError as error:
        raise as_refusal(error) from error
