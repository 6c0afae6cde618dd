"""Two people saved the same page: each field that differs, as typed and as stored (decision record 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from projects.services.drafting import canonical

from .proposal_conflict import shown


@dataclass(frozen=True)
class Differing:
    """A field that differs; `anchor` is its control in the form, which holds what was typed."""

    label: str
    mine: str
    stored: str
    anchor: str


def differences(
    form: forms.Form, stored: Mapping[str, Any], labels: Mapping[str, str] | None = None
) -> list[Differing]:
    """The fields of `form`, bound, whose typed value is not the stored one; a field unknown to `stored` is empty there."""
    found = []
    for name, field in form.fields.items():
        if name not in stored and not form.data.get(name):
            continue
        if name in form.errors and name not in form.cleaned_data:
            typed: Any = form.data.get(name, "")
        else:
            typed = form.cleaned_data.get(name)
        if canonical(typed) != canonical(stored.get(name)):
            label = (labels or {}).get(name, str(field.label))
            mine = shown(field, typed) if not isinstance(typed, str) or typed else "—"
            found.append(Differing(label, mine, shown(field, stored.get(name)), form[name].id_for_label))
    return found
