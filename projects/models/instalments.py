"""Instalments (tranches) of the agreement's plan, and why one was sent back. All in USD, two decimals."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.money_querysets import InstalmentQuerySet
from projects.triggers import instalments as triggers
from projects.triggers.deadlines import OF_INSTALMENT
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .projects import Project


class InstalmentState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("tranche", "Prévue")
    REQUESTED = "requested", pgettext_lazy("tranche", "Demandée")
    AUTHORISED = "authorised", pgettext_lazy("tranche", "Autorisée")
    PAID = "paid", pgettext_lazy("tranche", "Payée")
    JUSTIFIED = "justified", pgettext_lazy("tranche", "Justifiée")

    @property
    def tone(self) -> str:
        return {"planned": "neutral", "requested": "info", "authorised": "warning"}.get(self.value, "positive")

    @property
    def icon(self) -> str:
        return {
            "planned": "calendar", "requested": "send", "authorised": "check-circle", "paid": "cash",
        }.get(self.value, "patch-check")  # fmt: skip


def person(label, **more) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more
    )


@tracked()
class Instalment(ChecksAtOnce):
    """A tranche of the agreement's plan. `paid_usd` and `justified_usd` are kept by the database.

    Steps: planned → requested → authorised → paid → justified; each by another person (domain guide §2, §7). It is
    « paid » once paid in full or settled at what was paid, « justified » once accepted receipts cover what was paid.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="instalments")
    position = models.PositiveSmallIntegerField(_("rang"))
    amount_usd = models.DecimalField(
        _("montant (USD)"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    planned_on = models.DateField(_("prévue le"), null=True, blank=True)
    condition = models.CharField(_("condition de versement"), max_length=250, blank=True)
    state = models.CharField(
        _("état"), max_length=10, choices=InstalmentState.choices, default=InstalmentState.PLANNED, editable=False
    )
    requested_by = person(_("demandée par"), null=True, blank=True, editable=False)
    requested_at = models.DateTimeField(_("demandée le"), null=True, blank=True, editable=False)
    request_note = models.TextField(_("note de la demande"), blank=True)
    authorised_by = person(_("autorisée par"), null=True, blank=True, editable=False)
    authorised_at = models.DateTimeField(_("autorisée le"), null=True, blank=True, editable=False)
    settled = models.BooleanField(_("soldée au montant payé"), default=False, editable=False)
    settled_reason = models.CharField(_("motif du solde"), max_length=250, blank=True)
    paid_usd = models.DecimalField(
        _("payé (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )
    refunded_usd = models.DecimalField(
        _("remboursé (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )
    justified_usd = models.DecimalField(
        _("justifié (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )

    # What had moved before this portal, as the imported file says: it counts in the sums above, without payments here.
    imported_paid_usd = models.DecimalField(
        _("payé avant la reprise (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )
    imported_refunded_usd = models.DecimalField(
        _("remboursé avant la reprise (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )
    imported_justified_usd = models.DecimalField(
        _("justifié avant la reprise (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("tranche")
        verbose_name_plural = _("tranches")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="instalment_position_once"),
            models.CheckConstraint(name="instalment_amount_positive", condition=Q(amount_usd__gt=0, position__gte=1)),
            models.CheckConstraint(
                name="instalment_paid_within_amount",
                condition=Q(paid_usd__gte=0, refunded_usd__gte=0, justified_usd__gte=0, paid_usd__lte=F("amount_usd"))
                & Q(refunded_usd__lte=F("paid_usd")),
                violation_error_message=_("Une tranche ne se paie ni deux fois, ni au-delà de son montant."),
            ),
            models.CheckConstraint(
                name="instalment_steps_by_others",
                condition=Q(requested_by__isnull=True)
                | Q(authorised_by__isnull=True)
                | ~Q(requested_by=F("authorised_by")),
                violation_error_message=_("Qui demande une tranche ne l’autorise pas."),
            ),
            models.CheckConstraint(
                name="instalment_people_follow_state",
                condition=Q(state="planned", requested_by__isnull=True, authorised_by__isnull=True)
                | Q(state="requested", requested_by__isnull=False, authorised_by__isnull=True)
                | Q(
                    state__in=["authorised", "paid", "justified"],
                    requested_by__isnull=False, authorised_by__isnull=False,
                )
                | Q(
                    imported_paid_usd__gt=0, state__in=["paid", "justified"],
                    requested_by__isnull=True, authorised_by__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="instalment_paid_in_full_or_settled",
                condition=Q(state__in=["planned", "requested"], paid_usd=0)
                | Q(state="authorised", settled=False)
                | Q(state__in=["paid", "justified"], paid_usd=F("amount_usd"))
                | Q(state__in=["paid", "justified"], settled=True, paid_usd__gt=0),
            ),
            models.CheckConstraint(
                name="instalment_settled_with_reason", condition=Q(settled=False) | ~Q(settled_reason=""),
                violation_error_message=_("Indiquez le motif du solde."),
            ),
            models.CheckConstraint(
                name="instalment_justified_when_covered",
                condition=~Q(state="justified") | Q(justified_usd__gte=F("paid_usd") - F("refunded_usd")),
                violation_error_message=_("Une tranche est justifiée quand les pièces acceptées couvrent ce qui est payé."),
            ),
            models.CheckConstraint(
                name="instalment_justified_within_amount",
                condition=Q(justified_usd__lte=F("amount_usd") - F("refunded_usd")),
                violation_error_message=_(
                    "Les pièces acceptées d’une tranche ne dépassent pas son montant, remboursements déduits."
                ),
            ),
        ]  # fmt: skip
        triggers = [*triggers.INSTALMENT, OF_INSTALMENT]

    def __str__(self) -> str:
        return f"{self.project.reference} – {self.position}"

    @property
    def state_label(self) -> InstalmentState:
        return InstalmentState(self.state)

    @property
    def unpaid_usd(self) -> Decimal:
        """What may still be paid of it, USD."""
        return Decimal(0) if self.settled else self.amount_usd - self.paid_usd

    @property
    def to_justify_usd(self) -> Decimal:
        """What of the money kept is not covered by accepted receipts, USD."""
        return max(self.paid_usd - self.refunded_usd - self.justified_usd, Decimal(0))


@tracked()
class InstalmentReturn(models.Model):
    """One return of a requested or authorised instalment to « planned », with the reason; each is kept."""

    instalment = models.ForeignKey(Instalment, on_delete=models.CASCADE, related_name="returns")
    source = models.CharField(_("était"), max_length=10, choices=InstalmentState.choices)
    reason = models.TextField(_("motif du renvoi"))
    returned_by = person(_("renvoyée par"))
    returned_at = models.DateTimeField(_("renvoyée le"), default=clock.now)

    class Meta:
        verbose_name = _("renvoi de tranche")
        verbose_name_plural = _("renvois de tranche")
        ordering = ["returned_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="instalment_return_with_reason", condition=~Q(reason=""),
                violation_error_message=_("Indiquez le motif du renvoi."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reason
