"""What the project will do and change: activities by week, expected results with indicators."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import tracked

from .projects import Project


@tracked()
class Activity(models.Model):
    """An activity on the timeline; weeks count from 1, the week of the start."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="activities")
    title = models.CharField(_("activité"), max_length=200)
    first_week = models.PositiveSmallIntegerField(
        _("semaine de début"), default=1, validators=[MinValueValidator(1), MaxValueValidator(260)]
    )
    weeks = models.PositiveSmallIntegerField(
        _("nombre de semaines"), default=1, validators=[MinValueValidator(1), MaxValueValidator(260)]
    )

    class Meta:
        verbose_name = _("activité")
        verbose_name_plural = _("activités")
        ordering = ["first_week", "pk"]
        constraints = [
            models.CheckConstraint(
                name="activity_weeks", condition=Q(first_week__range=(1, 260), weeks__range=(1, 260))
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last_week(self) -> int:
        return self.first_week + self.weeks - 1


@tracked()
class ExpectedResult(models.Model):
    """An expected result and the indicator that will show it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="results")
    statement = models.CharField(_("résultat attendu"), max_length=250)
    indicator = models.CharField(_("indicateur"), max_length=200, blank=True)
    unit = models.CharField(_("unité"), max_length=40, blank=True)
    baseline = models.DecimalField(_("situation de départ"), max_digits=14, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("cible"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("résultat attendu")
        verbose_name_plural = _("résultats attendus")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.statement
