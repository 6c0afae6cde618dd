"""Which donors' money a project holds: what it reserves, split over contributions by the database."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.allocation_querysets import AllocationQuerySet
from projects.triggers.allocations import ALLOCATION
from sr_portal.history.tracking import tracked

from .projects import Project


@tracked()
class Allocation(models.Model):
    """What a project holds of one contribution, USD `Decimal(12, 2)`.

    Written by the database alone, in the transaction that changes the reservation (see `allocate_project` in SQL and
    decision 0010): the narrowest earmark that serves the project first, then the oldest signature; given back in the
    opposite order. The sum over a project is its reservation, to the cent; over a contribution, no more than signed.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="allocations")
    contribution = models.ForeignKey(
        "funds.Contribution", on_delete=models.PROTECT, related_name="allocations", verbose_name=_("contribution")
    )
    amount_usd = models.DecimalField(_("montant (USD)"), max_digits=12, decimal_places=2)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affectation")
        verbose_name_plural = _("affectations")
        ordering = ["project", "contribution"]
        constraints = [
            models.UniqueConstraint(fields=["project", "contribution"], name="allocation_once"),
            models.CheckConstraint(name="allocation_positive", condition=Q(amount_usd__gt=0)),
        ]
        triggers = [*ALLOCATION, pgtrigger.ReadOnly(name="stays_where_it_is", fields=["project", "contribution"])]

    def __str__(self) -> str:
        return f"{self.project_id} ← {self.contribution_id}: {self.amount_usd}"
