"""How far a line of the agreed budget may move without an amendment (domain guide §7). USD, two decimals."""

from dataclasses import dataclass
from decimal import Decimal

from .plan import part_of


@dataclass(frozen=True)
class Room:
    """What may still leave a line, and what may still come to it."""

    out: Decimal
    into: Decimal


def room_of(*, baseline: Decimal, amount: Decimal, spent: Decimal, share: Decimal) -> Room:
    """The room of a line: within `share` percent of its `baseline` either way, and never below what is justified.

    `baseline` is the amount at signature or at the last amendment, so that several moves count together.
    """
    limit = part_of(baseline, share)
    floor = max(baseline - limit, spent, Decimal(0))
    return Room(out=max(amount - floor, Decimal(0)), into=max(baseline + limit - amount, Decimal(0)))
