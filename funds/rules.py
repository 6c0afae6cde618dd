"""What the mechanisms and their money allow. Pure functions; each names its source.

The QIP's ceiling and length are the law of the house (DPKO/DFS policy on QIPs; domain guide §1): no setting and no
reference data may loosen them. Everything else about a mechanism is data of its row.
"""

import calendar
import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

IATI_REF = r"^[A-Za-z0-9][A-Za-z0-9._-]*-[A-Za-z0-9._-]+$"  # no blank and none of / & | ?
QIP = "QIP"
QIP_CEILING_USD = Decimal("50000.00")
QIP_MAX_MONTHS = 6
LONGEST_MONTHS = 60  # of any project of any mechanism
VETTING_VALID_MONTHS = 12
# What an organisation does with the section; one may do several of these at once (domain guide §1, §10).
ROLES = ("is_donor", "is_ptf", "is_implementing")
CENT = Decimal("0.01")
MOST_TRANCHES = 6  # of one agreement
MOST_DAYS_TO_REPORT = 730  # after the end of a period, what donors' agreements ask for at the most


def roles_of_kind(kind: str) -> tuple[str, ...]:
    """The roles, of `ROLES`, of an organisation of which only the kind is known."""
    return {"donor": ("is_donor",), "un_agency": ("is_ptf", "is_implementing")}.get(kind, ("is_implementing",))


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` calendar months later, or that month's last day, as PostgreSQL's interval does.

    31 August + 6 months is 28 or 29 February (architecture guide, « Style »).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def line_amount_usd(quantity: Decimal, unit_cost: Decimal, rate: Decimal | None = None) -> Decimal:
    """A budget line in USD, `Decimal(12, 2)`; `rate` is XOF for one USD, None when the cost is in USD.

    Rounded half away from zero, as PostgreSQL's numeric `round`, so that both give the same cent.
    """
    return (quantity * unit_cost / (rate or Decimal(1))).quantize(CENT, rounding=ROUND_HALF_UP)


def fiscal_year_of(day: dt.date, first_month: int) -> int:
    """The year in which the fiscal year that holds `day` begins: 2026 for 1 July 2026 to 30 June 2027."""
    return day.year if day.month >= first_month else day.year - 1


def fiscal_year_bounds(year: int, first_month: int) -> tuple[dt.date, dt.date]:
    """First and last day of the fiscal year that begins in `year`."""
    first = dt.date(year, first_month, 1)
    return first, add_months(first, 12) - dt.timedelta(days=1)


def vetting_expires_on(vetted_on: dt.date) -> dt.date:
    """A partner's vetting holds for less than 12 months (domain guide §5)."""
    return add_months(vetted_on, VETTING_VALID_MONTHS)


def report_due_on(due_on: dt.date | None, period_end: dt.date | None, days: int | None) -> dt.date | None:
    """The day by which a report is owed: `days` calendar days after the end of its period, or the day that was given."""
    if days is None:
        return due_on
    return None if period_end is None else period_end + dt.timedelta(days=days)


def tranche_shares_lack(shares: Sequence[Decimal], first_max: Decimal, last_min: Decimal) -> list[str | Promise]:
    """What is wrong with the shares of a mechanism's tranches, in percent; the database says the same (`shares_hold`)."""
    if not 1 <= len(shares) <= MOST_TRANCHES:
        return [format_lazy(_("Un plan compte de 1 à {most} tranches."), most=MOST_TRANCHES)]
    found: list[str | Promise] = []
    if min(shares) <= 0 or sum(shares) != 100:
        found.append(_("Chaque part est supérieure à zéro, et leur somme est 100."))
    if shares[0] > first_max:
        found.append(_("La première part dépasse le plafond du mécanisme."))
    if shares[-1] < last_min:
        found.append(_("La dernière part est inférieure au minimum du mécanisme."))
    return found


def most_carried(amount: Decimal, reserved: Decimal, carried: Decimal, share: Decimal) -> Decimal:
    """What of an envelope may go to the next year's, USD: the unreserved, at most `share` percent of the whole.

    `amount` is what stands in it now, `carried` what left it already, which counts in the whole and against the share.

    Rounded half away from zero, as the database does (`within_the_rule`).
    """
    within = ((amount + carried) * share / 100).quantize(CENT, rounding=ROUND_HALF_UP)
    return max(min(amount - reserved, within - carried), Decimal(0))


def earmark_serves(for_region: int | None, for_theme: str, region: int, theme: str | None) -> bool:
    """Whether a contribution earmarked for a region's key and a theme ("" for none) may pay for a project there.

    `theme` is the family of the project's sector, None while it has none. SQL's `earmark_serves` says the same.
    """
    return for_region in (None, region) and for_theme in ("", theme)


def precision(for_region: int | None, for_theme: str) -> int:
    """How narrow an earmark is, 0 to 2: what can be used in the fewest places is used first, and given back last."""
    return (for_region is not None) + bool(for_theme)
