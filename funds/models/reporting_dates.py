"""The reporting calendar of a mechanism, as rows: which report is due on which day of each year (domain guide §1)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import tracked
from sr_portal.web.checks import ChecksAtOnce

from .mechanisms import Mechanism


class PeriodicKind(models.TextChoices):
    HALF_YEARLY = "half_yearly", _("Rapport semestriel")
    ANNUAL = "annual", _("Rapport annuel")


@tracked()
class ReportingDate(ChecksAtOnce):
    """A day of every year on which the projects under way of a mechanism owe a report: 15 June, half-yearly.

    `day` is at most 28, so that it is there in every month of every year.
    """

    mechanism = models.ForeignKey(
        Mechanism, on_delete=models.CASCADE, related_name="reporting_dates", verbose_name=_("mécanisme")
    )
    kind = models.CharField(_("rapport"), max_length=12, choices=PeriodicKind.choices)
    month = models.PositiveSmallIntegerField(_("mois"), validators=[MinValueValidator(1), MaxValueValidator(12)])
    day = models.PositiveSmallIntegerField(_("jour"), validators=[MinValueValidator(1), MaxValueValidator(28)])

    class Meta:
        verbose_name = _("date de rapport")
        verbose_name_plural = _("calendrier des rapports")
        ordering = ["mechanism", "month", "day"]
        constraints = [
            models.UniqueConstraint(
                fields=["mechanism", "month", "day"], name="reporting_date_once",
                violation_error_message=_("Un rapport de ce mécanisme est déjà attendu ce jour-là."),
            ),
            models.CheckConstraint(name="reporting_date_of_any_year", condition=Q(month__range=(1, 12), day__range=(1, 28))),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.mechanism_id} – {self.get_kind_display()} ({self.day:02}/{self.month:02})"
