"""What holds of a prospect: its stages, what each asks, and what of it is counted. Pure functions.

Source: domain guide §1 and §2 (resource mobilisation is the section's, led by its head); issue « Money in », §1.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from funds.rules import CENT

OPEN = ("identified", "contacted", "negotiating", "promised")
WON, LOST = "won", "lost"
CLOSED = (WON, LOST)

# From → to. An open prospect moves freely; a lost one may be taken up again; what is won stays won.
TRANSITIONS = (
    *((one, other) for one in OPEN for other in (*OPEN, *CLOSED) if one != other),
    *((LOST, one) for one in OPEN),
)
BEFORE_DAYS = 7  # a next step is recalled that many days ahead


def weighted_usd(amount_usd: Decimal, likelihood: int) -> Decimal:
    """What of `amount_usd` may be counted upon at `likelihood` percent, USD; rounded as the database does."""
    return (amount_usd * likelihood / 100).quantize(CENT, rounding=ROUND_HALF_UP)


def is_late(stage: str, next_step_on: dt.date | None, on: dt.date) -> bool:
    """The day of the next step of an open prospect is past."""
    return stage in OPEN and next_step_on is not None and next_step_on < on
