"""Projects as a map draws them: values only, the words are in the page."""

from typing import Any

from django.db.models import BooleanField, F, FloatField, Q, QuerySet, Value
from django.db.models.expressions import ExpressionWrapper
from django.db.models.functions import Cast, Coalesce, NullIf

from regions.placing import Box, gathered

# After the point of `placing.gathered`; `usd` is what was approved, else what is asked.
COLUMNS = ("title", "state", "partner", "place", "usd", "approved")


def project_points(found: QuerySet, *, zoom: int, box: Box | None) -> dict[str, Any]:
    """`columns`, and what `placing.gathered` tells of the projects."""
    values = (
        F("title"),
        F("state"),
        Coalesce(NullIf(F("partner__acronym"), Value("")), F("partner__name"), Value("")),
        Coalesce(NullIf(F("locality"), Value("")), F("cercle__name"), F("region__name")),
        Coalesce(Cast("approved_usd", FloatField()), Cast("budget_usd", FloatField())),
        ExpressionWrapper(Q(approved_usd__isnull=False), output_field=BooleanField()),
    )
    return {"columns": COLUMNS, **gathered(found, values, zoom=zoom, box=box)}
