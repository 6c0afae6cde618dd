"""Money that moves in USD or in XOF (domain guide §7): all is kept in USD, the local amount, rate and day beside it."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from funds.rules import line_amount_usd

MOST_DIGITS = Decimal("1e10")  # what `numeric(12, 2)` holds is below


@dataclass(frozen=True)
class Sum:
    """A positive amount as somebody states it: in USD, or in XOF with the rate (XOF for one USD) and its day."""

    amount: Decimal
    currency: str = "USD"
    rate: Decimal | None = None
    rate_on: dt.date | None = None

    @property
    def usd(self) -> Decimal:
        """To the cent, rounded as the database does."""
        return line_amount_usd(Decimal(1), self.amount, self.rate if self.currency == "XOF" else None)

    def columns(self, sign: int = 1) -> dict[str, Any]:
        """The values of the columns of a payment or a receipt; `sign` is -1 for money that comes back."""
        local = self.currency == "XOF"
        return {
            "amount_usd": sign * self.usd,
            "currency": self.currency,
            "local_amount": sign * self.amount if local else None,
            "rate": self.rate if local else None,
            "rate_on": self.rate_on if local else None,
        }


def validate_sum(stated: Sum, day: dt.date) -> None:
    """`day` is when the money moved or the receipt was made out. Raises `ValidationError` naming the fields."""
    errors = {}
    if stated.currency == "XOF":
        if stated.rate is None or stated.rate <= 0:
            errors["rate"] = _("Un montant en XOF demande le taux : combien de XOF pour 1 USD.")
        if stated.rate_on is None:
            errors["rate_on"] = _("Indiquez la date du taux.")
        elif stated.rate_on > day:
            errors["rate_on"] = _("Le taux ne peut être postérieur à l’opération.")
    if "rate" not in errors:
        if stated.amount <= 0 or stated.usd <= 0:
            errors["amount"] = _("Le montant doit être positif.")
        elif stated.usd >= MOST_DIGITS or stated.amount >= MOST_DIGITS * 100:
            errors["amount"] = _("Ce montant est trop grand.")
    if errors:
        raise ValidationError(errors)


def in_xof(amount_usd: Decimal, rate: Decimal) -> Decimal:
    """The whole number of francs that is worth `amount_usd`: the franc has no cents."""
    return (amount_usd * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP)
