"""Questions asked of the sums that the database keeps (`projects.summary`)."""

from django.db import models
from django.db.models import Sum


class CellQuerySet(models.QuerySet):
    def summed(self, *by: str, measures: tuple[str, ...]) -> models.QuerySet:
        """Rows of `by` and the sum of each measure; every row of a cell counts."""
        return self.order_by().values(*by).annotate(**{f"{name}_sum": Sum(name) for name in measures})
