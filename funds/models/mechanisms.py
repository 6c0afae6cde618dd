"""Funding mechanisms (QIP, PBF, Trust Fund): their rules are columns of their row."""

from decimal import Decimal

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funds import rules
from sr_portal.history.tracking import tracked

from .bilingual import BilingualName
from .contribution_triggers import MECHANISM_TRIGGERS


class TrancheEvidence(models.TextChoices):
    """What opens the next tranche, measured against what is already paid (domain guide §1, §7)."""

    JUSTIFIED = "justified", _("Ce que les pièces acceptées justifient")
    SPENT_OR_COMMITTED = "spent_or_committed", _("Ce que le dernier rapport accepté déclare dépensé ou engagé")


# Tranche plans stay within the mechanism's limits when these move, as when the plans do (`TranchePlan`).
LIMITS_COVER_PLANS = pgtrigger.Trigger(
    name="limits_cover_plans",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("first_share_max", "last_share_min"),
    func="""
        IF EXISTS (SELECT 1 FROM funds_trancheplan WHERE mechanism_id = NEW.code
                      AND (shares[1] > NEW.first_share_max
                           OR shares[array_length(shares, 1)] < NEW.last_share_min)) THEN
            RAISE EXCEPTION 'tranche_shares: a tranche plan of % passes these limits', NEW.code;
        END IF;
        RETURN NULL;
    """,
)


def share(label, default: str) -> models.DecimalField:
    """A percentage, 0.00–100.00."""
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        default=Decimal(default),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )


@tracked()
class Mechanism(BilingualName):
    """A way of funding projects. Its code is its key, so that a project's row says which law it is under."""

    code = models.CharField(
        _("code"), primary_key=True, max_length=8,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9]*$", _("Des majuscules et des chiffres : il entre dans les références."))],
    )  # fmt: skip
    # Written by the database when the mechanism is made, and never changed: the fund's activity in IATI files.
    iati_identifier = models.CharField(_("identifiant IATI"), max_length=120, unique=True, null=True, editable=False)
    ceiling_usd = models.DecimalField(
        _("plafond par projet (USD)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    max_months = models.PositiveSmallIntegerField(
        _("durée maximale (mois)"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(rules.LONGEST_MONTHS)],
    )  # fmt: skip
    fiscal_year_first_month = models.PositiveSmallIntegerField(
        _("premier mois de l’exercice"), default=7, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    delegated_usd = models.DecimalField(
        _("montant délégué au comité régional (USD)"),
        max_digits=12,
        decimal_places=2,
        default=Decimal("0"),
        help_text=_("Au-delà, le comité central examine et le siège de la mission décide."),
    )
    approving_body_fr = models.CharField(_("instance d’approbation (français)"), max_length=200)
    approving_body_en = models.CharField(_("instance d’approbation (anglais)"), max_length=200)
    headquarters_above_usd = models.DecimalField(
        _("accord du siège exigé au-delà de (USD)"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Vide : le siège de l’Organisation n’est jamais consulté."),
    )  # fmt: skip
    several_recipients = models.BooleanField(
        _("plusieurs organisations bénéficiaires par projet"), default=False,
        help_text=_("Le partenaire de mise en œuvre reste le chef de file."),
    )  # fmt: skip
    # Kept by the database: this mechanism has rows in `asked`, or takes several recipients.
    asks_more = models.BooleanField(_("demande davantage à la proposition"), default=False, editable=False)
    funded_by_contributions = models.BooleanField(
        _("financé par des contributions"),
        default=False,
        help_text=_("Ses enveloppes et ses projets sont couverts par les contributions des donateurs."),
    )
    quotes_above_usd = models.DecimalField(
        _("trois devis exigés au-delà de (USD par ligne)"), max_digits=12, decimal_places=2, default=Decimal("4000")
    )
    pass_mark = models.DecimalField(
        _("note minimale du comité"), max_digits=3, decimal_places=2, default=Decimal("3.00")
    )
    screening_days = models.PositiveSmallIntegerField(_("délai de présélection (jours)"), default=10)
    review_days = models.PositiveSmallIntegerField(_("délai d’examen en comité (jours)"), default=21)
    decision_days = models.PositiveSmallIntegerField(_("délai de décision (jours)"), default=7)
    agreement_days = models.PositiveSmallIntegerField(_("délai de signature du protocole (jours)"), default=14)
    start_days = models.PositiveSmallIntegerField(_("délai de démarrage (jours)"), default=14)
    first_visit_days = models.PositiveSmallIntegerField(_("première visite après le début (jours)"), default=45)
    final_report_days = models.PositiveSmallIntegerField(_("rapport final après l’achèvement (jours)"), default=30)
    closure_days = models.PositiveSmallIntegerField(_("clôture après l’achèvement (jours)"), default=60)
    sustainability_months = models.PositiveSmallIntegerField(
        _("contrôle de pérennité après l’achèvement (mois)"), default=6
    )
    first_share_max = share(_("part maximale de la première tranche (%)"), "80.00")
    first_share_max_new = share(_("part maximale de la première tranche, partenaire sans antécédent (%)"), "50.00")
    last_share_min = share(_("part minimale de la dernière tranche (%)"), "10.00")
    justified_share_min = share(_("part à justifier avant la tranche suivante (%)"), "75.00")
    next_tranche_counts = models.CharField(
        _("ce qui ouvre la tranche suivante"),
        max_length=20,
        choices=TrancheEvidence.choices,
        default=TrancheEvidence.JUSTIFIED,
    )
    last_after_final_report = models.BooleanField(
        _("dernière tranche retenue jusqu’aux rapports finaux"),
        default=True,
        help_text=_("Sinon elle s’ouvre comme les autres, par le rapport sur la tranche précédente."),
    )
    carry_over_max = share(_("part d’une enveloppe reportable sur l’exercice suivant (%)"), "0.00")
    partner_share_max = share(_("part d’un même partenaire signalée à partir de (%)"), "25.00")
    line_shift_max = share(_("virement entre lignes sans avenant (%)"), "10.00")

    class Meta:
        verbose_name = _("mécanisme de financement")
        verbose_name_plural = _("mécanismes de financement")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="qip_mechanism_is_law",
                condition=~Q(code=rules.QIP)
                | Q(
                    ceiling_usd__isnull=False,
                    ceiling_usd__lte=rules.QIP_CEILING_USD,
                    max_months__isnull=False,
                    max_months__lte=rules.QIP_MAX_MONTHS,
                ),
                violation_error_message=_(
                    "Un QIP ne peut dépasser ni 50 000 USD ni 6 mois : ce plafond ne se règle pas."
                ),
            ),
            models.CheckConstraint(name="mechanism_fiscal_month", condition=Q(fiscal_year_first_month__range=(1, 12))),
            models.CheckConstraint(
                name="mechanism_months",
                condition=Q(max_months__isnull=True) | Q(max_months__range=(1, rules.LONGEST_MONTHS)),
            ),
            models.CheckConstraint(
                name="mechanism_headquarters_not_negative",
                condition=Q(headquarters_above_usd__isnull=True) | Q(headquarters_above_usd__gte=0),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="asks_more_is_counted",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("asks_more", "several_recipients"),
                func="""
                    NEW.asks_more = NEW.several_recipients OR mechanism_has_rows(NEW.code);
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="identified_for_good",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("iati_identifier"),
                func="""
                    IF TG_OP = 'UPDATE' AND OLD.iati_identifier IS NOT NULL THEN
                        NEW.iati_identifier = OLD.iati_identifier;
                    ELSE
                        NEW.iati_identifier = reporting_organisation() || '-FUND-' || NEW.code;
                    END IF;
                    RETURN NEW;
                """,
            ),
            LIMITS_COVER_PLANS,
            *MECHANISM_TRIGGERS,
        ]

    def clean(self) -> None:
        """The limits of the tranches still hold the plans that stand."""
        limits = (self.first_share_max, self.last_share_min)
        if self._state.adding or None in limits:
            return
        if any(rules.tranche_shares_lack(row.shares, *limits) for row in self.tranche_plans.all()):
            raise ValidationError(
                {
                    "first_share_max": _(
                        "Un plan de tranches de ce mécanisme dépasse ces limites : changez d’abord le plan."
                    )
                }
            )

    @property
    def approving_body(self) -> str:
        return self.approving_body_en if self.name == self.name_en != self.name_fr else self.approving_body_fr


class Criterion(BilingualName):
    """A weighted criterion on which a committee scores a project from 0 to 5 (domain guide §6)."""

    mechanism = models.ForeignKey(
        Mechanism, on_delete=models.CASCADE, related_name="criteria", verbose_name=_("mécanisme")
    )
    code = models.SlugField(_("code"), max_length=30)
    weight = models.PositiveSmallIntegerField(_("poids"), validators=[MinValueValidator(1), MaxValueValidator(100)])
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        verbose_name = _("critère d’examen")
        verbose_name_plural = _("critères d’examen")
        ordering = ["mechanism", "position"]
        constraints = [
            models.UniqueConstraint(fields=["mechanism", "code"], name="criterion_once"),
            models.CheckConstraint(name="criterion_weight", condition=Q(weight__range=(1, 100))),
        ]
