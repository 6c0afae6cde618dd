"""What was decided and every step taken on the road, in the order in which it happened."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.states import State
from projects.triggers import deadlines
from sr_portal.history.tracking import refuse_truncate, tracked
from sr_portal.web import clock

from .projects import Project


class DecisionKind(models.TextChoices):
    APPROVED = "approved", _("Approbation")
    REFUSED = "refused", _("Refus")


@tracked()
class Decision(models.Model):
    """The approving authority's decision: final, one a project."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="decision")
    kind = models.CharField(_("décision"), max_length=10, choices=DecisionKind.choices)
    amount_usd = models.DecimalField(
        _("montant approuvé (USD)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    conditions = models.TextField(_("conditions"), blank=True)
    reasons = models.TextField(_("motifs"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("décidé par")
    )
    decided_at = models.DateTimeField(_("décidé le"), default=clock.now)

    class Meta:
        verbose_name = _("décision")
        verbose_name_plural = _("décisions")
        constraints = [
            models.CheckConstraint(
                name="decision_complete",
                condition=Q(kind="approved", amount_usd__isnull=False, amount_usd__gt=0)
                | (Q(kind="refused", amount_usd__isnull=True) & ~Q(reasons="")),
                violation_error_message=_("Une approbation a un montant, un refus a des motifs."),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class StateChange(models.Model):
    """One step on the road: which transition, by whom, when, with what note. Never changed afterwards."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="changes")
    transition = models.CharField(_("étape"), max_length=30)
    source = models.CharField(_("de"), max_length=20, choices=State.choices, blank=True)
    target = models.CharField(_("à"), max_length=20, choices=State.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("par")
    )
    at = models.DateTimeField(_("le"), default=clock.now)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("étape franchie")
        verbose_name_plural = _("étapes franchies")
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            refuse_truncate(),
            deadlines.OF_STEP,
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
