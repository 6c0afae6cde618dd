"""Joining files to a proposal."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.models import Attachment, AttachmentKind
from sr_portal.documents.checks import ACCEPT

MOST_AT_ONCE = 10


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; what is in them is for the service to judge."""

    def clean(self, data, initial=None):
        files = [super(FilesField, self).clean(one) for one in data or []]
        if not files:
            raise forms.ValidationError(_("Choisissez au moins un fichier."), code="required")
        if len(files) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("Déposez %(count)s fichiers au plus à la fois."), params={"count": MOST_AT_ONCE}
            )
        return files


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("Nature"), choices=[("", _("Choisir…")), *AttachmentKind.choices])
    files = FilesField(
        label=_("Fichiers"), allow_empty_file=True, widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=format_lazy(
            _("PDF, photo (JPEG, PNG, WebP), Word, Excel ou OpenDocument ; {limit} au plus par fichier, {count} à la fois."),
            limit=filesizeformat(settings.MAX_UPLOAD_BYTES), count=MOST_AT_ONCE,
        ),
    )  # fmt: skip
    caption = forms.CharField(
        label=_("Légende"), max_length=200, required=False,
        help_text=_("Ce que l’on y voit ou ce qu’elle établit, et sa date."),
    )  # fmt: skip

    def __init__(self, *args, asked: list[tuple[str, str]] | None = None, **kwargs) -> None:
        """`asked`: the documents that the project's mechanism requires, offered before the usual kinds."""
        super().__init__(*args, **kwargs)
        if asked:
            first, *usual = self.fields["kind"].choices
            self.fields["kind"].choices = [first, *asked, *usual]


class DescribeForm(forms.ModelForm):
    class Meta:
        model = Attachment
        fields = ("kind", "caption")
