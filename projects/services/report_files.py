"""The files joined to a report: kept with it, withdrawn with a reason, never deleted."""

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import report_access as access
from projects.models import Report, ReportFile
from sr_portal.documents.refusals import RefusedFile
from sr_portal.documents.services import store, withdraw

from .reports import locked_report

MOST_FILES = 40
CLOSED = gettext_lazy("Ce rapport n’est plus modifiable.")


def _open(report: Report, user) -> Report:
    report = locked_report(report.pk)
    if not access.may_write(user, report.project, report):
        raise PermissionDenied(CLOSED)
    return report


@transaction.atomic
def join(*, report: Report, user, upload: File, caption: str = "") -> ReportFile:
    """Check a file, keep it and join it. Raises `RefusedFile` with what to do."""
    report = _open(report, user)
    there = report.files.filter(document__withdrawn_at=None)
    name = upload.name or ""
    if there.count() >= MOST_FILES:
        raise RefusedFile(name, _("le rapport a déjà %(count)s pièces."), count=MOST_FILES)
    document = store(upload, by=user)
    if there.filter(document__sha256=document.sha256).exists():
        raise RefusedFile(name, _("ce fichier est déjà joint."))
    joined = ReportFile(report=report, document=document, caption=caption)
    joined.full_clean()
    joined.save()
    return joined


@transaction.atomic
def take_back(*, file: ReportFile, user, reason: str) -> None:
    """Withdraw a file from its readers; the report keeps that it was there, who took it away and why."""
    _open(file.report, user)
    withdraw(file.document, by=user, reason=reason)
