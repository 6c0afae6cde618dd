"""What was checked of a partner: each vetting with its documents, and each assessment of its capacity. All are kept."""

import datetime as dt
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funds import rules
from sr_portal.documents.models import Document
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .bilingual import BilingualName
from .organisations import Organisation, VettingStatus

HIGHEST_SCORE = 3
LONGEST_MONTHS = 60


def kept_but_for(*fields: str) -> list[pgtrigger.Trigger]:
    """What was recorded stays: only the organisation may change, when two records of one are merged."""
    return [
        pgtrigger.ReadOnly(name="recorded_for_good", fields=list(fields)),
        pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    ]


@tracked()
class Vetting(ChecksAtOnce):
    """One vetting as it was recorded; the organisation itself says what the last one found."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="vettings", verbose_name=_("organisation")
    )
    status = models.CharField(_("résultat"), max_length=10, choices=VettingStatus.choices)
    vetted_on = models.DateField(_("vérifié le"), null=True, blank=True)
    note = models.TextField(_("note de vérification"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("enregistrée par"), help_text=_("Vide : d’avant la tenue de ce registre."),
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("enregistrée le"), default=clock.now)

    class Meta:
        verbose_name = _("vérification")
        verbose_name_plural = _("vérifications")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="vetting_cleared_with_date",
                condition=~Q(status=VettingStatus.CLEARED) | Q(vetted_on__isnull=False),
                violation_error_message=_("Indiquez la date à laquelle le partenaire a été vérifié."),
            ),
        ]
        triggers = kept_but_for("status", "vetted_on", "note", "recorded_by", "recorded_at")

    def __str__(self) -> str:
        return f"{self.organisation} – {self.get_status_display()}"

    @property
    def expires_on(self) -> dt.date | None:
        cleared = self.status == VettingStatus.CLEARED and self.vetted_on
        return rules.vetting_expires_on(self.vetted_on) if cleared and self.vetted_on else None


@tracked()
class VettingDocument(models.Model):
    """What a vetting rests on: registration, statutes, accounts, lists that were consulted."""

    vetting = models.ForeignKey(Vetting, on_delete=models.PROTECT, related_name="documents")
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="vetting", verbose_name=_("document")
    )

    class Meta:
        verbose_name = _("document de vérification")
        verbose_name_plural = _("documents de vérification")
        ordering = ["pk"]
        triggers = kept_but_for("vetting", "document")

    def __str__(self) -> str:
        return self.document.original_name


class CapacityCriterion(BilingualName):
    """What a partner's capacity is judged by; reference data."""

    help_fr = models.CharField(_("aide en français"), max_length=250, blank=True)
    help_en = models.CharField(_("aide en anglais"), max_length=250, blank=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=1)
    is_active = models.BooleanField(_("en vigueur"), default=True)

    class Meta:
        verbose_name = _("critère de capacité")
        verbose_name_plural = _("critères de capacité")
        ordering = ["position", "pk"]

    @property
    def help(self) -> str:
        from django.utils.translation import get_language

        return self.help_en if (get_language() or "fr").startswith("en") else self.help_fr


@tracked()
class CapacityAssessment(ChecksAtOnce):
    """How able a partner is to carry out a project: a score from 0 to 3 for each criterion, good for some months."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("organisation")
    )
    assessed_on = models.DateField(_("évalué le"))
    valid_months = models.PositiveSmallIntegerField(
        _("valable (mois)"), default=24, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MONTHS)]
    )
    conclusion = models.TextField(_("conclusion"), blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("évalué par")
    )
    recorded_at = models.DateTimeField(_("enregistrée le"), default=clock.now)

    class Meta:
        verbose_name = _("évaluation de capacité")
        verbose_name_plural = _("évaluations de capacité")
        ordering = ["-assessed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="assessment_valid_months", condition=Q(valid_months__gte=1, valid_months__lte=LONGEST_MONTHS)
            ),
        ]
        triggers = kept_but_for("assessed_on", "valid_months", "conclusion", "assessed_by", "recorded_at")

    def __str__(self) -> str:
        return f"{self.organisation} – {self.assessed_on}"

    @property
    def expires_on(self) -> dt.date:
        return rules.add_months(self.assessed_on, self.valid_months)

    @property
    def is_valid(self) -> bool:
        return clock.today() < self.expires_on

    @property
    def mean(self) -> Decimal | None:
        """The mean of its scores, two decimals; from rows that were read with it."""
        values = [score.value for score in self.scores.all()]
        return (Decimal(sum(values)) / len(values)).quantize(Decimal("0.01")) if values else None


@tracked()
class CapacityScore(models.Model):
    assessment = models.ForeignKey(CapacityAssessment, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(
        CapacityCriterion, on_delete=models.PROTECT, related_name="+", verbose_name=_("critère")
    )
    value = models.PositiveSmallIntegerField(_("note (0 à 3)"), validators=[MaxValueValidator(HIGHEST_SCORE)])
    note = models.CharField(_("remarque"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("note de capacité")
        verbose_name_plural = _("notes de capacité")
        ordering = ["criterion__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="capacity_scored_once"),
            models.CheckConstraint(name="capacity_score_in_range", condition=Q(value__gte=0, value__lte=HIGHEST_SCORE)),
        ]
        triggers = kept_but_for("assessment", "criterion", "value", "note")

    def __str__(self) -> str:
        return f"{self.criterion} : {self.value}"
