"""How the portal writes amounts in its pages."""

from decimal import Decimal

from django import template
from django.utils.translation import get_language

register = template.Library()
NARROW_SPACE = "\u202f"


@register.filter
def usd(amount: Decimal | None) -> str:
    """« 50 000 USD », or « 50 000,50 USD » when there are cents; "50,000 USD" in English. Empty for None."""
    if amount is None:
        return ""
    cents = "" if amount == amount.to_integral_value() else ".2f"
    text = f"{amount:,{cents or '.0f'}}"
    if (get_language() or "fr").startswith("fr"):
        text = text.replace(",", NARROW_SPACE).replace(".", ",")
    return f"{text}\u00a0USD"


@register.filter
def number(value: int | None) -> str:
    """A whole number with its thousands apart: « 160 000 », "160,000" in English. Empty for None."""
    if value is None:
        return ""
    text = f"{value:,}"
    return text.replace(",", NARROW_SPACE) if (get_language() or "fr").startswith("fr") else text
