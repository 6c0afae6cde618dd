"""A form that knows which version of its record its writer had before their eyes."""

from typing import Any

from django import forms

from sr_portal.web.versions import version_of


def area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SeenForm(forms.ModelForm):
    """Reads what is typed; the service checks the row whole, under its lock."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = self.version(self.instance)

    @staticmethod
    def version(record: Any) -> str:
        return version_of(record)

    def _post_clean(self) -> None:
        pass

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields}
