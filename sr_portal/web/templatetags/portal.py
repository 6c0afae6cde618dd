"""How the portal writes amounts, dates, states and fields in its pages. A builtin: no `{% load %}` needed."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from sr_portal.web import clock

register = template.Library()
NARROW_SPACE = "\u202f"
SPRITE = "vendor/bootstrap-icons-1.13.2/sprite.svg"


def is_french() -> bool:
    return (get_language() or "fr").startswith("fr")


# --- Numbers and dates ------------------------------------------------------------------------------------------
@register.filter
def number(value: Any) -> str:
    """« 160 000 », « 12,5 »; "160,000", "12.5" in English. Empty for None; whole amounts lose their zeros."""
    if value is None or value == "":
        return ""
    amount = Decimal(str(value))
    text = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount.normalize():,f}"
    return text.replace(",", NARROW_SPACE).replace(".", ",") if is_french() else text


@register.filter
def amount(value: Any) -> str:
    """« 50 000 », « 50 000,50 » when there are cents, « −5 »; "50,000" in English. Empty for None. For sums of money."""
    if value is None or value == "":
        return ""
    sum_ = Decimal(str(value))
    text = f"{sum_:,.0f}" if sum_ == sum_.to_integral_value() else f"{sum_:,.2f}"
    text = text.replace("-", "\u2212")  # a hyphen is lost before a number, and may stay behind at a line's end
    return text.replace(",", NARROW_SPACE).replace(".", ",") if is_french() else text


@register.filter
def usd(value: Any) -> str:
    """« 50 000 USD », or « 50 000,50 USD » when there are cents; "50,000 USD" in English. Empty for None."""
    text = amount(value)
    return f"{text}\u00a0USD" if text else ""


@register.filter
def day(value: dt.date | None) -> str:
    """« 1er novembre 2026 »; "1 November 2026" in English. An instant gives its day in the mission."""
    if not value:
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value, timezone.get_default_timezone()).date()
    text = date_format(value, "j F Y")
    return f"1er{text[1:]}" if value.day == 1 and is_french() else text


@register.filter
def moment(value: dt.datetime | None) -> str:
    """« 23 novembre 2026 à 14 h 05 », in the mission's time."""
    if not value:
        return ""
    local = timezone.localtime(value, timezone.get_default_timezone())
    hour = local.strftime("%H\u00a0h\u00a0%M").removeprefix("0") if is_french() else local.strftime("%H:%M")
    return gettext("%(day)s à %(hour)s") % {"day": day(local.date()), "hour": hour}


@register.filter
def address(value: str) -> SafeString:
    """A mail address that breaks, where it must, before its « @ » and its dots rather than within a word."""
    parts = re.split(r"(?=[@.])", value)
    return format_html_join(SafeString("<wbr>"), "{}", ((part,) for part in parts))


@register.filter
def ago_days(value: dt.date | None) -> str:
    """« aujourd’hui », « hier », « il y a 12 jours », « dans 3 jours », counted in the mission's days."""
    if not value:
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value, timezone.get_default_timezone()).date()
    days = (clock.today() - value).days
    if days == 0:
        return gettext("aujourd’hui")
    if days == 1:
        return gettext("hier")
    if days > 0:
        return ngettext("il y a %(days)s jour", "il y a %(days)s jours", days) % {"days": number(days)}
    return ngettext("dans %(days)s jour", "dans %(days)s jours", -days) % {"days": number(-days)}


# --- Bars: a board has some hundred, of which each tag would be a step of a template -------------------------------
LABEL = ("{label}", '<a href="{url}">{label}</a>')  # alone, and as a link
NUMBER = (
    '<span class="num">{text}</span>',
    '<a class="num" href="{url}" aria-label="{label}, {text}">{text}</a>',
)
NOTE = ("", '<td class="bars-note num">{note}</td>')
BAR = (
    '<tr><th scope="row">%s</th><td class="bars-value"><div class="bars-draw"><svg viewBox="0 0 1000 12"'
    ' preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bars-track" width="1000" height="12"/>'
    '<rect class="bars-part" width="{width}" height="12"/></svg>%s</div></td>%s</tr>'
)
BARS = {
    (linked, noted): BAR % (LABEL[linked], NUMBER[linked], NOTE[noted])
    for linked in (False, True)
    for noted in (False, True)
}


@register.simple_tag
def bar_rows(bars: Iterable[Any], with_notes: Any) -> SafeString:
    """The rows of a table of `charts.Bar` of one part each: the label, the bar with its number, the note."""
    return format_html_join("\n", "{}", ((_bar(bar, bool(with_notes)),) for bar in bars))


def _bar(bar: Any, noted: bool) -> SafeString:
    return format_html(
        BARS[bool(bar.url), noted], label=bar.label, url=bar.url, text=bar.text, note=bar.note, width=bar.parts[0].width
    )


# --- Pieces -----------------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A drawing of the sprite; silent for screen readers unless it has a label of its own."""
    return _drawn(name, str(label), css)


@lru_cache(maxsize=1000)  # some thirty on every page
def _drawn(name: str, label: str, css: str) -> SafeString:
    address = f"{static(SPRITE)}#{name}"
    if label:
        return format_html(
            '<svg class="icon {}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, address
        )
    return format_html('<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', css, address)


@register.simple_tag
def badge(what: Any, tone: str = "", icon_name: str = "") -> SafeString:
    """A state's badge from an object with `label`, `tone` and `icon`, or from a text, a tone and an icon's name."""
    label = getattr(what, "label", what)
    tone = tone or getattr(what, "tone", "neutral")
    drawing = icon_name or getattr(what, "icon", "")
    return format_html(
        '<span class="status status-{}">{}<span>{}</span></span>', tone, icon(drawing) if drawing else "", label
    )


@register.simple_tag(takes_context=True)
def one_time_key(context: Context) -> SafeString:
    """The hidden field that `act_once` asks for."""
    from sr_portal.web.once import FIELD, new_key

    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_key())


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The current address's query with these parameters set, or removed when None or empty: « ?etat=draft&page=2 »."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, value)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


CHECKS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)
SELECTS = (forms.Select,)


@register.inclusion_tag("parts/field.html")
def field(bound: forms.BoundField, **options: Any) -> dict[str, Any]:
    """Label, control, help and errors of one field, tied together for screen readers.

    Options: `label`, `prefix` and `suffix` (short texts stuck to the control, such as USD), `css` (for the group),
    `hide_label` (kept for screen readers).
    """
    widget = bound.field.widget
    choice_list = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    single_check = isinstance(widget, forms.CheckboxInput)
    if choice_list or single_check:
        css = "form-check-input"
    elif isinstance(widget, SELECTS):
        css = "form-select"
    else:
        css = "form-control"
    classes = [*widget.attrs.get("class", "").split(), css]
    if bound.errors:
        classes.append("is-invalid")
    widget.attrs["class"] = " ".join(dict.fromkeys(classes))
    return {
        "field": bound,
        "choice_list": choice_list,
        "single_check": single_check,
        "label": options.get("label") or bound.label,
        "prefix": options.get("prefix", ""),
        "suffix": options.get("suffix", ""),
        "css": options.get("css", ""),
        "hide_label": options.get("hide_label", False),
        "is_optional": not bound.field.required and not single_check and not options.get("quiet", False),
    }


@register.inclusion_tag("parts/gauge.html")
def gauge(value: Any, limit: Any, label: str, value_text: str = "", limit_text: str = "") -> dict[str, Any]:
    """How much of a limit is used, said in words and drawn; the drawing turns when the limit is passed."""
    amount, ceiling = Decimal(str(value or 0)), Decimal(str(limit or 0))
    share = int(amount * 100 / ceiling) if ceiling else (100 if amount else 0)
    return {
        "label": label,
        "value": min(amount, ceiling),
        "limit": ceiling,
        "share": share,
        "value_text": value_text or number(amount),
        "limit_text": limit_text or number(ceiling),
        "tone": "over" if amount > ceiling else "near" if share >= 90 else "fine",
    }
