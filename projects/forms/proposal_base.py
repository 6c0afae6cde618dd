"""What the forms of the proposal's steps share: their fields for numbers and places, and how they refuse."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from projects.completeness import REQUIREMENTS
from sr_portal.web.fields import AmountField, plain_number
from sr_portal.web.templatetags.portal import number


class CoordinateField(AmountField):
    """Degrees, to five decimals (about a metre): what a receiver gives beyond is noise."""

    def to_python(self, value):
        degrees = super().to_python(value)
        return None if degrees is None else round(degrees, 5)


class CountField(forms.IntegerField):
    """A whole number as people write it, « 3 000 » included; empty is 0."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, empty: int | None = 0, **kwargs):
        super().__init__(**kwargs)
        self.empty = empty

    def to_python(self, value):
        whole = super().to_python(plain_number(value) if isinstance(value, str) else value)
        return self.empty if whole is None else whole

    def prepare_value(self, value):
        return number(value) if isinstance(value, int) else value

    def widget_attrs(self, widget):
        return {}


def area(rows: int = 5) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class StepForm(forms.ModelForm):
    """Fields of the project's row. Everything is kept as typed; errors of other steps show above the fields."""

    step = ""

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        needed = {
            requirement.field.removesuffix("_id") for requirement in REQUIREMENTS if requirement.step == self.step
        }
        for name, field in self.fields.items():
            field.needed = field.required or name in needed

    def add_error(self, field, error):
        if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
            known, others = {}, []
            for name, errors in error.error_dict.items():
                if name in self.fields or name == NON_FIELD_ERRORS:
                    known[name] = errors
                else:
                    others += errors
            if others:
                super().add_error(None, others)
            if not known:
                return
            error = ValidationError(known)
        super().add_error(field, error)

    def clean(self):
        data = super().clean()
        return {name: v.replace("\r\n", "\n") if isinstance(v, str) else v for name, v in (data or {}).items()}

    @property
    def values(self) -> dict:
        """What to store, by field of the project."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if not self.fields[name].disabled}


def read_once(*fields: forms.ModelChoiceField) -> None:
    """A list asks its table at each look, and a required one is looked at twice."""
    for field in fields:
        field.choices = list(iter(field.choices))  # a list of it would count it first
