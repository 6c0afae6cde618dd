"""The partners' activities as a map draws them: values only, the words are in the page."""

from typing import Any

from django.db.models import F, FloatField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from funds.activity_querysets import ActivityQuerySet
from regions.placing import Box, gathered

COLUMNS = ("title", "state", "partner", "place", "usd")


def activity_points(found: ActivityQuerySet, *, zoom: int, box: Box | None) -> dict[str, Any]:
    """`columns`, what `placing.gathered` tells of the activities, and `nowhere`: how many concern the whole country."""
    values = (
        F("title"),
        F("status"),
        Coalesce(NullIf(F("organisation__acronym"), Value("")), F("organisation__name")),
        Coalesce(NullIf(F("locality"), Value("")), F("cercle__name"), F("region__name")),
        Cast("amount_usd", FloatField()),
    )
    nowhere = found.filter(region__isnull=True).order_by().count()
    return {"columns": COLUMNS, "nowhere": nowhere, **gathered(found, values, zoom=zoom, box=box)}
