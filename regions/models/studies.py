"""Studies made with other institutions, and what they found (domain guide §1)."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regions.plan_querysets import StudyQuerySet
from sr_portal.documents.models import Document
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .places import Region
from .plan_triggers import FINDING_PRIORITY_TRIGGERS
from .plans import Priority


def searched(vector: models.expressions.RawSQL) -> models.GeneratedField:
    """French full text, kept beside what it reads: stems, number and accents ignored (`projects/migrations/0001`)."""
    return models.GeneratedField(expression=vector, output_field=SearchVectorField(), db_persist=True)


@tracked(exclude=["search"])
class Study(ChecksAtOnce):
    """A study of one or several regions; of none, of the whole country. Days are calendar days.

    The institutions of the registry are `funds.StudyInstitution`; `other_institutions` names those that are not in it,
    one a line.
    """

    title = models.CharField(_("intitulé"), max_length=250)
    other_institutions = models.TextField(
        _("autres institutions partenaires"), blank=True,
        help_text=_("Celles que le registre ne connaît pas, une par ligne."),
    )  # fmt: skip
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"), null=True, blank=True)
    published_on = models.DateField(_("publiée le"), null=True, blank=True)
    abstract = models.TextField(_("résumé"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("inscrite par"),
    )
    created_at = models.DateTimeField(_("inscrite le"), default=clock.now, editable=False)
    regions = models.ManyToManyField(
        Region, through="regions.StudyRegion", related_name="studies", verbose_name=_("régions"), blank=True
    )
    search = searched(
        models.expressions.RawSQL(
            "to_tsvector('portal_french'::regconfig, title || ' ' || other_institutions || ' ' || abstract)", ()
        )
    )

    objects = StudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("étude")
        verbose_name_plural = _("études")
        ordering = ["-starts_on", "-pk"]
        indexes = [
            GinIndex(fields=["search"], name="study_search"),
            models.Index(fields=["-starts_on", "-id"], name="study_recent"),
        ]
        constraints = [
            models.CheckConstraint(
                name="study_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("La fin précède le début."),
            ),
            models.CheckConstraint(
                name="study_published_after_start",
                condition=Q(published_on__isnull=True) | Q(published_on__gte=F("starts_on")),
                violation_error_message=_("Une étude n’est pas publiée avant d’avoir commencé."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:study", args=[self.pk])


@tracked()
class StudyRegion(models.Model):
    """A region that a study is about."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="places")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("région"))

    class Meta:
        verbose_name = _("région de l’étude")
        verbose_name_plural = _("régions de l’étude")
        ordering = ["region__rank"]
        constraints = [models.UniqueConstraint(fields=["study", "region"], name="study_region_once")]

    def __str__(self) -> str:
        return str(self.region)


@tracked()
class StudyDocument(models.Model):
    """A file of a study: the report, an annex, slides."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="documents")
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="of_study", verbose_name=_("document")
    )
    label = models.CharField(_("intitulé du document"), max_length=150)

    class Meta:
        verbose_name = _("document de l’étude")
        verbose_name_plural = _("documents de l’étude")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label


@tracked(exclude=["search"])
class KeyFinding(ChecksAtOnce):
    """What a study found, with what it asks for; linked to the priorities that it bears on, and to projects above."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="findings", verbose_name=_("étude"))
    number = models.PositiveSmallIntegerField(_("numéro"), validators=[MinValueValidator(1)])
    statement = models.TextField(_("constat"))
    recommendation = models.TextField(_("ce que l’étude recommande"), blank=True)
    priorities = models.ManyToManyField(
        Priority, through="regions.FindingPriority", related_name="findings", verbose_name=_("priorités"), blank=True
    )
    search = searched(
        models.expressions.RawSQL("to_tsvector('portal_french'::regconfig, statement || ' ' || recommendation)", ())
    )

    class Meta:
        verbose_name = _("constat d’une étude")
        verbose_name_plural = _("constats des études")
        ordering = ["number", "pk"]
        indexes = [GinIndex(fields=["search"], name="finding_search")]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "number"],
                name="finding_number_once",
                violation_error_message=_("Un constat de cette étude porte déjà ce numéro."),
            ),
            models.CheckConstraint(name="finding_says_something", condition=~Q(statement="")),
        ]

    def __str__(self) -> str:
        return self.statement


@tracked()
class FindingPriority(models.Model):
    """A finding bears on a priority of a plan that is, or was, in force."""

    finding = models.ForeignKey(KeyFinding, on_delete=models.CASCADE, related_name="bearings")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+", verbose_name=_("priorité"))

    class Meta:
        verbose_name = _("priorité concernée par un constat")
        verbose_name_plural = _("priorités concernées par un constat")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["finding", "priority"], name="finding_priority_once")]
        triggers = FINDING_PRIORITY_TRIGGERS

    def __str__(self) -> str:
        return str(self.priority)
