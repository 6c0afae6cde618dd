"""Receipts (pièces justificatives): what was spent of an instalment, by line of the agreed budget."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.money_querysets import ReceiptQuerySet
from projects.triggers import instalments as triggers
from projects.triggers.deadlines import OF_RECEIPT
from sr_portal.documents.models import Document
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .agreements import AgreedLine
from .budget import Currency
from .instalments import Instalment, person


class ReceiptState(models.TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("pièce", "À vérifier")
    ACCEPTED = "accepted", pgettext_lazy("pièce", "Acceptée")
    REJECTED = "rejected", pgettext_lazy("pièce", "Rejetée")

    @property
    def tone(self) -> str:
        return {"submitted": "info", "accepted": "positive", "rejected": "danger"}[self.value]

    @property
    def icon(self) -> str:
        return {"submitted": "hourglass-split", "accepted": "check-circle", "rejected": "x-circle"}[self.value]


@tracked()
class Receipt(ChecksAtOnce):
    """A receipt (pièce justificative) against one agreed line and one instalment. Only accepted ones count."""

    instalment = models.ForeignKey(
        Instalment, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("tranche")
    )
    line = models.ForeignKey(
        AgreedLine, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("ligne budgétaire")
    )
    number = models.CharField(_("numéro de la pièce"), max_length=60)
    supplier = models.CharField(_("fournisseur"), max_length=150)
    issued_on = models.DateField(_("date de la pièce"))
    description = models.CharField(_("objet"), max_length=250, blank=True)
    amount_usd = models.DecimalField(
        _("montant (USD)"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    currency = models.CharField(_("monnaie"), max_length=3, choices=Currency.choices, default=Currency.XOF)
    local_amount = models.DecimalField(_("montant (XOF)"), max_digits=14, decimal_places=2, null=True, blank=True)
    rate = models.DecimalField(_("XOF pour 1 USD"), max_digits=10, decimal_places=4, null=True, blank=True)
    rate_on = models.DateField(_("date du taux"), null=True, blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("pièce numérisée")
    )
    state = models.CharField(
        _("état"), max_length=9, choices=ReceiptState.choices, default=ReceiptState.SUBMITTED, editable=False
    )
    entered_by = person(_("saisie par"), editable=False)
    entered_at = models.DateTimeField(_("saisie le"), default=clock.now, editable=False)
    judged_by = person(_("vérifiée par"), null=True, blank=True, editable=False)
    judged_at = models.DateTimeField(_("vérifiée le"), null=True, blank=True, editable=False)
    judgement = models.CharField(_("motif du rejet"), max_length=250, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("pièce justificative")
        verbose_name_plural = _("pièces justificatives")
        ordering = ["issued_on", "pk"]
        constraints = [
            models.CheckConstraint(name="receipt_amount_positive", condition=Q(amount_usd__gt=0)),
            models.UniqueConstraint(
                Lower("supplier"), Lower("number"), "instalment", condition=~Q(state="rejected"),
                name="receipt_counted_once",
                violation_error_message=_("Cette pièce du même fournisseur est déjà enregistrée pour cette tranche."),
            ),
            models.CheckConstraint(
                name="receipt_judged_by_another",
                condition=Q(state="submitted", judged_by__isnull=True)
                | (Q(state__in=["accepted", "rejected"], judged_by__isnull=False) & ~Q(judged_by=F("entered_by"))),
                violation_error_message=_("Qui saisit une pièce ne la vérifie pas."),
            ),
            models.CheckConstraint(
                name="receipt_rejected_with_reason", condition=~Q(state="rejected") | ~Q(judgement=""),
                violation_error_message=_("Indiquez le motif du rejet."),
            ),
            models.CheckConstraint(
                name="receipt_local_amount_agrees",
                condition=Q(currency="USD", local_amount__isnull=True, rate__isnull=True, rate_on__isnull=True)
                | Q(
                    currency="XOF", local_amount__isnull=False, rate__isnull=False, rate__gt=0, rate_on__isnull=False,
                    amount_usd=models.functions.Round(F("local_amount") / F("rate"), 2),
                ),
                violation_error_message=_(
                    "Un montant en XOF va avec son taux et la date du taux, et le montant en USD est leur quotient."
                ),
            ),
        ]  # fmt: skip
        triggers = [*triggers.RECEIPT, OF_RECEIPT]

    def __str__(self) -> str:
        return f"{self.supplier} {self.number}"

    @property
    def state_label(self) -> ReceiptState:
        return ReceiptState(self.state)
