"""Regional Stabilisation and Recovery Plans: axes, priorities with their need, indicators (domain guide §1)."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regions import rules
from regions.plan_querysets import PlanQuerySet, PriorityQuerySet
from sr_portal.documents.models import Document
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .places import Region
from .plan_triggers import AXIS_TRIGGERS, INDICATOR_TRIGGERS, PLAN_TRIGGERS, PRIORITY_TRIGGERS


class PlanStatus(models.TextChoices):
    DRAFT = "draft", _("Projet de plan")
    VALIDATED = "validated", _("En vigueur")
    ARCHIVED = "archived", _("Archivé")

    @property
    def tone(self) -> str:
        return {"draft": "warning", "validated": "positive"}.get(self.value, "neutral")

    @property
    def icon(self) -> str:
        return {"draft": "pencil", "validated": "check-circle"}.get(self.value, "archive")


class Direction(models.TextChoices):
    UP = "up", _("à augmenter")
    DOWN = "down", _("à réduire")


def value(label, **options) -> models.DecimalField:
    """A measure in the indicator's own unit, `Decimal(14, 2)`."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **options)


@tracked()
class Plan(ChecksAtOnce):
    """One version of a region's plan. Versions of one plan share `series`; `number` counts them from 1.

    A draft is written freely; once validated it says the same for good, and only one plan per region is in force. A
    new version starts as a copy of the one in force, which is archived, and stays readable, when the new is validated.
    Days are calendar days of the mission.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="plans", verbose_name=_("région"))
    series = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    title = models.CharField(_("intitulé"), max_length=200)
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"))
    lead = models.CharField(
        _("chef de file"), max_length=200, help_text=_("Qui conduit le plan : le gouvernorat, un comité régional…")
    )
    summary = models.TextField(_("résumé"), blank=True)
    change_note = models.TextField(_("ce qui change dans cette version"), blank=True)
    status = models.CharField(
        _("état"), max_length=10, choices=PlanStatus.choices, default=PlanStatus.DRAFT, editable=False
    )
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="plan",
        verbose_name=_("document du plan"),
    )  # fmt: skip
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("rédigé par"),
    )
    created_at = models.DateTimeField(_("rédigé le"), default=clock.now, editable=False)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("validé par"),
    )  # fmt: skip
    validated_on = models.DateField(_("validé le"), null=True, blank=True, editable=False)
    archived_on = models.DateField(_("archivé le"), null=True, blank=True, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan régional de stabilisation et de relèvement")
        verbose_name_plural = _("plans régionaux de stabilisation et de relèvement")
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["-starts_on", "-id"], name="plan_recent")]
        constraints = [
            models.CheckConstraint(
                name="plan_period_in_order",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message=rules.PERIOD_MESSAGE,
            ),
            models.UniqueConstraint(
                fields=["region"],
                condition=Q(status="validated"),
                name="plan_one_in_force",
                violation_error_message=rules.ONE_IN_FORCE_MESSAGE,
            ),
            models.UniqueConstraint(fields=["series", "number"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(status="draft"),
                name="plan_one_draft",
                violation_error_message=_("Une nouvelle version de ce plan est déjà en cours de rédaction."),
            ),
            models.CheckConstraint(
                name="plan_validated_by_somebody",
                condition=Q(status="draft", validated_on__isnull=True, validated_by__isnull=True)
                | Q(status__in=["validated", "archived"], validated_on__isnull=False, validated_by__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_archived_on_a_day",
                condition=Q(status="archived", archived_on__isnull=False)
                | Q(status__in=["draft", "validated"], archived_on__isnull=True),
            ),
        ]
        triggers = PLAN_TRIGGERS

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:plan", args=[self.pk])

    @property
    def status_label(self) -> PlanStatus:
        return PlanStatus(self.status)

    @property
    def is_in_force(self) -> bool:
        return self.status == PlanStatus.VALIDATED

    @property
    def is_draft(self) -> bool:
        return self.status == PlanStatus.DRAFT


@tracked()
class Axis(ChecksAtOnce):
    """A strategic axis of a plan, under which its priorities stand."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="axes", verbose_name=_("plan"))
    number = models.PositiveSmallIntegerField(_("numéro"), validators=[MinValueValidator(1)])
    title = models.CharField(_("intitulé"), max_length=200)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("axe")
        verbose_name_plural = _("axes")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="axis_number_once",
                violation_error_message=_("Un axe de ce plan porte déjà ce numéro."),
            ),
            models.CheckConstraint(name="axis_number_from_one", condition=Q(number__gte=1)),
        ]
        triggers = AXIS_TRIGGERS

    def __str__(self) -> str:
        return _("Axe %(number)s : %(title)s") % {"number": self.number, "title": self.title}


@tracked()
class Priority(ChecksAtOnce):
    """What a plan means to achieve first. `need_usd` is its estimated need, USD `Decimal(14, 2)`: a region's whole
    sector costs more than a project, and is compared with partners' activities, which are as wide.

    `lineage` is the same in every version of the plan: what was chosen in an earlier one counts in the later. `theme`
    is a family of sectors (`funds.Sector.group_fr`), the same by which contributions are earmarked; may be empty.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="priorities", verbose_name=_("plan"))
    axis = models.ForeignKey(Axis, on_delete=models.CASCADE, related_name="priorities", verbose_name=_("axe"))
    lineage = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    code = models.CharField(_("code"), max_length=8, validators=[RegexValidator(rules.CODE_REGEX, rules.CODE_MESSAGE)])
    title = models.CharField(_("intitulé"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    need_usd = models.DecimalField(
        _("besoin estimé (USD)"), max_digits=14, decimal_places=2,
        validators=[MinValueValidator(Decimal(0), rules.NEED_MESSAGE)],
    )  # fmt: skip
    theme = models.CharField(_("thème"), max_length=100, blank=True)
    lead = models.CharField(_("chef de file"), max_length=200, blank=True)

    objects = PriorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("priorité")
        verbose_name_plural = _("priorités")
        ordering = ["axis__number", models.functions.Length("code"), "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="priority_code_once",
                violation_error_message=_("Une priorité de ce plan porte déjà ce code."),
            ),
            models.UniqueConstraint(fields=["plan", "lineage"], name="priority_lineage_once"),
            models.CheckConstraint(name="priority_code_form", condition=Q(code__regex=rules.CODE_REGEX)),
            models.CheckConstraint(
                name="priority_need_not_negative",
                condition=Q(need_usd__gte=0),
                violation_error_message=rules.NEED_MESSAGE,
            ),
        ]
        triggers = PRIORITY_TRIGGERS

    def __str__(self) -> str:
        return f"{self.code} – {self.title}"


@tracked()
class Indicator(ChecksAtOnce):
    """How one sees that a priority advances. Values are in `unit`; `latest` is the last one measured, on `latest_on`.

    Earlier measures are its history. `lineage` is the same in every version of the plan.
    """

    priority = models.ForeignKey(
        Priority, on_delete=models.CASCADE, related_name="indicators", verbose_name=_("priorité")
    )
    lineage = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    name = models.CharField(_("indicateur"), max_length=200)
    unit = models.CharField(_("unité"), max_length=40)
    direction = models.CharField(_("sens"), max_length=4, choices=Direction.choices, default=Direction.UP)
    baseline = value(_("valeur de départ"))
    baseline_on = models.DateField(_("mesurée le"), null=True, blank=True)
    target = value(_("cible"))
    target_on = models.DateField(_("à atteindre le"), null=True, blank=True)
    latest = value(_("dernière valeur"), null=True, blank=True)
    latest_on = models.DateField(_("date de la dernière valeur"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("indicateur")
        verbose_name_plural = _("indicateurs")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="indicator_goes_its_way",
                condition=Q(direction="up", target__gt=F("baseline")) | Q(direction="down", target__lt=F("baseline")),
                violation_error_message=rules.DIRECTION_MESSAGE,
            ),
            models.CheckConstraint(
                name="indicator_latest_dated",
                condition=Q(latest__isnull=True, latest_on__isnull=True)
                | Q(latest__isnull=False, latest_on__isnull=False),
                violation_error_message=rules.LATEST_MESSAGE,
            ),
        ]
        triggers = INDICATOR_TRIGGERS

    def __str__(self) -> str:
        return self.name

    @property
    def progress(self) -> Decimal | None:
        """Percent of the way from baseline to target (`rules.progress`)."""
        return rules.progress(self.baseline, self.target, self.latest)

    @property
    def drawn(self) -> Decimal:
        """How long its bar is, percent."""
        return min(max(self.progress or Decimal(0), Decimal(0)), Decimal(100))
