"""How visits are written in pages."""

from decimal import Decimal

from django import template

from sr_portal.web.templatetags.portal import number

register = template.Library()


@register.filter
def kilometres(metres: int | None) -> str:
    """« 3,4 »: metres in kilometres, to the hundred metres; whole from 100 km on. Empty for None."""
    if metres is None:
        return ""
    places = Decimal(1) if metres >= 100_000 else Decimal("0.1")
    return number((Decimal(metres) / 1000).quantize(places))
