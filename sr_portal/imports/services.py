"""An import's steps: received, its columns told, checked without writing, then confirmed and queued."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from sr_portal.imports.kinds import Kind, Plan, kind_named, kind_of
from sr_portal.imports.models import ColumnMapping, DataImport, ImportProgress, ImportStatus
from sr_portal.imports.sources import Mapped, source_of
from sr_portal.spreadsheets.cells import key
from sr_portal.spreadsheets.reading import Sheet
from sr_portal.web import clock

OPEN = (ImportStatus.RECEIVED, ImportStatus.FAULTY, ImportStatus.CHECKED, ImportStatus.FAILED)


@transaction.atomic
def receive(*, by: Any, kind: Kind, upload: File, content: bytes) -> DataImport:
    """Keep a file that was read once already. Raises PermissionDenied."""
    if not kind.may(by):
        raise PermissionDenied
    record = DataImport(
        kind=kind.code, by=by, original_name=(upload.name or "")[:200], size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    record.file.save("import", ContentFile(content), save=False)
    record.save()
    return record


def remembered(user: Any, kind: str) -> Mapping[str, Mapping[str, str]]:
    return ColumnMapping.objects.filter(user=user, kind=kind).values_list("headings", flat=True).first() or {}


@transaction.atomic
def tell_columns(
    *, by: Any, record: DataImport, mapping: Mapped, options: dict[str, Any], sheets: list[Sheet]
) -> DataImport:
    """Say where each column is, remember it for this person's next file, and check the whole file; nothing is imported."""
    record = _open(record, by)
    headings = {sheet.name: sheet.heading for sheet in sheets}
    known = {
        code: {name: key(headings[one["sheet"]][place]) for name, place in one["columns"].items()}
        for code, one in mapping.items()
    }
    if known:
        ColumnMapping.objects.update_or_create(
            user=by, kind=record.kind, defaults={"headings": known, "updated_at": clock.now()}
        )
    record.mapping, record.options = mapping, options
    kind = kind_named(record.kind)
    put(record, kind.check(source_of(record, kind), by))
    record.status = ImportStatus.FAULTY if record.fault_count else ImportStatus.CHECKED
    record.save()
    return record


def put(record: DataImport, plan: Plan) -> None:
    """What a check found, on the record; it is not saved."""
    record.rows, record.created, record.updated, record.unchanged = (
        plan.rows,
        plan.created,
        plan.updated,
        plan.unchanged,
    )
    record.fault_count, record.faults = plan.faults.count, [asdict(fault) for fault in plan.faults.kept]
    record.failure = ""


@transaction.atomic
def confirm(*, by: Any, record: DataImport) -> DataImport:
    """Queue what was checked without a fault. Raises PermissionDenied, ValidationError."""
    from sr_portal.imports.running import run

    record = DataImport.objects.select_for_update().get(pk=record.pk)
    _own(record, by)
    if record.status == ImportStatus.RUNNING and is_lost(record):
        record.status = ImportStatus.CHECKED
    if record.status not in (ImportStatus.CHECKED, ImportStatus.FAILED) or record.fault_count:
        raise ValidationError(_("Cet import n’est pas prêt, ou il est déjà parti : rechargez la page."))
    record.status, record.failure = ImportStatus.QUEUED, ""
    record.save()
    total = record.created + record.updated
    ImportProgress.objects.update_or_create(data_import=record, defaults={"done": 0, "total": total, "at": clock.now()})
    run.enqueue(record.pk)
    return record


LOST_AFTER_SECONDS = 180


def is_lost(record: DataImport) -> bool:
    """Whether the worker that had taken it is gone: it told nothing for three minutes."""
    progress = ImportProgress.objects.filter(data_import=record).first()
    return progress is None or (clock.now() - progress.at).total_seconds() > LOST_AFTER_SECONDS


def _open(record: DataImport, by: Any) -> DataImport:
    record = DataImport.objects.select_for_update().get(pk=record.pk)
    _own(record, by)
    if record.status not in OPEN:
        raise ValidationError(_("Cet import est déjà parti."))
    return record


def _own(record: DataImport, by: Any) -> None:
    kind = kind_of(record.kind)
    if record.by_id != by.pk or kind is None or not kind.may(by):
        raise PermissionDenied
