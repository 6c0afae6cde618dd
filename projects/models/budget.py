"""The budget: lines whose amounts the database computes and whose sum it keeps on the project's row."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects import triggers
from sr_portal.history.tracking import tracked

from .projects import Project


class BudgetCategory(models.TextChoices):
    WORKS = "works", _("Travaux")
    EQUIPMENT = "equipment", _("Équipement")
    SUPPLIES = "supplies", _("Fournitures")
    LABOUR = "labour", _("Main-d’œuvre")
    TRANSPORT = "transport", _("Transport")
    TRAINING = "training", _("Formation")
    SUPERVISION = "supervision", _("Supervision")
    VISIBILITY = "visibility", _("Visibilité")


class Currency(models.TextChoices):
    XOF = "XOF", _("XOF")
    USD = "USD", _("USD")


@tracked()
class BudgetLine(models.Model):
    """A line of the budget. `amount_usd` = quantity × unit cost ÷ rate, to the cent, computed by the database.

    `rate` is the month's UN rate (XOF for one USD) kept on the line, as it was when the line was written.
    `community_usd` is the community's contribution in kind: shown apart, never part of the budget.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="lines")
    category = models.CharField(_("rubrique"), max_length=12, choices=BudgetCategory.choices)
    label = models.CharField(_("désignation"), max_length=200)
    unit = models.CharField(_("unité"), max_length=40)
    quantity = models.DecimalField(
        _("quantité"),
        max_digits=10,
        decimal_places=2,
        default=Decimal("1"),
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    currency = models.CharField(_("monnaie"), max_length=3, choices=Currency.choices, default=Currency.XOF)
    unit_cost = models.DecimalField(
        _("coût unitaire"), max_digits=14, decimal_places=2, validators=[MinValueValidator(Decimal("0"))]
    )
    rate = models.DecimalField(
        _("XOF pour 1 USD"), max_digits=10, decimal_places=4, null=True, blank=True, editable=False
    )
    amount_usd = models.GeneratedField(
        expression=models.expressions.RawSQL(
            "round(quantity * unit_cost / (CASE WHEN currency = 'USD' THEN 1 ELSE rate END), 2)", ()
        ),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
        verbose_name=_("montant (USD)"),
    )
    community_usd = models.DecimalField(
        _("apport de la communauté (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"),
        validators=[MinValueValidator(Decimal("0"))],
    )  # fmt: skip

    class Meta:
        verbose_name = _("ligne budgétaire")
        verbose_name_plural = _("lignes budgétaires")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="line_amounts_valid", condition=Q(quantity__gt=0, unit_cost__gte=0, community_usd__gte=0)
            ),
            models.CheckConstraint(
                name="line_local_cost_has_rate",
                condition=Q(currency="USD", rate__isnull=True) | Q(currency="XOF", rate__isnull=False, rate__gt=0),
                violation_error_message=_("Un coût en XOF demande le taux des Nations Unies du mois."),
            ),
        ]
        triggers = [*triggers.BUDGET_LINE_TRIGGERS]

    def __str__(self) -> str:
        return self.label
