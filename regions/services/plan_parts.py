"""What a plan is made of, written one by one while it is a draft: axes, priorities, indicators."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from regions import access
from regions.models import Axis, Indicator, Plan, PlanStatus, Priority
from sr_portal.web.versions import unchanged_since

from .plans import (
    AXIS_FIELDS,
    INDICATOR_FIELDS,
    MEASURED,
    PRIORITY_FIELDS,
    Refused,
    locked,
    measured_on,
    must_be,
    saved,
    written,
)

Part = Axis | Priority | Indicator
FIELDS: dict[type[Part], tuple[str, ...]] = {
    Axis: AXIS_FIELDS,
    Priority: PRIORITY_FIELDS,
    Indicator: INDICATOR_FIELDS,
}


def plan_of(part: Part) -> Plan:
    return part.priority.plan if isinstance(part, Indicator) else part.plan


@transaction.atomic
def add(*, by, plan: Plan, model: type[Part], values: Mapping[str, Any]) -> Part:
    """An axis, a priority or an indicator more. Raises PermissionDenied, `Refused`, ValidationError naming the fields."""
    plan = written(by, plan)
    part = model() if model is Indicator else model(plan=plan)
    return _filled(part, plan, values)


@transaction.atomic
def change(*, by, part: Part, values: Mapping[str, Any], seen: str) -> Part:
    """Raises as `add`, and `Changed`."""
    plan = written(by, plan_of(part))
    part = type(part).objects.select_for_update().get(pk=part.pk)  # type: ignore[union-attr]  # each has a manager
    unchanged_since(part, seen)
    return _filled(part, plan, values)


@transaction.atomic
def remove(*, by, part: Part) -> None:
    """With what stands beneath it. Raises PermissionDenied, `Refused`."""
    written(by, plan_of(part))
    part.delete()


@transaction.atomic
def measure(*, by, indicator: Indicator, values: Mapping[str, Any], seen: str) -> Indicator:
    """The latest value of an indicator of a plan in force; the history keeps those before.

    Raises PermissionDenied, `Changed`, `Refused`, ValidationError naming the fields.
    """
    plan = locked(indicator.priority.plan)
    if not access.writes_plan(by, plan):
        raise PermissionDenied
    must_be(plan, PlanStatus.VALIDATED)
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    unchanged_since(indicator, seen)
    measured_on(values["latest_on"])
    for name in MEASURED:
        setattr(indicator, name, values[name])
    return saved(indicator)


def _filled(part: Part, plan: Plan, values: Mapping[str, Any]) -> Part:
    for name in FIELDS[type(part)]:
        setattr(part, name, values[name])
    if plan_of(part).pk != plan.pk or (isinstance(part, Priority) and part.axis.plan_id != plan.pk):
        raise Refused(_("Cela est d’un autre plan."))
    if isinstance(part, Indicator):
        measured_on(part.latest_on)
    return saved(part)
