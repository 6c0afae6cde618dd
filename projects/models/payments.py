"""Money that moved: payments, refunds and the reversal of a mistaken entry. All in USD, two decimals."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from projects.money_querysets import PaymentQuerySet
from projects.triggers import instalments as triggers
from sr_portal.documents.models import Document
from sr_portal.history.tracking import refuse_truncate, tracked
from sr_portal.web import clock

from .budget import Currency
from .instalments import Instalment, person


class PaymentKind(models.TextChoices):
    PAYMENT = "payment", _("Paiement")
    REFUND = "refund", _("Remboursement")
    REVERSAL = "reversal", _("Contre-passation")


@tracked()
class Payment(models.Model):
    """A payment (positive), a refund (negative, with proof) or the reversal of a mistaken entry of either kind.

    Never changed nor deleted; only the receipt signed by the partner may be joined later. Paid in XOF, it carries the
    local amount, the UN rate (XOF for one USD) and the rate's date, and the USD are their quotient to the cent. The
    database notes the `account` to which a payment went, the one verified that day, and `undone` once reversed.
    """

    instalment = models.ForeignKey(
        Instalment, on_delete=models.PROTECT, related_name="payments", verbose_name=_("tranche")
    )
    kind = models.CharField(_("nature"), max_length=8, choices=PaymentKind.choices, default=PaymentKind.PAYMENT)
    reference = models.CharField(_("référence du paiement"), max_length=60)
    paid_on = models.DateField(_("date"))
    amount_usd = models.DecimalField(_("montant (USD)"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("monnaie"), max_length=3, choices=Currency.choices, default=Currency.USD)
    local_amount = models.DecimalField(_("montant (XOF)"), max_digits=14, decimal_places=2, null=True, blank=True)
    rate = models.DecimalField(_("XOF pour 1 USD"), max_digits=10, decimal_places=4, null=True, blank=True)
    rate_on = models.DateField(_("date du taux"), null=True, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by",
        verbose_name=_("écriture annulée"),
    )  # fmt: skip
    undone = models.BooleanField(_("annulée"), default=False, editable=False)
    account = models.ForeignKey(
        "funds.BankAccount", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("compte crédité"),
    )  # fmt: skip
    note = models.TextField(_("note"), blank=True)
    proof = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("preuve")
    )
    signed_receipt = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("reçu signé du partenaire"),
    )  # fmt: skip
    recorded_by = person(_("enregistré par"))
    recorded_at = models.DateTimeField(_("enregistré le"), default=clock.now)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("paiement")
        verbose_name_plural = _("paiements")
        ordering = ["paid_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("reference"), name="payment_reference_once", condition=Q(kind="payment", undone=False),
                violation_error_message=_("Un paiement porte déjà cette référence : il n’est pas payé deux fois."),
            ),
            models.UniqueConstraint(
                Lower("reference"), "instalment", name="refund_reference_once",
                condition=Q(kind="refund", undone=False),
                violation_error_message=_("Un remboursement de cette tranche porte déjà cette référence."),
            ),
            models.CheckConstraint(
                name="payment_sign_follows_kind",
                condition=Q(kind="payment", amount_usd__gt=0, reverses__isnull=True)
                | Q(kind="refund", amount_usd__lt=0, reverses__isnull=True, proof__isnull=False)
                | (Q(kind="reversal", reverses__isnull=False) & ~Q(amount_usd=0) & ~Q(note="")),
                violation_error_message=_(
                    "Un paiement est positif ; un remboursement est négatif et porte sa preuve ; une contre-passation "
                    "nomme l’écriture annulée et son motif."
                ),
            ),
            models.CheckConstraint(
                name="payment_local_amount_agrees",
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
        triggers = [*triggers.PAYMENT, refuse_truncate()]

    def __str__(self) -> str:
        return self.reference

    @property
    def kind_label(self) -> PaymentKind:
        return PaymentKind(self.kind)
