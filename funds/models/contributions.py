"""Money that donors promise, sign and send: one row per contribution, its stages read from its dates."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Round
from django.utils.translation import gettext_lazy as _

from funds import rules
from funds.querysets import ContributionQuerySet
from sr_portal.history.tracking import refuse_truncate, tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .contribution_triggers import CONTRIBUTION_TRIGGERS
from .mechanisms import Mechanism
from .organisations import Organisation

ZERO = Decimal("0")


class DonorCurrency(models.TextChoices):
    """ISO 4217 codes of the currencies in which donors give."""

    USD = "USD", _("Dollar des États-Unis (USD)")
    EUR = "EUR", _("Euro (EUR)")
    DKK = "DKK", _("Couronne danoise (DKK)")
    NOK = "NOK", _("Couronne norvégienne (NOK)")
    SEK = "SEK", _("Couronne suédoise (SEK)")
    GBP = "GBP", _("Livre sterling (GBP)")
    CAD = "CAD", _("Dollar canadien (CAD)")
    CHF = "CHF", _("Franc suisse (CHF)")
    JPY = "JPY", _("Yen (JPY)")
    XOF = "XOF", _("Franc CFA (XOF)")


class Stage(models.TextChoices):
    """How far a contribution has come; never stored: its dates and sums say it."""

    PLEDGED = "pledged", _("Annoncée")
    SIGNED = "signed", _("Signée")
    PARTLY_RECEIVED = "partly_received", _("Reçue en partie")
    RECEIVED = "received", _("Reçue")
    WITHDRAWN = "withdrawn", _("Retirée")

    @property
    def tone(self) -> str:
        tones = {"pledged": "warning", "signed": "info", "received": "positive", "withdrawn": "neutral"}
        return tones.get(self.value, "info")

    @property
    def icon(self) -> str:
        icons = {"pledged": "flag", "signed": "clipboard-check", "received": "check-circle", "withdrawn": "archive"}
        return icons.get(self.value, "cash")


def amount(label, **options) -> models.DecimalField:
    """A sum in the donor's currency, `Decimal(16, 2)`."""
    return models.DecimalField(
        label, max_digits=16, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))], **options
    )


def rate(label, **options) -> models.DecimalField:
    """Units of the donor's currency for one USD."""
    return models.DecimalField(
        label, max_digits=14, decimal_places=6, validators=[MinValueValidator(Decimal("0.000001"))], **options
    )


def in_usd(label, amount_name: str, rate_name: str, **options) -> models.GeneratedField:
    """That sum in USD, `Decimal(12, 2)`, computed by the database and rounded as `rules.line_amount_usd` does.

    The cast says what is divided where both are still empty: a check asked beforehand would not know.
    """
    return models.GeneratedField(
        expression=Round(Cast(F(amount_name), models.DecimalField(max_digits=16, decimal_places=2)) / F(rate_name), 2),
        output_field=models.DecimalField(max_digits=12, decimal_places=2, **options),
        db_persist=True,
        verbose_name=label,
    )


def user(label, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=label, **options,
    )  # fmt: skip


@tracked()
class Contribution(ChecksAtOnce):
    """What a donor gives to one mechanism: pledged, then signed, then received in one or several transfers.

    Amounts are in the donor's currency, with the rate (units for one USD) and its day beside; the USD are computed.
    The earmark is a region, a theme (a family of sectors, `Sector.group_fr`), both, or neither. `received_amount` and
    `received_usd` sum the receipts, `allocated_usd` what projects hold of it: the database keeps all three, and refuses
    more received than signed (in the donor's currency: the rate of the day it comes moves the USD) and more allocated
    than signed. `is_opening` marks what stood for older money when contributions came in: nobody registered it.
    """

    reference = models.CharField(
        _("référence"), max_length=40, unique=True,
        error_messages={"unique": _("Une contribution porte déjà cette référence.")},
    )  # fmt: skip
    title = models.CharField(_("objet"), max_length=200)
    donor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="contributions", verbose_name=_("donateur")
    )
    mechanism = models.ForeignKey(
        Mechanism, on_delete=models.PROTECT, related_name="contributions", verbose_name=_("mécanisme")
    )
    region = models.ForeignKey(
        "regions.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("affectée à la région"),
    )
    theme = models.CharField(_("affectée au thème"), max_length=100, blank=True)
    currency = models.CharField(_("monnaie"), max_length=3, choices=DonorCurrency.choices, default=DonorCurrency.USD)

    pledged_amount = amount(_("montant annoncé"))
    pledged_on = models.DateField(_("annoncée le"))
    pledged_rate = rate(_("taux à l’annonce"), default=Decimal(1))
    pledged_rate_on = models.DateField(_("date du taux à l’annonce"))
    pledged_usd = in_usd(_("annoncé (USD)"), "pledged_amount", "pledged_rate")
    signed_amount = amount(_("montant signé"), null=True, blank=True)
    signed_on = models.DateField(_("signée le"), null=True, blank=True)
    signed_rate = rate(_("taux à la signature"), null=True, blank=True)
    signed_rate_on = models.DateField(_("date du taux à la signature"), null=True, blank=True)
    signed_usd = in_usd(_("signé (USD)"), "signed_amount", "signed_rate", null=True)
    received_amount = models.DecimalField(
        _("reçu (monnaie du donateur)"), max_digits=16, decimal_places=2, default=ZERO, editable=False
    )
    received_usd = models.DecimalField(_("reçu (USD)"), max_digits=12, decimal_places=2, default=ZERO, editable=False)
    allocated_usd = models.DecimalField(
        _("affecté à des projets (USD)"), max_digits=12, decimal_places=2, default=ZERO, editable=False
    )
    withdrawn_on = models.DateField(_("retirée le"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("motif du retrait"), max_length=250, blank=True)
    note = models.TextField(_("note"), blank=True)

    is_opening = models.BooleanField(_("reprise"), default=False, editable=False)
    registered_by = user(_("inscrite par"))
    registered_at = models.DateTimeField(_("inscrite le"), default=clock.now, editable=False)
    signature_by = user(_("signature enregistrée par"))
    signature_at = models.DateTimeField(_("signature enregistrée le"), null=True, blank=True, editable=False)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-pledged_on", "-pk"]
        indexes = [models.Index(fields=["-pledged_on", "-id"], name="contribution_latest")]
        constraints = [
            models.CheckConstraint(
                name="contribution_amounts_positive",
                condition=Q(pledged_amount__gt=0, pledged_rate__gt=0, received_amount__gte=0, received_usd__gte=0)
                & Q(allocated_usd__gte=0),
            ),
            models.CheckConstraint(
                name="contribution_usd_at_one",
                condition=(~Q(currency=DonorCurrency.USD) | Q(pledged_rate=1))
                & (Q(signed_rate__isnull=True) | ~Q(currency=DonorCurrency.USD) | Q(signed_rate=1)),
                violation_error_message=_("Un montant en USD n’a pas de taux : 1 USD pour 1 USD."),
            ),
            models.CheckConstraint(
                name="contribution_signed_whole",
                condition=Q(signed_amount__isnull=True, signed_on__isnull=True, signed_rate__isnull=True)
                & Q(signed_rate_on__isnull=True, signature_at__isnull=True, signature_by__isnull=True)
                | Q(signed_amount__isnull=False, signed_on__isnull=False, signed_rate__isnull=False)
                & Q(signed_rate_on__isnull=False, signature_at__isnull=False, signed_amount__gt=0, signed_rate__gt=0)
                & (Q(is_opening=True) | Q(signature_by__isnull=False)),
                violation_error_message=_("Une contribution est signée pour un montant, à une date, à un taux daté."),
            ),
            models.CheckConstraint(
                name="contribution_dates_in_order",
                condition=Q(signed_on__isnull=True) | Q(signed_on__gte=F("pledged_on")),
                violation_error_message=_("La signature ne peut précéder l’annonce."),
            ),
            models.CheckConstraint(
                name="contribution_rates_before",
                condition=Q(pledged_rate_on__lte=F("pledged_on"))
                & (
                    Q(signed_on__isnull=True, signed_rate_on__isnull=True)
                    | Q(signed_on__isnull=False, signed_rate_on__isnull=False, signed_rate_on__lte=F("signed_on"))
                ),
                violation_error_message=_("Le taux ne peut être postérieur à l’opération."),
            ),
            models.CheckConstraint(
                name="contribution_received_within_signed",
                condition=Q(received_amount=0, received_usd=0)
                | Q(signed_amount__isnull=False, received_amount__lte=F("signed_amount")),
                violation_error_message=_("On ne peut recevoir plus que ce qui est signé."),
            ),
            models.CheckConstraint(
                name="contribution_allocated_within_signed",
                condition=Q(allocated_usd=0) | Q(signed_usd__isnull=False, allocated_usd__lte=F("signed_usd")),
                violation_error_message=_("Des projets tiennent déjà davantage de cette contribution."),
            ),
            models.CheckConstraint(
                name="contribution_withdrawn_with_reason",
                condition=Q(withdrawn_on__isnull=True, withdrawal_reason="")
                | Q(withdrawn_on__isnull=False, signed_on__isnull=True) & ~Q(withdrawal_reason=""),
                violation_error_message=_("Une annonce se retire avant la signature, avec le motif."),
            ),
            models.CheckConstraint(
                name="contribution_registered_by_somebody",
                condition=Q(is_opening=True) | Q(registered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="contribution_signed_by_another",
                condition=Q(registered_by__isnull=True)
                | Q(signature_by__isnull=True)
                | ~Q(signature_by=F("registered_by")),
                violation_error_message=_("Qui a inscrit la contribution n’en enregistre pas la signature."),
            ),
        ]
        triggers = [*CONTRIBUTION_TRIGGERS, refuse_truncate()]

    def __str__(self) -> str:
        return f"{self.reference} – {self.title}"

    @property
    def stage(self) -> Stage:
        if self.withdrawn_on:
            return Stage.WITHDRAWN
        if self.signed_on is None:
            return Stage.PLEDGED
        if not self.received_amount:
            return Stage.SIGNED
        return Stage.RECEIVED if self.received_amount == self.signed_amount else Stage.PARTLY_RECEIVED

    @property
    def is_earmarked(self) -> bool:
        return self.region_id is not None or bool(self.theme)

    @property
    def free_usd(self) -> Decimal:
        """Signed and held by no project yet, USD."""
        return (self.signed_usd or ZERO) - self.allocated_usd

    @property
    def to_come(self) -> Decimal:
        """Signed and not received yet, in the donor's currency."""
        return (self.signed_amount or ZERO) - self.received_amount

    @property
    def exchange_usd(self) -> Decimal:
        """What the rates of the transfers added to (or took from) the received money against the signature's, USD."""
        if not self.received_amount or not self.signed_rate:
            return ZERO
        return self.received_usd - rules.line_amount_usd(Decimal(1), self.received_amount, self.signed_rate)
