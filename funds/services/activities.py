"""The register of the partners' activities: typed in here, one at a time; see `services.activity_import` for files."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from funds import access
from funds.activity_rules import in_usd
from funds.models import ExchangeRate, Organisation, PartnerActivity
from regions.rules import PRIORITY_REGION_MESSAGE
from sr_portal.web import clock

SAID = (  # what files say too
    "organisation", "implementer", "funder", "title", "description", "sector", "region", "cercle", "locality",
    "latitude", "longitude", "starts_on", "ends_on", "status", "amount", "currency", "amount_usd", "beneficiaries",
    "external_id",
)  # fmt: skip

TYPED = (*SAID, "priority", "own_fund")


class Changed(ValidationError):
    """Somebody else changed the activity in between; nothing was written."""


@transaction.atomic
def record(*, by, values: Mapping[str, Any]) -> PartnerActivity:
    """A new activity. `values` by field of `TYPED`. Raises PermissionDenied, ValidationError naming the fields."""
    activity = PartnerActivity(created_by=by, **{name: values[name] for name in TYPED})
    if not access.writes_activity(by, activity):
        raise PermissionDenied
    _checked(activity)
    activity.save()
    return activity


@transaction.atomic
def correct(*, by, activity: PartnerActivity, values: Mapping[str, Any], seen: str) -> PartnerActivity:
    """Say it otherwise, from the version `seen` (see `version_of`). Raises PermissionDenied, `Changed`, ValidationError.

    Who writes must write both where it was and where it goes.
    """
    activity = PartnerActivity.objects.select_for_update().get(pk=activity.pk)
    if not access.writes_activity(by, activity):
        raise PermissionDenied
    if version_of(activity) != seen:
        raise Changed(
            _("Quelqu’un d’autre a modifié cette activité entre-temps : comparez, puis enregistrez de nouveau."),
            code="changed",
        )
    before = activity.priority_id
    for name in TYPED:
        setattr(activity, name, values[name])
    if not access.writes_activity(by, activity):
        raise PermissionDenied
    _checked(activity, before)
    activity.updated_at = clock.now()
    activity.save(update_fields=[*TYPED, "updated_at"])
    return activity


def version_of(activity: PartnerActivity) -> str:
    """A text that differs whenever anything said of this activity does."""
    values = [str(getattr(activity, field.attname)) for field in activity._meta.concrete_fields]
    return salted_hmac("funds.activity", "\x1f".join(values)).hexdigest()[:20]


def _checked(activity: PartnerActivity, priority_before: int | None = None) -> None:
    """What the row and its place must be, told by field; the worth in USD is reckoned where it was left out.

    `priority_before` is the priority that it served: it may keep it when the plan is no longer in force.
    """
    errors = place_errors(activity)
    if activity.priority and (
        activity.priority.plan.region_id != activity.region_id
        or (activity.priority_id != priority_before and not activity.priority.plan.is_in_force)
    ):
        errors["priority"] = PRIORITY_REGION_MESSAGE
    if activity.amount is not None and activity.currency and activity.amount_usd is None:
        activity.amount_usd = worth_in_usd(activity)
        if activity.amount_usd is None and "currency" not in errors:
            errors["amount_usd"] = _("Aucun taux connu pour cette monnaie : indiquez le montant en USD.")
    if activity.currency == "USD":
        activity.amount_usd = activity.amount
    try:
        activity.full_clean()
    except ValidationError as error:
        raise ValidationError({**errors, **error.message_dict}) from error
    if errors:
        raise ValidationError(errors)


def place_errors(activity: PartnerActivity) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    if activity.cercle and activity.cercle.region_id != activity.region_id:
        errors["cercle"] = _("Ce cercle est dans une autre région.")
    point = (activity.latitude, activity.longitude)
    if activity.region and None not in point and not activity.region.contains(*map(float, point)):
        errors["latitude"] = _("Ce point est hors de la région.")
    return errors


def worth_in_usd(activity: PartnerActivity) -> Decimal | None:
    """By the UN rate of the month in which the activity starts, or the last one published before it."""
    if activity.amount is None:
        return None
    rate = ExchangeRate.objects.filter(month__lte=activity.starts_on or clock.today()).order_by("-month").first()
    rate = rate or ExchangeRate.objects.order_by("month").first()
    return in_usd(activity.amount, activity.currency, rate.xof_per_usd if rate else None)


def known_twice(duplicate: Organisation, survivor: Organisation) -> list[str]:
    """Why two organisations cannot be merged: an activity that both tell under the same number would be there twice."""
    theirs = PartnerActivity.objects.filter(organisation=duplicate).exclude(external_id="")
    shared = PartnerActivity.objects.filter(organisation=survivor, external_id__in=theirs.values("external_id")).first()
    if shared is None:
        return []
    text = _("Les deux fiches ont l’activité « %(number)s » : changez-en le numéro d’un côté.")
    return [text % {"number": shared.external_id}]
