"""The agreement: its start, its signatures, its budget by line and a plan to begin with (domain guide §4, §7).

USD, two decimals; days are calendar days of the mission.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from funds.rules import CENT, MOST_TRANCHES
from sr_portal.web.templatetags.portal import day

from .plan import Limits, part_of

MOST_INSTALMENTS = MOST_TRANCHES


def number_of(reference: str) -> str:
    """`PA-QIP-GAO-2026-0042`."""
    return f"PA-{reference}"


# --- Days -----------------------------------------------------------------------------------------------------------
def validate_start(starts_on: dt.date, approved_on: dt.date) -> None:
    """Raise `ValidationError` on a start before the day of the approval."""
    if starts_on < approved_on:
        raise ValidationError(
            {
                "starts_on": ValidationError(
                    format_lazy(
                        _("Le projet ne peut commencer avant son approbation, le {day}."), day=day(approved_on)
                    ),
                    code="start_before_approval",
                )
            }
        )


def validate_signatures(
    partner_signed_on: dt.date | None, mission_signed_on: dt.date | None, approved_on: dt.date, today: dt.date
) -> None:
    """Raise `ValidationError` naming the day that is missing, before the approval, or still to come."""
    wrong = {}
    for name, signed_on in (("partner_signed_on", partner_signed_on), ("mission_signed_on", mission_signed_on)):
        if signed_on is None:
            wrong[name] = _("Indiquez le jour de cette signature.")
        elif signed_on < approved_on:
            text = _("Le protocole ne peut être signé avant l’approbation du projet, le {day}.")
            wrong[name] = format_lazy(text, day=day(approved_on))
        elif signed_on > today:
            wrong[name] = _("Ce jour n’est pas encore venu.")
    if wrong:
        raise ValidationError(wrong)


# --- Budget ---------------------------------------------------------------------------------------------------------
def scaled(amounts: Sequence[Decimal], total: Decimal) -> list[Decimal]:
    """`amounts` in the same proportions, summing to `total` to the cent; those of most weight take the odd cents.

    A line of nothing stays at nothing. Without any weight, all goes to the first.
    """
    if not amounts:
        return []
    whole = sum(amounts)
    if not whole:
        return [total, *(Decimal(0) for _amount in amounts[1:])]
    exact = [total * amount / whole for amount in amounts]
    parts = [part.quantize(CENT, rounding=ROUND_DOWN) for part in exact]
    odd_cents = int((total - sum(parts)) / CENT)
    by_loss = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], -amounts[at], at))
    for at in by_loss[:odd_cents]:
        parts[at] += CENT
    return parts


def first_plan(approved: Decimal, limits: Limits) -> list[Decimal]:
    """The plan proposed at preparation: the shares of the mechanism's plan for this kind of partner, where it has one.

    Else from the limits: the first share at its most, the last held back at its least, the rest between.

    Two instalments when what is between is no more than what is held back (domain guide §7, « default two or three »).
    """
    last = part_of(approved, limits.last_min)
    first = min(part_of(approved, limits.first_max), approved - last)  # both may round up to the same cent
    between = approved - first - last
    if limits.shares:
        middle = scaled(limits.shares[1:-1], between)
        parts = [first, *middle, last] if middle else [first, approved - first]
        return [part for part in parts if part > 0]
    parts = [first, approved - first] if between <= last else [first, between, last]
    return [part for part in parts if part > 0]


def spread(starts_on: dt.date, ends_on: dt.date, count: int) -> list[dt.date]:
    """Days for `count` instalments: the first at the start, the last at the end, the others evenly between."""
    length = (ends_on - starts_on).days
    return [starts_on + dt.timedelta(days=length * rank // max(count - 1, 1)) for rank in range(count)]


def validate_days(days: Sequence[dt.date | None], approved_on: dt.date) -> list[tuple[int, str]]:
    """(rank from 0, what is wrong) for each planned day that comes before the approval or before the one above it."""
    wrong = []
    latest = None
    for rank, planned_on in enumerate(days):
        if planned_on is None:
            continue
        if planned_on < approved_on:
            wrong.append((rank, _("Rien ne se paie avant l’approbation du projet.")))
        elif latest is not None and planned_on < latest:
            wrong.append((rank, _("Cette tranche est prévue avant la précédente.")))
        latest = max(latest, planned_on) if latest else planned_on
    return wrong
