"""Regional plans: drafted, validated, renewed by a new version, archived.

Locks: the region, then the plan's row. `seen` is the version of a record that its writer had before their eyes
(`sr_portal.web.versions`). A draft is written by whom the region is open to; the section head alone decides on it.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from regions import access
from regions.models import Axis, Indicator, Plan, PlanStatus, Priority, Region
from sr_portal.documents.services import store
from sr_portal.web import clock
from sr_portal.web.versions import unchanged_since

from .refusals import as_refusal

PLAN_FIELDS = ("title", "starts_on", "ends_on", "lead", "summary", "change_note")
AXIS_FIELDS = ("number", "title", "description")
PRIORITY_FIELDS = ("axis", "code", "title", "description", "need_usd", "theme", "lead")
INDICATOR_FIELDS = (
    "priority", "name", "unit", "direction", "baseline", "baseline_on", "target", "target_on", "latest", "latest_on",
    "source",
)  # fmt: skip
MEASURED = ("latest", "latest_on", "source")


class Refused(ValidationError):
    """The plan does not stand where this act is possible; nothing was written."""


# --- The plan -------------------------------------------------------------------------------------------------------
@transaction.atomic
def draft(*, by, region: Region, values: Mapping[str, Any]) -> Plan:
    """A new plan of a region. Raises PermissionDenied, ValidationError naming the fields."""
    plan = Plan(region=region, created_by=by, **{name: values[name] for name in PLAN_FIELDS})
    if not access.writes_plan(by, plan):
        raise PermissionDenied
    return saved(plan)


@transaction.atomic
def change(*, by, plan: Plan, values: Mapping[str, Any], seen: str) -> Plan:
    """Raises PermissionDenied, `Changed`, `Refused` once it is validated, ValidationError."""
    plan = written(by, plan)
    unchanged_since(plan, seen)
    for name in PLAN_FIELDS:
        setattr(plan, name, values[name])
    return saved(plan)


@transaction.atomic
def file_document(*, by, plan: Plan, upload: File) -> Plan:
    """The plan as it was printed and signed; a newer file takes the place of the last, which stays on file.

    Raises PermissionDenied, `Refused` once the plan is archived, ValidationError naming `document`.
    """
    plan = locked(plan)
    if not access.writes_plan(by, plan):
        raise PermissionDenied
    if plan.status == PlanStatus.ARCHIVED:
        raise Refused(_("Ce plan est archivé : son document ne change plus."))
    if plan.status == PlanStatus.VALIDATED and not access.validates_plan(by, plan):
        raise PermissionDenied
    try:
        plan.document = store(upload, by=by, replaces=plan.document)
    except ValidationError as refusal:
        raise ValidationError({"document": refusal.messages}) from refusal
    plan.save(update_fields=["document"])
    return plan


@transaction.atomic
def discard(*, by, plan: Plan) -> None:
    """Give up a draft; its history keeps it. Raises PermissionDenied, `Refused`."""
    written(by, plan).delete()


# --- In force -------------------------------------------------------------------------------------------------------
@transaction.atomic
def validate(*, by, plan: Plan, seen: str) -> Plan:
    """Put a draft in force; the version that it follows is archived, and what was measured of it meanwhile kept.

    Raises PermissionDenied, `Changed`, `Refused` when another plan of the region is in force, or without a priority.
    """
    Region.objects.select_for_update().only("pk").get(pk=plan.region_id)
    plan = locked(plan)
    if not access.validates_plan(by, plan):
        raise PermissionDenied
    must_be(plan, PlanStatus.DRAFT)
    unchanged_since(plan, seen)
    for former in Plan.objects.select_for_update().filter(region=plan.region_id, status=PlanStatus.VALIDATED):
        if former.series != plan.series:
            raise Refused(
                _("Le plan « %(title)s » est en vigueur dans la région : archivez-le d’abord.")
                % {"title": former.title}
            )
        carry_measures(former, plan)
        archived(former)
    plan.status, plan.validated_by, plan.validated_on = PlanStatus.VALIDATED, by, clock.today()
    return saved(plan)


@transaction.atomic
def archive(*, by, plan: Plan) -> Plan:
    """Take a plan out of force: its period is over. Raises PermissionDenied, `Refused`."""
    plan = locked(plan)
    if not access.validates_plan(by, plan):
        raise PermissionDenied
    must_be(plan, PlanStatus.VALIDATED)
    return archived(plan)


@transaction.atomic
def new_version(*, by, plan: Plan) -> Plan:
    """A draft that says what the plan in force says, with the same lineages. Raises PermissionDenied, `Refused`."""
    plan = locked(plan)
    if not access.writes_plan(by, plan):
        raise PermissionDenied
    must_be(plan, PlanStatus.VALIDATED)
    number = Plan.objects.versions_of(plan).values_list("number", flat=True)[0] + 1
    copied = Plan(
        region=plan.region, series=plan.series, number=number, created_by=by,
        **{name: getattr(plan, name) for name in PLAN_FIELDS} | {"change_note": ""},
    )  # fmt: skip
    saved(copied)
    copy_content(plan, copied)
    return copied


def copy_content(source: Plan, target: Plan) -> None:
    for axis in source.axes.prefetch_related("priorities__indicators"):
        new_axis = Axis.objects.create(plan=target, **{name: getattr(axis, name) for name in AXIS_FIELDS})
        for priority in axis.priorities.all():
            said = {name: getattr(priority, name) for name in PRIORITY_FIELDS} | {"axis": new_axis}
            new = Priority.objects.create(plan=target, lineage=priority.lineage, **said)
            for indicator in priority.indicators.all():
                said = {name: getattr(indicator, name) for name in INDICATOR_FIELDS} | {"priority": new}
                Indicator.objects.create(lineage=indicator.lineage, **said)


def carry_measures(source: Plan, target: Plan) -> None:
    """What was measured of the plan in force after its new version was drafted."""
    later = {one.lineage: one for one in Indicator.objects.filter(priority__plan=source).exclude(latest=None)}
    for indicator in Indicator.objects.filter(priority__plan=target, lineage__in=later):
        known = later[indicator.lineage]
        if indicator.latest_on is None or known.latest_on > indicator.latest_on:
            for name in MEASURED:
                setattr(indicator, name, getattr(known, name))
            indicator.save(update_fields=MEASURED)


# --- Shared ---------------------------------------------------------------------------------------------------------
def locked(plan: Plan) -> Plan:
    found = Plan.objects.select_for_update(of=("self",)).select_related("region", "document")
    return found.defer("region__outline").get(pk=plan.pk)


def written(by, plan: Plan) -> Plan:
    """The plan, locked, still a draft and open to this writer. Raises PermissionDenied, `Refused`."""
    plan = locked(plan)
    if not access.writes_plan(by, plan):
        raise PermissionDenied
    must_be(plan, PlanStatus.DRAFT)
    return plan


def must_be(plan: Plan, status: PlanStatus) -> None:
    if plan.status != status:
        raise Refused(_("Ce plan est « %(state)s » : cela n’est plus possible.") % {"state": plan.status_label.label})


def archived(plan: Plan) -> Plan:
    plan.status, plan.archived_on = PlanStatus.ARCHIVED, clock.today()
    plan.save(update_fields=["status", "archived_on"])
    return plan


def saved(record: Any) -> Any:
    """Checked whole, then written; what the database refuses is an error of the form."""
    record.full_clean()
    try:
        with transaction.atomic():
            record.save()
    except DatabaseError as error:
        raise as_refusal(error) from error
    return record


def measured_on(day: dt.date | None) -> None:
    """Raises ValidationError of `latest_on`: nobody measures the future."""
    if day is not None and day > clock.today():
        raise ValidationError({"latest_on": _("Cette date est dans l’avenir.")})
