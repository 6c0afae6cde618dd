"""Every question asked of the pipeline of prospects."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, F, Q, Sum, When, Window
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear, RowNumber

from funds.prospect_rules import BEFORE_DAYS, LOST, OPEN, WON

ZERO = models.Value(Decimal(0), output_field=models.DecimalField(max_digits=14, decimal_places=2))
ALL = "toutes"


@dataclass(frozen=True)
class Sums:
    """How many prospects, what they would bring, what may be counted upon, USD, and of how many the next step is late."""

    count: int = 0
    usd: Decimal = Decimal(0)
    weighted_usd: Decimal = Decimal(0)
    late: int = 0


def _sums(**only: Any) -> dict[str, models.expressions.BaseExpression]:
    where = Q(**only) if only else None
    return {
        "count": Count("pk", filter=where),
        "usd": Coalesce(Sum("amount_usd", filter=where), ZERO),
        "weighted": Coalesce(Sum("weighted_usd", filter=where), ZERO),
    }


class ProspectQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(stage__in=OPEN)

    def late(self, on: dt.date) -> Self:
        """Open, and the day of the next step is past."""
        return self.open().filter(next_step_on__lt=on)

    def due(self, on: dt.date) -> Self:
        """Open, and the next step is late or falls within the days in which it is recalled."""
        return self.open().filter(next_step_on__lte=on + dt.timedelta(days=BEFORE_DAYS))

    def for_list(self) -> Self:
        return self.select_related("donor", "mechanism", "region", "responsible").defer("region__outline", "note")

    def search(self, text: str) -> Self:
        found = Q(donor__acronym__iexact=text)
        for name in ("title", "donor_name", "next_step", "donor__name"):
            found |= Q(**{f"{name}__unaccent__icontains": text})
        return self.filter(found)

    def filtered(self, wanted: dict[str, Any], on: dt.date) -> Self:
        """By the cleaned data of `ProspectFilter`: the same for the list, the board and the exports; open ones when no
        stage is asked for."""
        found = self
        if text := wanted.get("q"):
            found = found.search(text)
        for name, field in (("mecanisme", "mechanism"), ("donateur", "donor"), ("responsable", "responsible")):
            if value := wanted.get(name):
                found = found.filter(**{field: value})
        if stage := wanted.get("etape"):
            found = found if stage == ALL else found.filter(stage=stage)
        else:
            found = found.open()
        return found.late(on) if wanted.get("retard") else found

    def sums(self) -> Sums:
        found = self.order_by().aggregate(**_sums())
        return Sums(found["count"], found["usd"], found["weighted"])

    def by_stage(self, on: dt.date) -> dict[str, Sums]:
        late = Count("pk", filter=Q(stage__in=OPEN, next_step_on__lt=on))
        rows = self.order_by().values("stage").annotate(late=late, **_sums())
        return {row["stage"]: Sums(row["count"], row["usd"], row["weighted"], row["late"]) for row in rows}

    def first_of_each_stage(self, most: int) -> Self:
        """The most pressing of each stage, `most` at most; what is closed, the latest first."""
        rank = Window(
            RowNumber(), partition_by=F("stage"),
            order_by=[F("next_step_on").asc(nulls_last=True), F("closed_on").desc(nulls_first=True), F("pk").asc()],
        )  # fmt: skip
        return self.annotate(rank_in_stage=rank).filter(rank_in_stage__lte=most).order_by("stage", "rank_in_stage")

    def by_mechanism_and_year(self) -> list[dict[str, Any]]:
        """For each mechanism (`mechanism_id`, `first_month`) and fiscal `year` in which a signature is expected: of the
        open ones `count`, `usd` and `weighted`; `won_usd` of those that became contributions; lost ones are left out."""
        first = F("mechanism__fiscal_year_first_month")
        year, month = ExtractYear("expected_on"), ExtractMonth("expected_on")
        fiscal = Case(When(month__gte=first, then=year), default=year - 1, output_field=models.IntegerField())
        return list(
            self.exclude(stage=LOST)
            .order_by()
            .annotate(month=month)
            .annotate(year=fiscal)
            .values("mechanism_id", "mechanism__name_fr", "mechanism__name_en", "year", first_month=first)
            .annotate(
                **_sums(stage__in=OPEN), won_usd=Coalesce(Sum("amount_usd", filter=Q(stage=WON)), ZERO),
            )
            .order_by("mechanism_id", "year")
        )  # fmt: skip
