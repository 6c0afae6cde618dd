"""Forms of an import: the file, then where each of its columns is."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from sr_portal.imports.kinds import Kind, SheetKind
from sr_portal.imports.sources import Mapped
from sr_portal.spreadsheets.cells import as_text
from sr_portal.spreadsheets.limits import letters
from sr_portal.spreadsheets.reading import Sheet


class UploadForm(forms.Form):
    file = forms.FileField(widget=forms.FileInput)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Fichier")
        self.fields["file"].widget.attrs["accept"] = kind.accept


class MappingForm(forms.Form):
    """One choice for each column of each kind of sheet that the file has; a required column must be somewhere."""

    def __init__(self, *args: Any, kind: Kind, sheets: list[Sheet], mapped: Mapped, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.mapped = kind, mapped
        self.by_name = {sheet.name: sheet for sheet in sheets}
        for sheet_kind in self.present:
            found = mapped[sheet_kind.code]
            heading = self.by_name[found["sheet"]].heading
            choices = [("", _("— absente —"))]
            choices += [(str(at), f"{letters(at + 1)} · {text[:60]}") for at, text in enumerate(heading) if text]
            for column in sheet_kind.columns:
                self.fields[f"{sheet_kind.code}-{column.name}"] = forms.ChoiceField(
                    label=str(column.label), choices=choices, required=column.required, help_text=str(column.help),
                    initial=str(found["columns"].get(column.name, "")),
                    error_messages={"required": _("Dites quelle colonne du fichier la contient.")},
                )  # fmt: skip
        for name, label, text in kind.options:
            self.fields[name] = forms.BooleanField(label=str(label), help_text=str(text), required=False)

    @property
    def present(self) -> list[SheetKind]:
        return [sheet_kind for sheet_kind in self.kind.sheets if sheet_kind.code in self.mapped]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for sheet_kind in self.present:
            taken: dict[str, str] = {}
            for column in sheet_kind.columns:
                name = f"{sheet_kind.code}-{column.name}"
                place = data.get(name)
                if place and place in taken:
                    self.add_error(name, _("Cette colonne sert déjà pour « %(other)s ».") % {"other": taken[place]})
                elif place:
                    taken[place] = str(column.label)
        return data

    @property
    def chosen(self) -> Mapped:
        return {
            sheet_kind.code: {
                "sheet": self.mapped[sheet_kind.code]["sheet"],
                "columns": {
                    column.name: int(place)
                    for column in sheet_kind.columns
                    if (place := self.cleaned_data[f"{sheet_kind.code}-{column.name}"])
                },
            }
            for sheet_kind in self.present
        }

    @property
    def groups(self) -> list[dict[str, Any]]:
        """For the page: each sheet with its fields and its first rows."""
        return [
            {
                "title": str(sheet_kind.title),
                "sheet": (sheet := self.by_name[self.mapped[sheet_kind.code]["sheet"]]),
                "fields": [self[f"{sheet_kind.code}-{column.name}"] for column in sheet_kind.columns],
                "preview": [[row.number, *_padded(row.cells, len(sheet.heading))] for row in sheet.rows[:5]],
            }
            for sheet_kind in self.present
        ]

    @property
    def boxes(self) -> list[forms.BoundField]:
        return [self[name] for name, _label, _text in self.kind.options]


def _padded(cells: list[Any], width: int) -> list[Any]:
    return [as_text(cell)[:60] for cell in (cells + [None] * width)[:width]]
