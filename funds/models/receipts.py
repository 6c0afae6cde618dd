"""What came in of a contribution, with its proof, and the papers that go with it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sr_portal.documents.models import Document
from sr_portal.history.tracking import refuse_truncate, tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .contribution_triggers import RECEIPT_TRIGGERS
from .contributions import Contribution, amount, in_usd, rate, user


@tracked()
class ContributionReceipt(ChecksAtOnce):
    """One transfer that came in. What it says never changes: a wrong one is cancelled by somebody else, with a reason.

    `recorded_by` and `proof` are empty only for the opening balance of older money.
    """

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("contribution")
    )
    reference = models.CharField(_("référence du virement"), max_length=60)
    received_on = models.DateField(_("reçu le"))
    amount = amount(_("montant reçu"))
    rate = rate(_("taux du jour"))
    rate_on = models.DateField(_("date du taux"))
    amount_usd = in_usd(_("reçu (USD)"), "amount", "rate")
    proof = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, related_name="contribution_receipt",
        verbose_name=_("preuve (avis de crédit)"),
    )  # fmt: skip
    recorded_by = user(_("enregistré par"))
    recorded_at = models.DateTimeField(_("enregistré le"), default=clock.now, editable=False)
    cancelled_by = user(_("annulé par"))
    cancelled_at = models.DateTimeField(_("annulé le"), null=True, blank=True, editable=False)
    cancellation_reason = models.CharField(_("motif de l’annulation"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("encaissement")
        verbose_name_plural = _("encaissements")
        ordering = ["received_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "reference"],
                condition=Q(cancelled_at__isnull=True),
                name="contribution_receipt_once",
                violation_error_message=_("Un encaissement de cette contribution porte déjà cette référence."),
            ),
            models.CheckConstraint(
                name="contribution_receipt_positive", condition=Q(amount__gt=0, rate__gt=0, amount_usd__gt=0)
            ),
            models.CheckConstraint(
                name="contribution_receipt_rate_before",
                condition=Q(rate_on__lte=models.F("received_on")),
                violation_error_message=_("Le taux ne peut être postérieur à l’opération."),
            ),
            models.CheckConstraint(
                name="contribution_receipt_proved",
                condition=Q(proof__isnull=False, recorded_by__isnull=False)
                | Q(proof__isnull=True, recorded_by__isnull=True),
                violation_error_message=_("Joignez la preuve de l’encaissement."),
            ),
            models.CheckConstraint(
                name="contribution_receipt_cancelled_whole",
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancellation_reason="")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancellation_reason=""),
                violation_error_message=_("Un encaissement annulé dit par qui, quand et pourquoi."),
            ),
            models.CheckConstraint(
                name="contribution_receipt_cancelled_by_another",
                condition=Q(cancelled_by__isnull=True)
                | Q(recorded_by__isnull=True)
                | ~Q(cancelled_by=models.F("recorded_by")),
                violation_error_message=_("Qui a enregistré un encaissement ne l’annule pas seul."),
            ),
        ]
        triggers = [*RECEIPT_TRIGGERS, refuse_truncate()]

    def __str__(self) -> str:
        return f"{self.reference} ({self.received_on})"


class PaperKind(models.TextChoices):
    PLEDGE = "pledge", _("Lettre d’annonce")
    AGREEMENT = "agreement", _("Accord signé")
    AMENDMENT = "amendment", _("Avenant à l’accord")
    OTHER = "other", _("Autre pièce")


@tracked()
class ContributionDocument(ChecksAtOnce):
    """A paper of a contribution. It stays: a wrong one is withdrawn, with a reason (see `documents`)."""

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(_("nature"), max_length=10, choices=PaperKind.choices)
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="contribution_paper", verbose_name=_("fichier")
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("déposé par")
    )
    filed_at = models.DateTimeField(_("déposé le"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("pièce d’une contribution")
        verbose_name_plural = _("pièces des contributions")
        ordering = ["filed_at", "pk"]
        triggers = [
            pgtrigger.ReadOnly(name="filed_for_good"),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.document)
