"""Adding a document to a project's file, and taking one away."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.proposal_annexes import UploadForm
from projects.models import AttachmentKind


class PieceForm(forms.Form):
    """One document; a newer version has the kind of the one that it replaces."""

    kind = forms.ChoiceField(label=_("Nature"), choices=AttachmentKind.choices)
    caption = forms.CharField(label=_("Légende"), max_length=200, required=False)
    file = forms.FileField(label=_("Fichier"), max_length=200)

    def __init__(self, *args, is_version: bool = False, asked: list[tuple[str, str]] | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [*(asked or ()), *self.fields["kind"].choices]
        self.fields["file"].help_text = UploadForm.base_fields["files"].help_text
        if is_version:
            del self.fields["kind"]


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif du retrait"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Il est montré à la place du document, avec votre nom et la date."),
    )
