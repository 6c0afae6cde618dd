"""What of a published project partners are shown: which rows, which place, which title. Read by pages, API and exports.

`ProjectQuerySet.published()` are all those that ever were approved; `.open_to_partners()` leaves out those of which
nothing is told; `.with_shown()` adds the columns below, which say no more than the project's disclosure allows:

- `shown_title`: the title; without the place, the public title or « secteur – cercle »;
- `shown_locality`: the village; empty without the place;
- `shown_latitude`, `shown_longitude`: degrees (WGS 84); the cercle's or the region's own point where the exact one is
  not known or not told;
- `shown_exactly`: whether that point is the project's (IATI exactness 1) or approximate (2);
- `shown_objective`: the objective; empty without the place, for free text may name it.
"""

from django.db import models
from django.db.models import Case, CharField, F, FloatField, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import get_language

from projects.rules.publication import Disclosure

IN_FULL = Q(disclosure=Disclosure.FULL)
EXACT = IN_FULL & Q(latitude__isnull=False)
SHOWN = ("shown_title", "shown_locality", "shown_latitude", "shown_longitude", "shown_exactly", "shown_objective")


def _if(condition: Q, then: object, otherwise: object, output: models.Field) -> Case:
    return Case(When(condition, then=then), default=otherwise, output_field=output)


def columns(language: str | None = None) -> dict[str, Case]:
    """The expressions of `with_shown()`; the title made of sector and cercle is in `language`, « fr » or « en »."""
    language = language or ("en" if (get_language() or "fr").startswith("en") else "fr")
    place = Coalesce("cercle__name", "region__name")
    made = Concat(Coalesce(f"sector__name_{language}", Value("")), Value(" – "), place, output_field=CharField())
    title = Case(When(IN_FULL, then="title"), When(~Q(public_title=""), then="public_title"), default=made)
    lat = Coalesce("cercle__label_lat", "region__label_lat", "region__capital_lat")
    lon = Coalesce("cercle__label_lon", "region__label_lon", "region__capital_lon")
    degrees = FloatField()
    return {
        "shown_title": title,
        "shown_locality": _if(IN_FULL, F("locality"), Value(""), CharField()),
        "shown_latitude": _if(EXACT, Cast("latitude", degrees), lat, degrees),
        "shown_longitude": _if(EXACT, Cast("longitude", degrees), lon, degrees),
        "shown_exactly": _if(EXACT, Value(True), Value(False), models.BooleanField()),
        "shown_objective": _if(IN_FULL, F("objective"), Value(""), TextField()),
    }
