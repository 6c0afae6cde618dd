"""Bank accounts of partners: entered by one person, verified by another, their numbers unreadable at rest."""

import pgtrigger
from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funds.account_numbers import COUNTRIES
from funds.querysets import BankAccountQuerySet, BankReadingQuerySet
from sr_portal.documents.models import Document
from sr_portal.history.tracking import append_only, refuse_truncate, tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .bank_triggers import DECISIONS_FOR_GOOD, NUMBER_FOR_GOOD, VERIFIED_ONE_STEP_AT_A_TIME
from .organisations import Organisation

SHORTEST_REASON = 10


class BankAccountStatus(models.TextChoices):
    TO_VERIFY = "to_verify", _("À vérifier")
    VERIFIED = "verified", _("Vérifié")
    REJECTED = "rejected", _("Rejeté")
    RETIRED = "retired", _("Retiré")


class Currency(models.TextChoices):
    XOF = "XOF", _("Franc CFA (XOF)")
    USD = "USD", _("Dollar des États-Unis (USD)")
    EUR = "EUR", _("Euro (EUR)")


CURRENT = (BankAccountStatus.TO_VERIFY, BankAccountStatus.VERIFIED)
DESCRIBED = [
    "organisation",
    "holder_name",
    "bank_name",
    "branch",
    "country",
    "currency",
    "last4",
    "bic",
    "proof",
    "note",
]


# The number and its fingerprint stay out of the history, which nothing can encrypt again: once the keys are changed,
# an old key opens nothing more. `encrypted_at` says in the history when that was.
@tracked(exclude=["number_encrypted", "fingerprint"])
class BankAccount(ChecksAtOnce):
    """One account as it was entered. What it says never changes: a correction is another account, verified again.

    `number_encrypted` is a token of `sr_portal.encryption` over the number as `account_numbers.parsed` gives it, bound
    to the organisation; `fingerprint` is the keyed digest by which the same number is found at two organisations.
    At most one account is verified and one waits, so that money goes on being paid where finance verified it until a
    new account is verified in its place: an entry alone neither diverts nor stops a payment.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="bank_accounts", verbose_name=_("partenaire")
    )
    holder_name = models.CharField(_("titulaire du compte"), max_length=200)
    bank_name = models.CharField(_("banque"), max_length=120)
    branch = models.CharField(_("agence"), max_length=120, blank=True)
    country = models.CharField(
        _("pays du compte"),
        max_length=2,
        choices=[(code, place.label) for code, place in COUNTRIES.items()],
        default="ML",
    )
    currency = models.CharField(_("monnaie"), max_length=3, choices=Currency.choices, default=Currency.XOF)
    number_encrypted = models.TextField(_("numéro chiffré"), editable=False)
    fingerprint = models.CharField(_("empreinte du numéro"), max_length=64, editable=False)
    last4 = models.CharField(_("quatre derniers caractères"), max_length=4, editable=False)
    encrypted_at = models.DateTimeField(_("chiffré le"), default=clock.now, editable=False)
    bic = models.CharField(_("code SWIFT (BIC)"), max_length=11, blank=True)
    proof = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="bank_account", verbose_name=_("RIB ou attestation bancaire")
    )
    note = models.TextField(_("note"), blank=True)
    status = models.CharField(
        _("état"), max_length=10, choices=BankAccountStatus.choices, default=BankAccountStatus.TO_VERIFY
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("saisi par")
    )
    entered_at = models.DateTimeField(_("saisi le"), default=clock.now)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("vérifié par"),
    )
    verified_at = models.DateTimeField(_("vérifié le"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rejeté ou retiré par"),
    )
    closed_at = models.DateTimeField(_("rejeté ou retiré le"), null=True, blank=True)
    closing_reason = models.TextField(_("motif du rejet ou du retrait"), blank=True)

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("compte bancaire")
        verbose_name_plural = _("comptes bancaires")
        ordering = ["-entered_at", "-pk"]
        indexes = [models.Index(fields=["fingerprint"], name="bank_account_fingerprint")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(status=BankAccountStatus.VERIFIED),
                name="bank_account_one_verified",
                violation_error_message=_("Ce partenaire a déjà un compte vérifié : retirez-le d’abord."),
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(status=BankAccountStatus.TO_VERIFY),
                name="bank_account_one_waiting",
                violation_error_message=_("Ce partenaire a déjà un compte à vérifier."),
            ),
            models.CheckConstraint(
                name="bank_account_verified_by_another",
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("entered_by")),
                violation_error_message=_("Qui a saisi un compte ne peut pas le vérifier."),
            ),
            models.CheckConstraint(
                name="bank_account_verified_with_who_and_when",
                condition=Q(status=BankAccountStatus.RETIRED, verified_by__isnull=True, verified_at__isnull=True)
                | Q(
                    status__in=[BankAccountStatus.VERIFIED, BankAccountStatus.RETIRED],
                    verified_by__isnull=False,
                    verified_at__isnull=False,
                )
                | Q(
                    status__in=[BankAccountStatus.TO_VERIFY, BankAccountStatus.REJECTED],
                    verified_by__isnull=True,
                    verified_at__isnull=True,
                ),
                violation_error_message=_("Un compte vérifié dit par qui et quand ; un autre ne le dit pas."),
            ),
            models.CheckConstraint(
                name="bank_account_closed_with_reason",
                condition=Q(status__in=CURRENT, closed_by__isnull=True, closed_at__isnull=True, closing_reason="")
                | (
                    Q(
                        status__in=[BankAccountStatus.REJECTED, BankAccountStatus.RETIRED],
                        closed_by__isnull=False,
                        closed_at__isnull=False,
                    )
                    & ~Q(closing_reason="")
                ),
                violation_error_message=_("Un compte rejeté ou retiré dit par qui, quand et pourquoi."),
            ),
            models.CheckConstraint(
                name="bank_account_rejected_by_another",
                condition=~Q(status=BankAccountStatus.REJECTED)
                | Q(closed_by__isnull=True)
                | ~Q(closed_by=F("entered_by")),
                violation_error_message=_("Qui a saisi un compte ne peut pas le rejeter."),
            ),
            # A number in clear does not look like a token: it cannot be stored by mistake.
            models.CheckConstraint(
                name="bank_account_number_sealed",
                condition=Q(number_encrypted__regex=r"^gAAAAA[A-Za-z0-9_-]{80,}=*$"),
                violation_error_message=_("Le numéro d’un compte ne se garde que chiffré."),
            ),
            models.CheckConstraint(
                name="bank_account_fingerprint_form", condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="bank_account_last4_form", condition=Q(last4__regex=r"^[0-9A-Z]{4}$")),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="details_for_good", fields=[*DESCRIBED, "entered_by", "entered_at"]),
            NUMBER_FOR_GOOD,
            *VERIFIED_ONE_STEP_AT_A_TIME,
            DECISIONS_FOR_GOOD,
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            refuse_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.bank_name} {self.masked}"

    @property
    def masked(self) -> str:
        return f"•••• {self.last4}"

    @property
    def is_in_another_name(self) -> bool:
        """A partner's account is in its own name (domain guide §5): a holder of another name is worth a look."""
        names = {self.organisation.name.casefold(), self.organisation.acronym.casefold()}
        return self.holder_name.casefold() not in names


@tracked()
class BankReading(models.Model):
    """Somebody read a whole number: who, when, why. Nothing changes or erases it."""

    account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, related_name="readings", verbose_name=_("compte bancaire")
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("lu par")
    )
    read_at = models.DateTimeField(_("lu le"), default=clock.now)
    reason = models.CharField(_("motif"), max_length=250, validators=[MinLengthValidator(SHORTEST_REASON)])

    objects = BankReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("lecture d’un numéro de compte")
        verbose_name_plural = _("lectures de numéros de compte")
        ordering = ["-read_at", "-pk"]
        indexes = [models.Index(fields=["-read_at", "-id"], name="bank_reading_latest")]
        constraints = [
            models.CheckConstraint(
                name="bank_reading_with_reason",
                condition=Q(reason__regex=rf"\S.{{{SHORTEST_REASON - 2},}}\S"),
                violation_error_message=_("Dites pourquoi vous lisez ce numéro, en dix caractères au moins."),
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.reader} – {self.account}"
