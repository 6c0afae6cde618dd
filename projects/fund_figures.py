"""What one fund has, and what became of it: contributions, envelopes and projects joined, USD `Decimal(12, 2)`.

Every sum is read from what the database keeps (`Contribution`, its receipts, `Envelope.reserved_usd`, `Allocation` and the
sums of `Project`); nothing is reckoned twice. A fiscal year counts contributions by the day on which they were pledged,
signed or came in, and projects by the envelope that holds them.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, Sum
from django.utils.translation import gettext as _

from funds import rules
from funds.models import Contribution, ContributionReceipt, Envelope, Mechanism
from funds.themes import earmark_words, themes
from projects.models import Allocation
from sr_portal.web import clock

ZERO = Decimal(0)
SIGNED = Q(signed_on__isnull=False)
STANDING = Q(withdrawn_on=None)


@dataclass(frozen=True)
class Span:
    """A fiscal year of a mechanism, by the year in which it begins, or all of them (None)."""

    mechanism: Mechanism
    year: int | None = None

    @property
    def bounds(self) -> tuple[dt.date, dt.date] | None:
        if self.year is None:
            return None
        return rules.fiscal_year_bounds(self.year, self.mechanism.fiscal_year_first_month)

    @property
    def label(self) -> str:
        return _("Tous les exercices") if self.year is None else Envelope(
            mechanism=self.mechanism, fiscal_year=self.year
        ).label  # fmt: skip

    def holds(self, day: str) -> Q:
        """Rows whose `day` lies in it."""
        return Q(**{f"{day}__range": self.bounds}) if self.bounds else Q()

    def of_envelopes(self, path: str = "") -> Q:
        return Q() if self.year is None else Q(**{f"{path}fiscal_year": self.year})


@dataclass
class Sums:
    """`free_usd` is signed and held by no project, today, whatever the year; the others are of the span."""

    pledged_usd: Decimal = ZERO
    signed_usd: Decimal = ZERO
    received_usd: Decimal = ZERO
    allocated_usd: Decimal = ZERO
    paid_usd: Decimal = ZERO
    free_usd: Decimal = ZERO
    projects: int = 0

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, one.name) for one in fields(Sums))


@dataclass
class EarmarkUse(Sums):
    """What donors gave for one region, one theme, both or neither, and what projects made of it."""

    region_code: str = ""
    region: str = ""
    theme: str = ""  # its French name, which is its key
    words: str = ""

    @property
    def precision(self) -> int:
        return bool(self.region_code) + bool(self.theme)


@dataclass
class FundFigures:
    span: Span
    earmarks: list[EarmarkUse]
    envelopes: list[Envelope]  # `with_flows`, those of the span
    years: list[int]  # all those of which something is known, the latest first
    total: Sums = field(default_factory=Sums)

    @property
    def mechanism(self) -> Mechanism:
        return self.span.mechanism

    def _of_envelopes(self, name: str) -> Decimal:
        return sum((getattr(envelope, name) for envelope in self.envelopes), ZERO)

    @property
    def envelope_usd(self) -> Decimal:
        return self._of_envelopes("amount_usd")

    @property
    def reserved_usd(self) -> Decimal:
        return self._of_envelopes("reserved_usd")

    @property
    def obligated_usd(self) -> Decimal:
        return self._of_envelopes("obligated_usd")

    @property
    def paid_usd(self) -> Decimal:
        """Less refunds."""
        return self._of_envelopes("spent_usd")

    @property
    def justified_usd(self) -> Decimal:
        return self._of_envelopes("justified_usd")

    @property
    def available_usd(self) -> Decimal:
        """Of the envelopes, held by no project."""
        return self.envelope_usd - self.reserved_usd


def figures_of(mechanism: Mechanism, year: int | None = None) -> FundFigures:
    """Six queries for a mechanism funded by contributions, two for another."""
    span = Span(mechanism, year)
    every = list(Envelope.objects.filter(mechanism=mechanism).with_flows().order_by("-fiscal_year"))
    for envelope in every:
        envelope.mechanism = mechanism
    earmarks = earmarks_of(span) if mechanism.funded_by_contributions else []
    shown = [envelope for envelope in every if year is None or envelope.fiscal_year == year]
    return FundFigures(span, earmarks, shown, _years(mechanism, every), total_of(earmarks))


def _years(mechanism: Mechanism, envelopes: list[Envelope]) -> list[int]:
    """From the first pledge to the year that runs, and those of the envelopes."""
    month, today = mechanism.fiscal_year_first_month, clock.today()
    first = Contribution.objects.filter(mechanism=mechanism).aggregate(day=Min("pledged_on"))["day"] or today
    run = range(rules.fiscal_year_of(first, month), rules.fiscal_year_of(today, month) + 1)
    return sorted({*run, *(envelope.fiscal_year for envelope in envelopes)}, reverse=True)


def total_of(earmarks: list[EarmarkUse]) -> Sums:
    """Projects are not summed: one of them may hold the money of several earmarks."""
    names = [one.name for one in fields(Sums) if one.name != "projects"]
    return Sums(**{name: sum((getattr(row, name) for row in earmarks), ZERO) for name in names})


def earmarks_of(span: Span) -> list[EarmarkUse]:
    """The narrowest first, as they are used; those of which the span says nothing are left out. Four queries."""
    found: dict[tuple[str, str], EarmarkUse] = defaultdict(EarmarkUse)
    named = themes()
    for row in _contributions(span):
        use = found[row["region__code"] or "", row["theme"]]
        use.region_code, use.region, use.theme = row["region__code"] or "", row["region__name"] or "", row["theme"]
        use.words = earmark_words(use.region, use.theme, named)
        for name in ("pledged", "signed", "received", "free"):
            setattr(use, f"{name}_usd", row.get(name) or ZERO)
    for row in [*_receipts(span), *_allocations(span)]:
        use = found[row.pop("contribution__region__code") or "", row.pop("contribution__theme")]
        for name, value in row.items():
            setattr(use, name, value)
    rows = [use for use in found.values() if not use.is_empty]
    return sorted(rows, key=lambda use: (-use.precision, use.words))


def _contributions(span: Span) -> list[dict[str, Any]]:
    mine = Contribution.objects.filter(mechanism=span.mechanism).order_by()
    sums = {
        "pledged": Sum("pledged_usd", filter=STANDING & span.holds("pledged_on")),
        "signed": Sum("signed_usd", filter=SIGNED & span.holds("signed_on")),
        "free": Sum(F("signed_usd") - F("allocated_usd"), filter=SIGNED),
    }
    if span.year is None:
        sums["received"] = Sum("received_usd")
    return list(mine.values("region__code", "region__name", "theme").annotate(**sums))


def _receipts(span: Span) -> list[dict[str, Any]]:
    """What came in within the year; over all years, contributions keep the sum."""
    if span.year is None:
        return []
    mine = ContributionReceipt.objects.filter(
        span.holds("received_on"), contribution__mechanism=span.mechanism, cancelled_at=None
    )
    by = mine.order_by().values("contribution__region__code", "contribution__theme")
    return list(by.annotate(received_usd=Sum("amount_usd")))


def _allocations(span: Span) -> list[dict[str, Any]]:
    held = Allocation.objects.filter(span.of_envelopes("project__envelope__"), contribution__mechanism=span.mechanism)
    by = held.with_paid().order_by().values("contribution__region__code", "contribution__theme")
    return list(
        by.annotate(
            held=Sum("amount_usd"), paid=Sum("paid_usd"), projects=Count("project", distinct=True)
        ).values(
            "contribution__region__code", "contribution__theme", "projects",
            allocated_usd=F("held"), paid_usd=F("paid"),
        )
    )  # fmt: skip


@dataclass(frozen=True)
class FundLine:
    """A mechanism in the overview: all its years, and the envelope of the year that runs."""

    mechanism: Mechanism
    pledged_usd: Decimal
    signed_usd: Decimal
    received_usd: Decimal
    free_usd: Decimal
    envelopes: list[Envelope]

    @property
    def year(self) -> int:
        return rules.fiscal_year_of(clock.today(), self.mechanism.fiscal_year_first_month)

    @property
    def current(self) -> Envelope | None:
        return next((envelope for envelope in self.envelopes if envelope.fiscal_year == self.year), None)

    @property
    def label(self) -> str:
        return Span(self.mechanism, self.year).label

    @property
    def figures(self) -> FundFigures:
        """Of all its years together, without earmarks."""
        return FundFigures(Span(self.mechanism), [], self.envelopes, [])


def overview() -> list[FundLine]:
    """Every mechanism; three queries."""
    mechanisms = {row.pk: row for row in Mechanism.objects.all()}
    envelopes: dict[str, list[Envelope]] = defaultdict(list)
    for envelope in Envelope.objects.with_flows().order_by("-fiscal_year"):
        envelope.mechanism = mechanisms[envelope.mechanism_id]
        envelopes[envelope.mechanism_id].append(envelope)
    given = {
        row.pop("mechanism_id"): {f"{name}_usd": value or ZERO for name, value in row.items()}
        for row in Contribution.objects.order_by()
        .values("mechanism_id")
        .annotate(
            pledged=Sum("pledged_usd", filter=STANDING),
            signed=Sum("signed_usd", filter=SIGNED),
            received=Sum("received_usd"),
            free=Sum(F("signed_usd") - F("allocated_usd"), filter=SIGNED),
        )
    }
    nothing = dict.fromkeys(("pledged_usd", "signed_usd", "received_usd", "free_usd"), ZERO)
    return [
        FundLine(mechanism, envelopes=envelopes[code], **given.get(code, nothing))
        for code, mechanism in mechanisms.items()
    ]
