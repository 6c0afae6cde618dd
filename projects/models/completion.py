"""From the end of the works to closure: handover, evaluation, sustainability check, lessons learned."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.triggers import completion as triggers
from projects.triggers.deadlines import OF_HANDOVER, OF_SUSTAINABILITY_CHECK
from sr_portal.documents.models import Document
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .projects import Project


class HandoverKind(models.TextChoices):
    PROVISIONAL = "provisional", _("Réception provisoire")
    FINAL = "final", _("Réception définitive")


@tracked()
class Handover(ChecksAtOnce):
    """A handover record (procès-verbal de réception); it counts once its signed copy is on file."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="handovers")
    kind = models.CharField(_("type de réception"), max_length=11, choices=HandoverKind.choices)
    held_on = models.DateField(_("date de la réception"))
    place = models.CharField(_("lieu"), max_length=150)
    owner = models.CharField(_("remis à (propriétaire)"), max_length=200)
    owner_signatory = models.CharField(_("signataire du propriétaire"), max_length=150)
    maintained_by = models.CharField(_("entretien assuré par"), max_length=200)
    attendees = models.TextField(_("personnes présentes"), blank=True)
    works = models.TextField(_("ouvrages et biens remis"))
    reservations = models.TextField(_("réserves"), blank=True)
    reservations_due_on = models.DateField(_("réserves à lever avant le"), null=True, blank=True)
    signed_copy = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("exemplaire signé")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("établi par")
    )
    recorded_at = models.DateTimeField(_("établi le"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("procès-verbal de réception")
        verbose_name_plural = _("procès-verbaux de réception")
        ordering = ["held_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"], name="handover_kind_once",
                violation_error_message=_("Ce procès-verbal existe déjà : reprenez-le."),
            ),
            models.CheckConstraint(
                name="handover_reservations_dated",
                condition=Q(reservations="") | Q(reservations_due_on__isnull=False),
                violation_error_message=_("Des réserves ont une date avant laquelle elles sont levées."),
            ),
            models.CheckConstraint(
                name="handover_reservations_after",
                condition=Q(reservations_due_on__isnull=True) | Q(reservations_due_on__gte=models.F("held_on")),
                violation_error_message=_("Les réserves se lèvent après la réception."),
            ),
        ]  # fmt: skip
        triggers = [*triggers.HANDOVER, OF_HANDOVER]

    def __str__(self) -> str:
        return self.get_kind_display()


def out_of_five(label) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, validators=[MinValueValidator(1), MaxValueValidator(5)])


@tracked()
class Evaluation(ChecksAtOnce):
    """The evaluation sheet: did the project build confidence? Marks from 1 (not at all) to 5 (fully)."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="evaluation")
    confidence = out_of_five(_("effet sur la confiance"))
    need_met = out_of_five(_("réponse au besoin"))
    quality = out_of_five(_("qualité de l’ouvrage ou du service"))
    inclusion = out_of_five(_("participation des femmes et inclusion"))
    visibility = out_of_five(_("visibilité"))
    perception = models.TextField(_("perception de la population"))
    people_asked = models.PositiveIntegerField(_("personnes interrogées"), default=0)
    women_asked = models.PositiveIntegerField(_("dont femmes"), default=0)
    went_well = models.TextField(_("ce qui a bien marché"), blank=True)
    went_badly = models.TextField(_("ce qui a mal marché"), blank=True)
    evaluated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("évalué par")
    )
    evaluated_on = models.DateField(_("évalué le"))
    recorded_at = models.DateTimeField(_("enregistré le"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("fiche d’évaluation")
        verbose_name_plural = _("fiches d’évaluation")
        constraints = [
            models.CheckConstraint(
                name="evaluation_marks",
                condition=Q(
                    confidence__range=(1, 5), need_met__range=(1, 5), quality__range=(1, 5), inclusion__range=(1, 5),
                    visibility__range=(1, 5),
                ),
            ),
            models.CheckConstraint(
                name="evaluation_women_among_asked", condition=Q(women_asked__lte=models.F("people_asked")),
                violation_error_message=_("Les femmes interrogées sont comprises dans les personnes interrogées."),
            ),
        ]  # fmt: skip
        triggers = [*triggers.EVALUATION]

    def __str__(self) -> str:
        return str(self.project)


class StillInUse(models.TextChoices):
    FULLY = "fully", _("En service")
    PARTLY = "partly", _("En service en partie")
    NOT = "not", _("Hors service")


@tracked()
class SustainabilityCheck(models.Model):
    """The check made six months after completion (domain guide §8): in use, and kept up?"""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="sustainability_check")
    checked_on = models.DateField(_("vérifié le"))
    in_use = models.CharField(_("usage"), max_length=6, choices=StillInUse.choices)
    kept_up = models.BooleanField(_("entretien assuré"), default=False)
    findings = models.TextField(_("constatations"))
    actions = models.TextField(_("suites à donner"), blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("vérifié par")
    )
    recorded_at = models.DateTimeField(_("enregistré le"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("contrôle de pérennité")
        verbose_name_plural = _("contrôles de pérennité")
        triggers = [*triggers.SUSTAINABILITY_CHECK, OF_SUSTAINABILITY_CHECK]

    def __str__(self) -> str:
        return str(self.project)


class LessonTheme(models.TextChoices):
    DESIGN = "design", _("Conception et coûts")
    PARTNER = "partner", _("Partenaire")
    COMMUNITY = "community", _("Communauté et confiance")
    WORKS = "works", _("Travaux et achats")
    SECURITY = "security", _("Accès et sécurité")
    INCLUSION = "inclusion", _("Genre et inclusion")
    SUSTAINABILITY = "sustainability", _("Pérennité")


@tracked(exclude=["search"])
class Lesson(models.Model):
    """A lesson learned, found again by theme and by words."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lessons")
    theme = models.CharField(_("thème"), max_length=14, choices=LessonTheme.choices)
    title = models.CharField(_("leçon"), max_length=200)
    text = models.TextField(_("ce qu’il faut retenir"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("notée par")
    )
    recorded_at = models.DateTimeField(_("notée le"), default=clock.now, editable=False)
    search = models.GeneratedField(
        expression=models.expressions.RawSQL("to_tsvector('portal_french'::regconfig, title || ' ' || text)", ()),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("leçon apprise")
        verbose_name_plural = _("leçons apprises")
        ordering = ["-recorded_at", "-pk"]
        indexes = [
            GinIndex(fields=["search"], name="lesson_search"),
            models.Index(fields=["-recorded_at", "-id"], name="lesson_recent"),
        ]
        triggers = [*triggers.LESSON]

    def __str__(self) -> str:
        return self.title
