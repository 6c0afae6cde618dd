"""The agreement (protocole d’accord): its clauses, its signed copies, and the budget by line that it fixes."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.triggers import agreement as triggers
from sr_portal.documents.models import Document
from sr_portal.history.tracking import tracked
from sr_portal.web import clock

from .budget import BudgetCategory, BudgetLine
from .projects import Project


class AgreementLanguage(models.TextChoices):
    FRENCH = "fr", _("Français")
    ENGLISH = "en", _("Anglais")


class ClauseKind(models.TextChoices):
    OBLIGATIONS = "obligations", _("Obligations des parties")
    PAYMENT = "payment", _("Versements et justification")
    VISIBILITY = "visibility", _("Visibilité")
    ETHICS = "ethics", _("Éthique et protection")
    FRAUD = "fraud", _("Fraude et corruption")
    END = "end", _("Suspension, fin et différends")


@tracked()
class AgreementClause(models.Model):
    """Template text of a clause, editable as reference data. An agreement keeps the text as it was when prepared."""

    kind = models.CharField(_("article"), max_length=12, choices=ClauseKind.choices)
    mechanism = models.ForeignKey(
        "funds.Mechanism", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mécanisme"),
        help_text=_("Vide : pour tous les mécanismes."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("rang"), default=1)
    text_fr = models.TextField(_("texte (français)"))
    text_en = models.TextField(_("texte (anglais)"))
    active = models.BooleanField(_("en vigueur"), default=True)

    class Meta:
        verbose_name = _("clause type du protocole d’accord")
        verbose_name_plural = _("clauses types du protocole d’accord")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position}"


@tracked()
class Agreement(models.Model):
    """The agreement of a project, from its preparation on; the project is « agreed » once it is signed.

    `starts_on` fixes the last possible day, the project's `ends_on` (domain guide §4). `clauses` is a list of
    `{"kind", "text"}` in the agreement's language, as they stood when it was prepared.
    """

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="agreement")
    number = models.CharField(_("numéro"), max_length=30, unique=True)
    language = models.CharField(
        _("langue"), max_length=2, choices=AgreementLanguage.choices, default=AgreementLanguage.FRENCH
    )
    starts_on = models.DateField(_("date de début"))
    partner_signatory = models.CharField(_("signataire du partenaire"), max_length=150)
    partner_function = models.CharField(_("qualité du signataire du partenaire"), max_length=150)
    mission_signatory = models.CharField(_("signataire de la mission"), max_length=150)
    mission_function = models.CharField(_("qualité du signataire de la mission"), max_length=150)
    clauses = models.JSONField(_("clauses"), default=list)
    special_conditions = models.TextField(_("conditions particulières"), blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("préparé par")
    )
    prepared_at = models.DateTimeField(_("préparé le"), default=clock.now)
    updated_at = models.DateTimeField(_("modifié le"), default=clock.now)
    partner_signed_on = models.DateField(_("signé par le partenaire le"), null=True, blank=True)
    mission_signed_on = models.DateField(_("signé par la mission le"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("signature constatée par"),
    )  # fmt: skip
    signed_at = models.DateTimeField(_("signature constatée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("protocole d’accord")
        verbose_name_plural = _("protocoles d’accord")
        constraints = [
            models.CheckConstraint(
                name="agreement_signed_by_both",
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(
                    signed_at__isnull=False, signed_by__isnull=False,
                    partner_signed_on__isnull=False, mission_signed_on__isnull=False,
                ),
                violation_error_message=_("Le protocole demande la signature du partenaire et celle de la mission."),
            ),
        ]  # fmt: skip
        triggers = [*triggers.AGREEMENT]

    def __str__(self) -> str:
        return self.number

    @property
    def signed_on(self):
        """The later of both signatures, a calendar day; None until both have signed."""
        days = (self.partner_signed_on, self.mission_signed_on)
        return max(days) if all(days) else None


class Signatory(models.TextChoices):
    PARTNER = "partner", _("Partenaire")
    MISSION = "mission", _("Mission")
    BOTH = "both", _("Les deux parties")


@tracked()
class AgreementCopy(models.Model):
    """A signed copy; its fingerprint (SHA-256) is its document's."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="copies")
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="agreement_copy", verbose_name=_("exemplaire signé")
    )
    signatory = models.CharField(_("signé par"), max_length=8, choices=Signatory.choices, default=Signatory.BOTH)

    class Meta:
        verbose_name = _("exemplaire signé du protocole")
        verbose_name_plural = _("exemplaires signés du protocole")
        ordering = ["pk"]
        triggers = [*triggers.AGREEMENT_COPY]

    def __str__(self) -> str:
        return self.document.original_name


@tracked()
class AgreedLine(models.Model):
    """A line of the budget as agreed; USD `Decimal(12, 2)`. Their sum is the approved amount, to the cent.

    `baseline_usd` is the amount at signature or at the last amendment: moves between lines without an amendment stay
    within the mechanism's share of it (10 % by default, domain guide §7).
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="agreed_lines")
    line = models.OneToOneField(
        BudgetLine, on_delete=models.PROTECT, null=True, blank=True, related_name="agreed", verbose_name=_("ligne d’origine")
    )  # fmt: skip
    category = models.CharField(_("rubrique"), max_length=12, choices=BudgetCategory.choices)
    label = models.CharField(_("désignation"), max_length=200)
    baseline_usd = models.DecimalField(_("montant du protocole (USD)"), max_digits=12, decimal_places=2)
    amount_usd = models.DecimalField(
        _("montant convenu (USD)"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0"))]
    )
    spent_usd = models.DecimalField(
        _("justifié (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )

    class Meta:
        verbose_name = _("ligne du budget convenu")
        verbose_name_plural = _("lignes du budget convenu")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="agreed_line_not_negative", condition=Q(amount_usd__gte=0, baseline_usd__gte=0, spent_usd__gte=0)
            )
        ]
        triggers = [*triggers.AGREED_LINE]

    def __str__(self) -> str:
        return self.label

    @property
    def left_usd(self) -> Decimal:
        return self.amount_usd - self.spent_usd


@tracked()
class BudgetShift(models.Model):
    """A move between two agreed lines within the mechanism's share, by the programme officer, without an amendment."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="budget_shifts")
    source = models.ForeignKey(AgreedLine, on_delete=models.PROTECT, related_name="+", verbose_name=_("de la ligne"))
    target = models.ForeignKey(AgreedLine, on_delete=models.PROTECT, related_name="+", verbose_name=_("vers la ligne"))
    amount_usd = models.DecimalField(
        _("montant (USD)"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    reason = models.TextField(_("motif"))
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("par")
    )
    moved_at = models.DateTimeField(_("le"), default=clock.now)

    class Meta:
        verbose_name = _("virement entre lignes")
        verbose_name_plural = _("virements entre lignes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="budget_shift_moves_money", condition=Q(amount_usd__gt=0) & ~Q(source=F("target"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
