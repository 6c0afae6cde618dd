"""Questions asked of the sums that the database keeps (`projects.summary`)."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce


class CellQuerySet(models.QuerySet):
    def summed(self, *by: str, measures: tuple[str, ...]) -> models.QuerySet:
        """Rows of `by` and the sum of each measure; every row of a cell counts."""
        return self.order_by().values(*by).annotate(**{f"{name}_sum": Sum(name) for name in measures})


class ClockCellQuerySet(models.QuerySet):
    def counted(self, *by: str, on: dt.date) -> models.QuerySet:
        """Rows of `by` with `late`, the projects whose day is before `on`, and `running`, all that have one."""
        month = on.replace(day=1)
        before = Q(level="month", day__lt=month) | Q(level="day", day__gte=month, day__lt=on)
        return (
            self.filter(Q(level="month") | before)
            .order_by()
            .values(*by)
            .annotate(
                late=Coalesce(Sum("projects", filter=before), 0),
                running=Coalesce(Sum("projects", filter=Q(level="month")), 0),
            )
        )

    def within(self, **dimensions) -> Self:
        return self.filter(**{name: value for name, value in dimensions.items() if value not in (None, "")})
