"""Form fields that read numbers as people write them, and show them as the portal writes them."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from .templatetags.portal import amount, number

SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")


def plain_number(text: str) -> str:
    """« 1 500,50 » as 1500.50: spaces go, the last separator is the decimal one; in English a comma may group."""
    text = SPACES.sub("", text)
    english = (get_language() or "fr").startswith("en")
    if english and re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return text.replace(",", "")
    if "," in text and "." in text:
        grouping = "," if text.rindex(",") < text.rindex(".") else "."
        text = text.replace(grouping, "")
    return text.replace(",", ".")


class AmountField(forms.DecimalField):
    """A number as people write it; shown without useless zeros."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        return super().to_python(plain_number(value) if isinstance(value, str) else value)

    def prepare_value(self, value):
        return number(value) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget):
        return {}  # a text input has no step

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class MoneyField(AmountField):
    """A sum as people write it; shown with both figures of its cents, or with none."""

    def prepare_value(self, value):
        return amount(value) if isinstance(value, Decimal) else value
