"""What is asked of the money that projects hold of contributions: how much of each part is paid."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Least

ZERO = models.Value(Decimal(0), output_field=models.DecimalField(max_digits=12, decimal_places=2))


def _precision(path: str) -> models.Func:
    """How narrow the earmark of the contribution at `path` is: the database's own word for it."""
    return models.Func(
        F(f"{path}region_id"), F(f"{path}theme"), function="earmark_precision", output_field=models.IntegerField()
    )


class AllocationQuerySet(models.QuerySet):
    def with_paid(self) -> Self:
        """With `paid_usd`, what of each allocation is paid less refunds, USD to the cent.

        A payment names no contribution: what a project was paid is taken to come from its allocations in the order in
        which they were taken (narrowest earmark, then oldest signature). What a project gives back goes the opposite way,
        so that once it is closed or cancelled this is what it still holds. Over a project it sums to what was paid, net.
        """
        here = models.OuterRef("contribution_id")
        before = (
            self.model.objects.filter(project=models.OuterRef("project_id"))
            .exclude(pk=models.OuterRef("pk"))
            .annotate(narrow=_precision("contribution__"))
            .filter(
                Q(narrow__gt=models.OuterRef("narrow"))
                | Q(narrow=models.OuterRef("narrow"))
                & (
                    Q(contribution__signed_on__lt=models.OuterRef("contribution__signed_on"))
                    | Q(contribution__signed_on=models.OuterRef("contribution__signed_on"), contribution_id__lt=here)
                )
            )
            .order_by()
            .values("project")
            .annotate(sum=models.Sum("amount_usd"))
            .values("sum")
        )
        net = F("project__paid_usd") - F("project__refunded_usd")
        left = net - Coalesce(models.Subquery(before), ZERO)
        return self.annotate(narrow=_precision("contribution__")).annotate(
            paid_usd=Greatest(Least(F("amount_usd"), left), ZERO)
        )
