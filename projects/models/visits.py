"""Monitoring visits, their photos, and the findings followed until they are closed."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.triggers import follow_up as triggers
from projects.triggers import summary
from projects.triggers.deadlines import OF_FINDING, OF_VISIT
from projects.visit_querysets import FindingQuerySet, VisitQuerySet
from sr_portal.documents.models import Document
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .projects import Project


class VisitKind(models.TextChoices):
    MIDWAY = "midway", _("Mi-parcours")
    FINAL = "final", _("Finale")
    OTHER = "other", _("Complémentaire")


TITLES = {
    VisitKind.MIDWAY: _("Visite de mi-parcours"),
    VisitKind.FINAL: _("Visite finale"),
    VisitKind.OTHER: _("Visite complémentaire"),
}


class VisitState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("visite", "Prévue")
    DONE = "done", pgettext_lazy("visite", "Effectuée")
    CANCELLED = "cancelled", pgettext_lazy("visite", "Annulée")

    @property
    def tone(self) -> str:
        return {"planned": "info", "done": "positive", "cancelled": "neutral"}[self.value]

    @property
    def icon(self) -> str:
        return {"planned": "calendar", "done": "check-circle", "cancelled": "x-circle"}[self.value]


class Quality(models.TextChoices):
    GOOD = "good", _("Bonne")
    FAIR = "fair", _("Acceptable, à améliorer")
    POOR = "poor", _("Insuffisante")


class Safety(models.TextChoices):
    SAFE = "safe", _("Chantier sûr")
    CONCERN = "concern", _("Points d’attention")
    DANGER = "danger", _("Danger : arrêt recommandé")


@tracked()
class Visit(ChecksAtOnce):
    """A visit, planned then done. `progress` in percent; position in degrees; `distance_m` metres to the project's point.

    `key` is given by the device that wrote the report, so that it is sent once however often it is sent; `version`
    grows with each save: a save on an older one is refused, with both versions shown.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="visits")
    kind = models.CharField(_("type de visite"), max_length=8, choices=VisitKind.choices)
    state = models.CharField(
        _("état"), max_length=10, choices=VisitState.choices, default=VisitState.PLANNED, editable=False
    )
    planned_on = models.DateField(_("prévue le"))
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="visits",
        verbose_name=_("responsable de la visite"),
    )  # fmt: skip
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    done_on = models.DateField(_("effectuée le"), null=True, blank=True)
    participants = models.CharField(_("participants"), max_length=300, blank=True)
    people_met = models.CharField(_("personnes rencontrées"), max_length=300, blank=True)
    progress = models.PositiveSmallIntegerField(
        _("avancement (%)"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    quality = models.CharField(_("qualité des travaux"), max_length=4, choices=Quality.choices, blank=True)
    safety = models.CharField(_("sécurité"), max_length=7, choices=Safety.choices, blank=True)
    observations = models.TextField(_("observations"), blank=True)
    recommendations = models.TextField(_("recommandations"), blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    accuracy_m = models.PositiveIntegerField(_("précision (m)"), null=True, blank=True)
    distance_m = models.PositiveIntegerField(_("distance au projet (m)"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("prévue par")
    )
    created_at = models.DateTimeField(_("inscrite le"), default=clock.now, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("compte rendu de"),
    )  # fmt: skip
    reported_at = models.DateTimeField(_("compte rendu le"), null=True, blank=True)
    cancelled_reason = models.CharField(_("motif de l’annulation"), max_length=250, blank=True)

    objects = VisitQuerySet.as_manager()

    history_hides = ("key",)  # between the device and the portal

    class Meta:
        verbose_name = _("visite de suivi")
        verbose_name_plural = _("visites de suivi")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="visit_done_is_reported",
                condition=~Q(state="done")
                | (
                    Q(done_on__isnull=False, progress__isnull=False, reported_by__isnull=False)
                    & ~Q(quality="") & ~Q(safety="")
                ),
                violation_error_message=_("Une visite effectuée a une date, un avancement, une qualité et une sécurité."),
            ),
            models.CheckConstraint(
                name="visit_cancelled_with_reason", condition=~Q(state="cancelled") | ~Q(cancelled_reason=""),
                violation_error_message=_("Indiquez le motif de l’annulation."),
            ),
            models.CheckConstraint(
                name="visit_progress_percent", condition=Q(progress__isnull=True) | Q(progress__lte=100)
            ),
            models.CheckConstraint(
                name="visit_point_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(  # a comparison with NULL is not false, so NULL is refused by name
                    latitude__isnull=False, longitude__isnull=False,
                    latitude__range=(-90, 90), longitude__range=(-180, 180),
                ),
                violation_error_message=_("Donnez la latitude et la longitude, ou aucune des deux."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "planned_on"], name="visit_calendar")]
        triggers = [*triggers.VISIT, OF_VISIT, *summary.OF_VISIT]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.project}"

    @property
    def title(self) -> str:
        return str(TITLES[VisitKind(self.kind)])

    @property
    def state_label(self) -> VisitState:
        return VisitState(self.state)


class PhotoStage(models.TextChoices):
    BEFORE = "before", _("Avant")
    DURING = "during", _("Pendant les travaux")
    AFTER = "after", _("Après")


@tracked()
class VisitPhoto(models.Model):
    """A photo of a visit; `key` is given by the device, so that it is kept once however often it is sent."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="visit_photo", verbose_name=_("photo")
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stage = models.CharField(_("moment"), max_length=6, choices=PhotoStage.choices, default=PhotoStage.DURING)
    caption = models.CharField(_("légende"), max_length=200, blank=True)

    history_hides = ("key",)  # between the device and the portal

    class Meta:
        verbose_name = _("photo de visite")
        verbose_name_plural = _("photos de visite")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.caption or self.document.original_name


class Severity(models.TextChoices):
    MINOR = "minor", _("Mineur")
    MAJOR = "major", _("Majeur")
    BLOCKING = "blocking", _("Bloquant")

    @property
    def tone(self) -> str:
        return {"minor": "neutral", "major": "warning", "blocking": "danger"}[self.value]

    @property
    def icon(self) -> str:
        return {"minor": "info-circle", "major": "exclamation-triangle", "blocking": "x-circle"}[self.value]


@tracked()
class Finding(models.Model):
    """A finding (constat) of a visit, with an owner and a due day, followed until closed. A blocking one stops money."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="findings")
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("visite")
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    severity = models.CharField(_("gravité"), max_length=8, choices=Severity.choices, default=Severity.MINOR)
    text = models.TextField(_("constat"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="findings",
        verbose_name=_("responsable"),
    )  # fmt: skip
    due_on = models.DateField(_("à corriger avant le"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("constaté par")
    )
    created_at = models.DateTimeField(_("constaté le"), default=clock.now, editable=False)
    closed_at = models.DateTimeField(_("levé le"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("levé par"),
    )  # fmt: skip
    closing_note = models.TextField(_("ce qui a été fait"), blank=True)

    objects = FindingQuerySet.as_manager()

    history_hides = ("key",)  # between the device and the portal

    class Meta:
        verbose_name = _("constat")
        verbose_name_plural = _("constats")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="finding_closed_by_somebody",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closing_note="")),
                violation_error_message=_("Dites ce qui a été fait pour lever ce constat."),
            )
        ]
        indexes = [
            models.Index(fields=["project", "severity"], condition=Q(closed_at__isnull=True), name="finding_open")
        ]
        triggers = [*triggers.FINDING, OF_FINDING]

    def __str__(self) -> str:
        return self.text

    @property
    def severity_label(self) -> Severity:
        return Severity(self.severity)
