"""The shares of several recipients (domain guide §1: « several per project with their shares »)."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHOLE, CENT = Decimal(100), Decimal("0.01")
NOTHING_LEFT = _("Les parts des autres organisations font 100\u00a0% ou davantage : il ne reste rien au chef de file.")
LEAD_AGAIN = _("Le partenaire de mise en œuvre est le chef de file : il n’est pas aussi parmi les autres.")


def lead_share(others: Iterable[Decimal]) -> Decimal:
    """What the others leave to the lead, percent."""
    return WHOLE - sum(others, Decimal(0))


def wrong(lead: int | None, others: Iterable[tuple[int, Decimal]]) -> str | Promise | None:
    """What is wrong with the recipients (organisation, percent) beside `lead`; None when they hold."""
    others = list(others)
    if others and lead_share(share for _key, share in others) <= 0:
        return NOTHING_LEFT
    return LEAD_AGAIN if lead is not None and lead in {key for key, _share in others} else None


def amounts_usd(budget: Decimal, shares: list[Decimal]) -> list[Decimal]:
    """The amount of each share, USD; the first takes the cents that rounding leaves, so that they are the budget."""
    parts = [(budget * share / WHOLE).quantize(CENT, rounding=ROUND_HALF_UP) for share in shares]
    return [budget - sum(parts[1:], Decimal(0)), *parts[1:]] if parts else []
