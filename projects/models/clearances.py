"""The word of headquarters on projects above the amount that their mechanism leaves to the mission."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funds.rules import CENT
from projects.triggers import mechanism
from sr_portal.documents.models import Document
from sr_portal.history.tracking import tracked
from sr_portal.web import clock

from .projects import Project


@tracked()
class HeadquartersClearance(models.Model):
    """What headquarters cleared, up to which amount, by which letter. Never changed: a higher amount is a new one."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="clearances")
    reference = models.CharField(_("référence de l’accord"), max_length=60)
    cleared_on = models.DateField(_("date de l’accord"))
    amount_usd = models.DecimalField(
        _("montant accordé (USD)"), max_digits=12, decimal_places=2, validators=[MinValueValidator(CENT)]
    )
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="clearance", verbose_name=_("lettre ou message du siège")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("enregistré par")
    )
    recorded_at = models.DateTimeField(_("enregistré le"), default=clock.now)

    class Meta:
        verbose_name = _("accord du siège")
        verbose_name_plural = _("accords du siège")
        ordering = ["cleared_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "reference"],
                name="clearance_reference_once",
                violation_error_message=_("Cet accord est déjà enregistré pour ce projet."),
            ),
            models.CheckConstraint(name="clearance_amount_positive", condition=Q(amount_usd__gt=0)),
            models.CheckConstraint(name="clearance_has_reference", condition=~Q(reference="")),
        ]
        triggers = mechanism.CLEARANCE_TRIGGERS

    def __str__(self) -> str:
        return self.reference
