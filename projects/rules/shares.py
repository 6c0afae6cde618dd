"""Sums of money divided among those who gave them, to the cent and without a cent left over (domain guide §7)."""

from collections.abc import Sequence
from decimal import Decimal

CENT = Decimal("0.01")


def divided(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`amount` (USD, whole cents, not negative) in proportion to `weights`, by the largest remainder.

    Each part is within a cent of its exact share, the parts sum to `amount`, and of equal remainders the first takes
    the cent. Where nothing weighs anything, all weigh the same. [] without weights.
    """
    if not weights:
        return []
    whole = sum(weights)
    if whole <= 0:
        weights, whole = [Decimal(1)] * len(weights), Decimal(len(weights))
    cents = int(amount / CENT)
    floors, remainders = [], []
    for weight in weights:
        # In whole numbers: a quotient of decimals is rounded, and may pass the next cent.
        part, rest = divmod(cents * int(weight / CENT), int(whole / CENT))
        floors.append(part)
        remainders.append(rest)
    left = cents - sum(floors)
    for rank in sorted(range(len(weights)), key=lambda rank: (-remainders[rank], rank))[:left]:
        floors[rank] += 1
    return [part * CENT for part in floors]


def share_of(amount: Decimal, weights: Sequence[Decimal], rank: int) -> Decimal:
    """The part of the one at `rank`."""
    return divided(amount, weights)[rank]
