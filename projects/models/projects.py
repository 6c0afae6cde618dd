"""The project's own row: what a proposal says, where it stands, and the law that its row must obey."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from funds.rules import LONGEST_MONTHS, QIP, QIP_CEILING_USD, QIP_MAX_MONTHS
from projects import rules, triggers
from projects.querysets import ProjectQuerySet
from projects.stages import STILL_OPEN
from projects.states import GRANTED, RESERVING, SETTLED, UNDER_AGREEMENT, State
from projects.triggers import allocations, deadlines, mechanism, publication, summary
from regions.models.plan_triggers import serves_its_region
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from . import published


class Sponsor(models.TextChoices):
    """The component of the mission that sponsors a project (domain guide §1)."""

    CIVIL_AFFAIRS = "civil_affairs", _("Affaires civiles")
    STABILISATION = "stabilisation", _("Stabilisation et relèvement")
    POLICE = "police", _("Police des Nations Unies (UNPOL)")
    CIMIC = "cimic", _("CIMIC (Force)")
    HUMAN_RIGHTS = "human_rights", _("Droits de l’homme")
    GENDER = "gender", _("Unité genre")
    CHILD_PROTECTION = "child_protection", _("Protection de l’enfance")
    JUSTICE = "justice", _("Affaires judiciaires et pénitentiaires")
    DDR = "ddr", _("DDR et réforme du secteur de la sécurité")
    MINE_ACTION = "mine_action", _("Lutte antimines")
    REGIONAL_OFFICE = "regional_office", _("Bureau régional")


def headcount(label) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(label, default=0)


def total(*names: str) -> models.GeneratedField:
    expression = F(names[0])
    for name in names[1:]:
        expression = expression + F(name)
    return models.GeneratedField(expression=expression, output_field=models.PositiveIntegerField(), db_persist=True)


DIRECT = ("direct_women", "direct_men", "direct_girls", "direct_boys")
INDIRECT = ("indirect_women", "indirect_men", "indirect_girls", "indirect_boys")
BEFORE_MONEY = [state for state in State if state not in GRANTED]


@tracked(exclude=["search"])
class Project(published.Published, ChecksAtOnce):
    """A project, from draft on. USD are `Decimal(12, 2)`; days are calendar days of the mission.

    `budget_usd` is the sum of its lines, `reserved_usd` what it holds of its envelope, `obligated_usd` what its agreement
    binds, `paid_usd`, `refunded_usd` and `justified_usd` the sums of its payments and receipts, `amended_usd` what its
    amendments added to the decision: all are kept by the database. It serves at most one priority of its region's plan,
    so that its money counts once. The QIP ceiling (50,000 USD) and length (6 months) are checks of this row (domain guide §1).
    """

    reference = models.CharField(_("référence"), max_length=24, unique=True, null=True, blank=True, editable=False)
    state = models.CharField(_("état"), max_length=20, choices=State.choices, default=State.DRAFT, editable=False)
    state_since = models.DateTimeField(_("dans cet état depuis"), default=clock.now, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="projects",
        editable=False,
        verbose_name=_("auteur"),
    )
    coauthors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="coauthored_projects", blank=True, verbose_name=_("corédacteurs")
    )
    created_at = models.DateTimeField(_("créé le"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("modifié le"), default=clock.now, editable=False)
    submitted_at = models.DateTimeField(_("soumis le"), null=True, blank=True, editable=False)

    # What and where
    title = models.CharField(_("intitulé"), max_length=200)
    mechanism = models.ForeignKey(
        "funds.Mechanism", on_delete=models.PROTECT, related_name="+", verbose_name=_("mécanisme")
    )
    facility = models.ForeignKey(
        "funds.Facility", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("guichet")
    )
    focus_area = models.ForeignKey(
        "funds.FocusArea", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("domaine d’action"),
    )  # fmt: skip
    sponsor = models.CharField(_("composante marraine"), max_length=20, choices=Sponsor.choices, blank=True)
    sector = models.ForeignKey(
        "funds.Sector", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("secteur")
    )
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("région"))
    cercle = models.ForeignKey(
        "regions.Cercle", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cercle")
    )
    locality = models.CharField(_("commune ou localité"), max_length=120, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip

    # Why
    need = models.TextField(_("contexte et besoin"), blank=True)
    need_expressed_by = models.CharField(_("besoin exprimé par"), max_length=200, blank=True)
    objective = models.TextField(_("objectif"), blank=True)
    confidence = models.TextField(_("contribution à la confiance"), blank=True)
    priority = models.ForeignKey(
        "regions.Priority", on_delete=models.PROTECT, null=True, blank=True, related_name="projects",
        verbose_name=_("priorité du plan régional"),
    )  # fmt: skip

    # For whom
    direct_women = headcount(_("femmes (bénéficiaires directes)"))
    direct_men = headcount(_("hommes (bénéficiaires directs)"))
    direct_girls = headcount(_("filles (bénéficiaires directes)"))
    direct_boys = headcount(_("garçons (bénéficiaires directs)"))
    indirect_women = headcount(_("femmes (bénéficiaires indirectes)"))
    indirect_men = headcount(_("hommes (bénéficiaires indirects)"))
    indirect_girls = headcount(_("filles (bénéficiaires indirectes)"))
    indirect_boys = headcount(_("garçons (bénéficiaires indirects)"))
    displaced = headcount(_("dont personnes déplacées"))
    disabled = headcount(_("dont personnes handicapées"))
    direct_total = total(*DIRECT)
    indirect_total = total(*INDIRECT)

    # With whom
    partner = models.ForeignKey(
        "funds.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="projects",
        verbose_name=_("partenaire de mise en œuvre"),
    )  # fmt: skip
    coordination = models.TextField(_("coordination avec les autres acteurs"), blank=True)

    # When
    starts_on = models.DateField(_("début souhaité"), null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(
        _("durée (mois)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MONTHS)]
    )
    ends_on = models.GeneratedField(
        expression=models.expressions.RawSQL("(starts_on + make_interval(months => duration_months::int))::date", ()),
        output_field=models.DateField(null=True),
        db_persist=True,
        verbose_name=_("fin prévue"),
    )

    # With what care
    gender = models.TextField(_("genre et inclusion"), blank=True)
    environment = models.TextField(_("environnement"), blank=True)
    do_no_harm = models.TextField(_("ne pas nuire et protection"), blank=True)
    security_forces = models.BooleanField(_("profite à des forces de sécurité"), default=False)
    due_diligence = models.TextField(_("diligence raisonnable en matière de droits de l’homme"), blank=True)
    works = models.BooleanField(_("comporte des travaux de construction"), default=False)
    land = models.TextField(_("terrain et titre foncier"), blank=True)
    sustainability = models.TextField(_("pérennité"), blank=True)
    maintained_by = models.CharField(_("entretien assuré par"), max_length=200, blank=True)
    visibility = models.TextField(_("visibilité"), blank=True)
    visibility_risk = models.BooleanField(_("la visibilité mettrait des personnes en danger"), default=False)

    # Money
    budget_usd = models.DecimalField(
        _("budget (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )
    community_usd = models.DecimalField(
        _("apport de la communauté (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )
    recommended_usd = models.DecimalField(
        _("montant recommandé (USD)"), max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
    approved_usd = models.DecimalField(
        _("montant approuvé (USD)"), max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
    reserved_usd = models.DecimalField(
        _("montant réservé (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )
    amended_usd = models.DecimalField(
        _("variation par avenants (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )
    paid_usd = models.DecimalField(
        _("payé (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )
    refunded_usd = models.DecimalField(
        _("remboursé (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )
    justified_usd = models.DecimalField(
        _("justifié (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )
    obligated_usd = models.GeneratedField(
        expression=models.Case(
            models.When(state__in=sorted(UNDER_AGREEMENT), then=F("approved_usd")),
            models.When(state__in=sorted(SETTLED), then=F("paid_usd") - F("refunded_usd")),
            default=models.Value(Decimal("0")),
            output_field=models.DecimalField(max_digits=12, decimal_places=2),
        ),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
        verbose_name=_("engagé (USD)"),
    )
    envelope = models.ForeignKey(
        "funds.Envelope", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="projects",
        verbose_name=_("enveloppe"),
    )  # fmt: skip

    search = models.GeneratedField(
        expression=models.expressions.RawSQL(
            "to_tsvector('portal_french'::regconfig, coalesce(reference, '') || ' ' || title || ' ' || locality"
            " || ' ' || objective || ' ' || need)",
            (),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("projet")
        verbose_name_plural = _("projets")
        ordering = ["-updated_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="qip_budget_ceiling",
                condition=~Q(mechanism=QIP) | Q(budget_usd__lte=QIP_CEILING_USD),
                violation_error_message=rules.CEILING_MESSAGE,
            ),
            models.CheckConstraint(
                name="qip_six_months",
                condition=~Q(mechanism=QIP) | Q(duration_months__isnull=True) | Q(duration_months__lte=QIP_MAX_MONTHS),
                violation_error_message=rules.LENGTH_MESSAGE,
            ),
            models.CheckConstraint(
                name="project_money_not_negative",
                condition=Q(budget_usd__gte=0, community_usd__gte=0, reserved_usd__gte=0),
            ),
            models.CheckConstraint(
                name="project_approved_within_recommended",
                condition=Q(approved_usd__isnull=True)
                | Q(
                    approved_usd__gt=0,
                    recommended_usd__isnull=False,
                    approved_usd__lte=F("recommended_usd") + F("amended_usd"),
                ),
                violation_error_message=_("Le montant approuvé ne peut dépasser le montant recommandé."),
            ),
            models.CheckConstraint(
                name="project_recommended_within_budget",
                condition=Q(recommended_usd__isnull=True) | Q(recommended_usd__lte=F("budget_usd")),
                violation_error_message=_("Le montant recommandé ne peut dépasser le budget demandé."),
            ),
            models.CheckConstraint(
                name="qip_approved_ceiling",
                condition=~Q(mechanism=QIP) | Q(approved_usd__isnull=True) | Q(approved_usd__lte=QIP_CEILING_USD),
                violation_error_message=rules.CEILING_MESSAGE,
            ),
            models.CheckConstraint(
                name="project_reservation_follows_state",
                condition=Q(state__in=BEFORE_MONEY, reserved_usd=0)
                | Q(
                    state__in=sorted(RESERVING),
                    approved_usd__isnull=False,
                    reserved_usd=F("approved_usd"),
                    envelope__isnull=False,
                )
                | Q(state__in=sorted(SETTLED), reserved_usd=F("paid_usd") - F("refunded_usd"), envelope__isnull=False),
            ),
            models.CheckConstraint(
                name="project_paid_within_approved",
                condition=Q(paid_usd=0, refunded_usd=0, justified_usd=0)
                | Q(
                    approved_usd__isnull=False,
                    refunded_usd__gte=0,
                    justified_usd__gte=0,
                    paid_usd__gte=F("refunded_usd"),
                    paid_usd__lte=F("approved_usd") + F("refunded_usd"),
                ),
                violation_error_message=_("Les paiements ne peuvent dépasser le montant approuvé."),
            ),
            models.CheckConstraint(
                name="project_closed_to_the_cent",
                condition=~Q(state=State.CLOSED) | Q(paid_usd=F("justified_usd") + F("refunded_usd")),
                violation_error_message=_("Un projet se clôture quand payé = justifié + remboursé, au centime."),
            ),
            models.CheckConstraint(
                name="project_reference_once_submitted",
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN]) | Q(reference__isnull=False),
            ),
            models.CheckConstraint(
                name="project_point_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(  # a comparison with NULL is not false, so NULL is refused by name
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                violation_error_message=_("Donnez la latitude et la longitude, ou aucune des deux."),
            ),
            models.CheckConstraint(
                name="project_duration_positive",
                condition=Q(duration_months__isnull=True) | Q(duration_months__gte=1),
            ),
            *published.CONSTRAINTS,
        ]
        indexes = [
            GinIndex(fields=["search"], name="project_search"),
            models.Index(fields=["-updated_at", "-id"], name="project_recent"),
            models.Index(fields=["state", "state_since"], name="project_waiting"),
            models.Index(fields=["region", "state"], name="project_region_state"),
            models.Index(fields=["partner", "created_at"], name="project_partner"),
            # What the attention list walks: the longest in its state, the others of its partner and of its place.
            models.Index(fields=["state_since", "id"], condition=Q(state__in=STILL_OPEN), name="project_open_since"),
            models.Index(fields=["envelope", "partner"], name="project_envelope_partner"),
            models.Index("region", Upper("locality"), condition=~Q(locality=""), name="project_place"),
            models.Index(
                "region",
                F("approved_usd").desc(),
                "id",
                condition=Q(approved_usd__isnull=False),
                name="project_largest",
            ),
            models.Index(
                fields=["updated_at", "id"], condition=Q(published_on__isnull=False), name="project_published"
            ),
            models.Index(fields=["id"], condition=Q(disclosure="hidden"), name="project_hidden"),
        ]
        triggers = [
            serves_its_region("project"), *triggers.PROJECT_TRIGGERS, *mechanism.PROJECT_TRIGGERS, *allocations.OF_PROJECT, *deadlines.OF_PROJECT,
            *publication.OF_PROJECT,
            *summary.OF_PROJECT,
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.reference} – {self.title}" if self.reference else self.title

    def clean(self) -> None:
        rules.validate_project(self)

    @property
    def state_label(self) -> State:
        return State(self.state)

    @property
    def to_refund_usd(self) -> Decimal:
        """What a cancelled project's partner was paid and neither justified nor refunded, USD; 0 in any other state."""
        out = self.paid_usd - self.justified_usd - self.refunded_usd
        return max(out, Decimal(0)) if self.state == State.CANCELLED else Decimal(0)

    @property
    def net_usd(self) -> Decimal:
        """Paid, less refunds, USD."""
        return self.paid_usd - self.refunded_usd

    def is_written_by(self, user) -> bool:
        """Author or co-author: they may edit, and may decide nothing (domain guide §2)."""
        return self.author_id == user.pk or any(coauthor.pk == user.pk for coauthor in self.coauthors.all())


@tracked()
class Coauthor(Project.coauthors.through):  # type: ignore[name-defined]
    """Who was given, or lost, the right to write a proposal with its author: here for its history alone."""

    class Meta:
        proxy = True
        verbose_name = _("corédacteur")
        verbose_name_plural = _("corédacteurs")


class ReferenceCounter(models.Model):
    """The last number given per mechanism, region and year; its row lock makes references gap-free."""

    mechanism = models.ForeignKey("funds.Mechanism", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mechanism", "region", "year"], name="reference_counter_once")]

    def __str__(self) -> str:
        return f"{self.mechanism_id} {self.region_id} {self.year}: {self.last}"
