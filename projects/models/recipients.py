"""The organisations that receive a project's money beside its lead, where the mechanism allows several."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.triggers import mechanism
from sr_portal.history.tracking import tracked

from .projects import Project


class RecipientManager(models.Manager):
    """Always with the organisation, by whose name a recipient is known."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().select_related("organisation")


@tracked()
class Recipient(models.Model):
    """Another organisation that receives a share of the budget, percent `Decimal(5, 2)`.

    `Project.partner` is the lead, and receives what the others leave: the shares are always 100 % together.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="recipients")
    organisation = models.ForeignKey(
        "funds.Organisation", on_delete=models.PROTECT, related_name="recipient_of", verbose_name=_("organisation")
    )
    share = models.DecimalField(
        _("part du budget (%)"), max_digits=5, decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("99.99"))],
    )  # fmt: skip

    objects = RecipientManager()

    class Meta:
        verbose_name = _("organisation bénéficiaire")
        verbose_name_plural = _("organisations bénéficiaires")
        ordering = ["-share", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organisation"],
                name="recipient_once",
                violation_error_message=_("Cette organisation est déjà bénéficiaire."),
            ),
            models.CheckConstraint(name="recipient_share", condition=Q(share__gt=0, share__lt=100)),
        ]
        triggers = mechanism.RECIPIENT_TRIGGERS

    def __str__(self) -> str:
        return str(self.organisation)
