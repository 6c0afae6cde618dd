"""The coverage of a plan as one chart for a slide: each priority's need, ours, others' and the gap."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from projects.coverage import Money, PlanCoverage
from sr_portal.documents.slides import Slide, SlideBar, SlidePart
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day, usd

MOST_BARS = 24  # more cannot be read from the back of a room
TONES = (0, 1, 5)  # ours, others' and, in grey, what lacks
TITLE_ROOM = 54  # characters of a priority's title beside its bar


def coverage_slide(covered: PlanCoverage) -> Slide:
    """The slide, of at least one priority. Bars share one scale, USD; the 24 largest needs when there are more."""
    rows = sorted(covered.rows, key=lambda row: -row.money.need)[:MOST_BARS]
    kept = [row for row in covered.rows if row in rows]
    longest = max(_length(row.money) for row in kept) or Decimal(1)
    plan = covered.plan
    subtitle = _("Besoin %(need)s · approuvé %(ours)s · les autres %(others)s · écart %(gap)s") % {
        "need": usd(covered.total.need), "ours": usd(covered.total.approved),
        "others": usd(covered.total.others), "gap": usd(covered.total.gap),
    }  # fmt: skip
    if len(kept) < len(covered.rows):
        subtitle += " · " + _("les %(count)s plus grands besoins") % {"count": MOST_BARS}
    return Slide(
        title=_("Couverture\u00a0: %(plan)s") % {"plan": plan.title},
        subtitle=subtitle,
        foot=_("Portail S&R, section Stabilisation et relèvement – %(day)s") % {"day": day(clock.today())},
        language="en" if (get_language() or "fr").startswith("en") else "fr",
        bars=[_bar(f"{row.priority.code} {row.priority.title}", row.money, longest) for row in kept],
        legend=[_("Nous"), _("Les autres"), _("Écart")],
    )


def _length(money: Money) -> Decimal:
    """What a bar holds: the need, or more where more than the need is put in."""
    return money.covered + money.gap


def _bar(label: str, money: Money, longest: Decimal) -> SlideBar:
    start, parts = Decimal(0), []
    for tone, value in zip(TONES, (money.approved, money.others, money.gap), strict=True):
        parts.append(SlidePart(float(start / longest), float(value / longest), tone))
        start += value
    shown = label if len(label) <= TITLE_ROOM else f"{label[: TITLE_ROOM - 1].rstrip()}…"
    return SlideBar(shown, usd(money.need), parts, "" if money.percent is None else _percent(money.percent))


def _percent(value: Decimal) -> str:
    return _("couvert à %(percent)s\u00a0%%") % {"percent": f"{value:.0f}"}
