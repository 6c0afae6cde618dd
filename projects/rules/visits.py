"""Monitoring visits: when they are planned, what a report may say, how far from the project one stood (guide §4, §8)."""

import datetime as dt
import math
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Each project has one of each, at least (domain guide §4): such a visit is cancelled only for another in its place.
MANDATORY = ("midway", "final")
FAR_FROM_PROJECT_M = 2000  # beyond, the distance is shown
DAYS_BEFORE_END = 7  # the final visit leaves time to mend what it finds
EARTH_RADIUS_M = 6_371_008.8  # mean radius, WGS 84
CORRECTION_DAYS = {"blocking": 7, "major": 14, "minor": 30}  # proposed for a finding, calendar days


def planned_days(
    starts_on: dt.date, ends_on: dt.date, first_visit_days: int, not_before: dt.date
) -> tuple[dt.date, dt.date]:
    """The days of the mid-way and of the final visit, in this order.

    The first comes within `first_visit_days` of the start and at half-way at the latest; the final one a week before
    the last possible day, never after the day before it. A plan made late begins at `not_before`.
    """
    half_way = starts_on + (ends_on - starts_on) // 2
    midway = max(min(starts_on + dt.timedelta(days=first_visit_days), half_way), not_before)
    last = max(ends_on - dt.timedelta(days=1), not_before)
    final = min(max(ends_on - dt.timedelta(days=DAYS_BEFORE_END), midway), last)
    return min(midway, final), final


def moved_days(
    starts_on: dt.date, ends_before: dt.date, ends_after: dt.date, first_visit_days: int, today: dt.date
) -> dict[str, dt.date]:
    """The new day of each mandatory visit whose day in the plan moves with the last possible day, by its kind.

    A visit that was due before today and would still be is left where it is: an amendment hides no delay.
    """
    before, after, told = (
        dict(zip(MANDATORY, planned_days(starts_on, end, first_visit_days, not_before=since), strict=True))
        for end, since in ((ends_before, starts_on), (ends_after, starts_on), (ends_after, max(today, starts_on)))
    )
    return {
        kind: told[kind]
        for kind in MANDATORY
        if before[kind] != after[kind] and not (before[kind] < today and after[kind] < today)
    }


def distance_m(
    latitude: Decimal | float | None, longitude: Decimal | float | None,
    other_latitude: Decimal | float | None, other_longitude: Decimal | float | None,
) -> int | None:  # fmt: skip
    """Metres along the great circle between two points in degrees (haversine); None when either is unknown."""
    if latitude is None or longitude is None or other_latitude is None or other_longitude is None:
        return None
    a, b = math.radians(float(latitude)), math.radians(float(other_latitude))
    half_lat = (b - a) / 2
    half_lon = math.radians(float(other_longitude) - float(longitude)) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(a) * math.cos(b) * math.sin(half_lon) ** 2
    return round(2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord))))


def is_far(metres: int | None) -> bool:
    return metres is not None and metres > FAR_FROM_PROJECT_M


def validate_report(values: dict[str, Any], *, signed_on: dt.date | None, today: dt.date) -> None:
    """What a report of a visit must hold; raises `ValidationError` naming each field."""
    errors: dict[str, Any] = {}
    done_on = values.get("done_on")
    if done_on is None:
        errors["done_on"] = _("Indiquez le jour de la visite.")
    elif done_on > today:
        errors["done_on"] = _("Une visite à venir ne peut pas avoir de compte rendu : vérifiez la date.")
    elif signed_on is not None and done_on < signed_on:
        errors["done_on"] = _("Cette date précède la signature du protocole : vérifiez-la.")
    progress = values.get("progress")
    if progress is None:
        errors["progress"] = _("Indiquez l’avancement des travaux.")
    elif not 0 <= progress <= 100:
        errors["progress"] = _("L’avancement va de 0 à 100 %.")
    if not values.get("quality"):
        errors["quality"] = _("Jugez la qualité des travaux.")
    if not values.get("safety"):
        errors["safety"] = _("Jugez la sécurité du chantier.")
    if (values.get("latitude") is None) != (values.get("longitude") is None):
        errors["longitude"] = _("Donnez la latitude et la longitude, ou aucune des deux.")
    if errors:
        raise ValidationError(errors)


def validate_due(due_on: dt.date, since: dt.date) -> None:
    """A finding is to be corrected after the day on which it was made."""
    if due_on < since:
        raise ValidationError({"due_on": _("L’échéance ne peut précéder le jour du constat.")})
