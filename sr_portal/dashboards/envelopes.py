"""What is used of the envelopes against the time of their year that has passed, and which of them are at risk."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from funds.models import Envelope
from projects.concentration import percent_of
from sr_portal.dashboards.asked import Asked

LATE_IN_THE_YEAR = 50  # percent of the year passed, from which on a slow envelope is said to be at risk
READ = (
    "fiscal_year", "amount_usd", "reserved_usd", "mechanism__name_fr", "mechanism__name_en",
    "mechanism__fiscal_year_first_month",
)  # fmt: skip
BEHIND = 25  # percent of the envelope that it lies behind the time


@dataclass(frozen=True)
class Use:
    """`reserved` and `elapsed` in percent, one decimal, of the amount and of the year's days."""

    envelope: Envelope
    reserved: Decimal
    elapsed: Decimal

    @property
    def is_slow(self) -> bool:
        return LATE_IN_THE_YEAR <= self.elapsed < 100 and self.elapsed - self.reserved >= BEHIND

    @property
    def is_used_up(self) -> bool:
        return self.reserved >= 95 and self.elapsed < 75

    @property
    def risk(self) -> str:
        if self.is_slow:
            return _(
                "Peu utilisée pour le temps écoulé : l’argent risque de ne pas être engagé avant la fin de l’exercice."
            )
        if self.is_used_up:
            return _("Presque épuisée bien avant la fin de l’exercice : plus rien ne pourra être approuvé.")
        return ""


def uses(asked: Asked, today: dt.date) -> list[Use]:
    """Of the fiscal year asked for, or of those that run; one query."""
    year = asked.year_on(today)
    found = Envelope.objects.filter(fiscal_year__in=(year - 1, year)).select_related("mechanism").only(*READ)
    if asked.mechanism:
        found = found.filter(mechanism=asked.mechanism)
    return [
        _use(envelope, today)
        for envelope in found.order_by("mechanism_id", "fiscal_year")
        if (envelope.fiscal_year == asked.fiscal_year if asked.fiscal_year else _runs(envelope, today))
    ]


def _runs(envelope: Envelope, today: dt.date) -> bool:
    first, last = envelope.bounds
    return first <= today <= last


def _use(envelope: Envelope, today: dt.date) -> Use:
    first, last = envelope.bounds
    whole = (last - first).days + 1
    passed = min(max((today - first).days, 0), whole)
    return Use(
        envelope,
        percent_of(envelope.reserved_usd, envelope.amount_usd),
        percent_of(Decimal(passed), Decimal(whole)),
    )
