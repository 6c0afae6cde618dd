"""What an activity of a partner may say of its money and of its place. Pure functions; each names its source."""

from decimal import ROUND_HALF_UP, Decimal

from funds.rules import CENT

# The CFA franc's fixed parity (West African Economic and Monetary Union, in force since 1 January 1999).
XOF_PER_EUR = Decimal("655.957")
NEAR_KM = 25  # how far another actor's site may lie and still serve the same people


def in_usd(amount: Decimal, currency: str, xof_per_usd: Decimal | None) -> Decimal | None:
    """`amount` in USD, to the cent; None when the currency has no rate here.

    `xof_per_usd` is the UN operational rate of the month, None when unknown. Euros go through the CFA franc's parity.
    """
    if currency == "USD":
        return amount.quantize(CENT, rounding=ROUND_HALF_UP)
    if xof_per_usd and currency in ("XOF", "EUR"):
        xof = amount * XOF_PER_EUR if currency == "EUR" else amount
        return (xof / xof_per_usd).quantize(CENT, rounding=ROUND_HALF_UP)
    return None


def split_evenly(amount: Decimal, parts: int) -> list[Decimal]:
    """`amount` in `parts` that sum to it to the cent; the first ones take the cents that do not divide."""
    share = (amount / parts).quantize(CENT, rounding="ROUND_DOWN")
    left = int((amount - share * parts) / CENT)
    return [share + CENT if rank < left else share for rank in range(parts)]
