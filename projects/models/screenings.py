"""Screening: each round of the checklist, kept, with what was asked of the author."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.triggers.deadlines import OF_SCREENING
from sr_portal.history.tracking import tracked
from sr_portal.web import clock

from .projects import Project


class ScreeningOutcome(models.TextChoices):
    RETURNED = "returned", _("Renvoyée pour complément")
    ADMITTED = "admitted", _("Déclarée recevable")
    INADMISSIBLE = "inadmissible", _("Déclarée irrecevable")
    WITHDRAWN = "withdrawn", _("Retirée par l’auteur")


class Answer(models.TextChoices):
    YES = "yes", _("Oui")
    NO = "no", _("Non")
    NOT_APPLICABLE = "na", _("Sans objet")


@tracked()
class Screening(models.Model):
    """One round of examination; only its screener may close it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="screenings")
    round = models.PositiveSmallIntegerField(_("tour"))
    screener = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="screenings", verbose_name=_("examinée par")
    )
    opened_at = models.DateTimeField(_("ouvert le"), default=clock.now)
    closed_at = models.DateTimeField(_("clos le"), null=True, blank=True)
    outcome = models.CharField(_("issue"), max_length=14, choices=ScreeningOutcome.choices, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("présélection")
        verbose_name_plural = _("présélections")
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["project", "round"], name="screening_round_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(closed_at__isnull=True), name="screening_one_open"),
            models.CheckConstraint(
                name="screening_closed_with_outcome",
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        triggers = [OF_SCREENING]

    def __str__(self) -> str:
        return f"{self.project} ({self.round})"


@tracked()
class ScreeningAnswer(models.Model):
    """The answer to one item of the checklist (codes of `projects.checklist`)."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(_("point"), max_length=30)
    answer = models.CharField(_("réponse"), max_length=3, choices=Answer.choices, blank=True)
    comment = models.TextField(_("commentaire"), blank=True)

    class Meta:
        verbose_name = _("réponse de présélection")
        verbose_name_plural = _("réponses de présélection")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["screening", "item"], name="screening_item_once")]

    def __str__(self) -> str:
        return f"{self.item}: {self.answer}"


@tracked()
class ReturnReason(models.Model):
    """What the author is asked to mend, per section (step code) of the form."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="reasons")
    step = models.CharField(_("section"), max_length=20)
    text = models.TextField(_("à corriger"))

    class Meta:
        verbose_name = _("motif de renvoi")
        verbose_name_plural = _("motifs de renvoi")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["screening", "step"], name="return_reason_once")]

    def __str__(self) -> str:
        return self.text
