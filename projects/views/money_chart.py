"""The chart of the money page: one bar for each instalment, whose segments are the parts of its amount."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from sr_portal.web.templatetags.portal import usd

from .money_page import ZERO, Tranche

# The parts of an amount in the order in which they are drawn: class of the drawing → what the legend says.
PARTS = ("justified", "to-justify", "refunded", "to-pay", "dropped")


def legend() -> dict[str, str]:
    return {
        "justified": _("Justifié"),
        "to-justify": _("Payé, à justifier"),
        "refunded": _("Remboursé"),
        "to-pay": _("Reste à payer"),
        "dropped": _("Ne sera pas payé"),
    }


@dataclass(frozen=True)
class Segment:
    """A part of a bar; `start` and `width` in thousandths of the longest bar."""

    kind: str
    label: str
    amount: Decimal
    start: str
    width: str


@dataclass(frozen=True)
class Bar:
    label: str
    amount: Decimal
    segments: list[Segment]
    url: str = ""

    @property
    def told(self) -> str:
        """The bar in words, for those who do not see it."""
        parts = ", ".join(f"{segment.label.lower()} {usd(segment.amount)}" for segment in self.segments)
        return _("%(label)s, %(amount)s : %(parts)s") % {
            "label": self.label, "amount": usd(self.amount), "parts": parts or _("rien"),
        }  # fmt: skip


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    legend: list[tuple[str, str]]  # only the parts that are drawn


def parts_of(tranche: Tranche) -> dict[str, Decimal]:
    """How the amount of an instalment divides: the parts sum to it, to the cent."""
    instalment = tranche.instalment
    left = instalment.amount_usd - instalment.paid_usd
    return {
        "justified": tranche.shown_justified_usd,
        "to-justify": tranche.to_justify_usd,
        "refunded": instalment.refunded_usd,
        "to-pay": tranche.unpaid_usd,
        "dropped": left - tranche.unpaid_usd,
    }


def chart_of(tranches: list[Tranche]) -> Chart:
    names = legend()
    longest = max((tranche.instalment.amount_usd for tranche in tranches), default=ZERO)
    bars, drawn = [], set()
    for tranche in tranches:
        segments, start = [], ZERO
        for kind, amount in parts_of(tranche).items():
            if amount <= 0:
                continue
            drawn.add(kind)
            segments.append(
                Segment(kind, names[kind], amount, _thousandths(start, longest), _thousandths(amount, longest))
            )
            start += amount
        position = tranche.instalment.position
        label = _("Tranche %(rank)s") % {"rank": position}
        bars.append(Bar(label, tranche.instalment.amount_usd, segments, f"#tranche-{position}"))
    return Chart(bars, [(kind, names[kind]) for kind in PARTS if kind in drawn])


def _thousandths(amount: Decimal, whole: Decimal) -> str:
    return f"{amount * 1000 / whole:.2f}"
