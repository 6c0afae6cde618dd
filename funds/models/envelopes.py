"""The yearly envelope of a mechanism, and what approved projects have reserved of it."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funds import rules
from funds.querysets import EnvelopeQuerySet
from sr_portal.history.tracking import tracked
from sr_portal.web.checks import ChecksAtOnce

from .contribution_triggers import ENVELOPE_TRIGGERS
from .mechanisms import Mechanism


@tracked()
class Envelope(ChecksAtOnce):
    """Money of one mechanism for one fiscal year, USD `Decimal(12, 2)`.

    `reserved_usd` is the sum of the reservations of projects, kept by a database trigger on their table inside the
    writer's own transaction; the check below then refuses, whoever writes, what the envelope cannot cover. The envelopes
    of a mechanism funded by contributions sum to no more than what came in of them (`envelopes_within_received` in SQL).
    """

    mechanism = models.ForeignKey(
        Mechanism, on_delete=models.PROTECT, related_name="envelopes", verbose_name=_("mécanisme")
    )
    fiscal_year = models.PositiveSmallIntegerField(
        _("exercice"), help_text=_("Année où l’exercice commence : 2026 pour juillet 2026 – juin 2027.")
    )
    amount_usd = models.DecimalField(
        _("montant (USD)"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0"))]
    )
    reserved_usd = models.DecimalField(
        _("réservé (USD)"), max_digits=12, decimal_places=2, default=Decimal("0"), editable=False
    )

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("enveloppe")
        verbose_name_plural = _("enveloppes")
        ordering = ["-fiscal_year", "mechanism"]
        constraints = [
            models.UniqueConstraint(
                fields=["mechanism", "fiscal_year"],
                name="envelope_once_a_year",
                violation_error_message=_("Ce mécanisme a déjà une enveloppe pour cet exercice."),
            ),
            models.CheckConstraint(
                name="envelope_covers_reservations",
                condition=Q(reserved_usd__lte=F("amount_usd")),
                violation_error_message=_("L’enveloppe ne couvre pas les montants déjà réservés."),
            ),
            models.CheckConstraint(name="envelope_not_negative", condition=Q(amount_usd__gte=0, reserved_usd__gte=0)),
        ]
        triggers = [*ENVELOPE_TRIGGERS]

    def __str__(self) -> str:
        return f"{self.mechanism_id} {self.label}"

    @property
    def label(self) -> str:
        """« 2026-2027 » for a year that straddles two, « 2026 » for a calendar year."""
        first, last = self.bounds
        return str(first.year) if first.year == last.year else f"{first.year}-{last.year}"

    @property
    def bounds(self):
        """First and last day, both included."""
        return rules.fiscal_year_bounds(self.fiscal_year, self.mechanism.fiscal_year_first_month)

    @property
    def available_usd(self) -> Decimal:
        return self.amount_usd - self.reserved_usd
