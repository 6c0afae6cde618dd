"""What somebody chooses to tell of a project, and the clearing of a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import FileLanguage, Project
from projects.publication_access import choices_for
from projects.rules.publication import TITLE_NAMES_PLACE, Disclosure, names_place


class DisclosureForm(forms.Form):
    """Offers what this person may choose; `seen` is what was chosen when the page was made."""

    level = forms.ChoiceField(label=_("Ce qui est publié"), widget=forms.RadioSelect)
    public_title = forms.CharField(
        label=_("Intitulé publié"), max_length=200, required=False,
        help_text=_("Pour « sans le lieu » seulement : il ne nomme pas le lieu. Vide : le secteur et le cercle."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Motif"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Il reste dans l’historique du projet et n’est pas publié."),
    )  # fmt: skip

    def __init__(self, *args, project: Project, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.fields["level"].choices = [(level.value, level.label) for level in choices_for(user, project)]

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        title = data.get("public_title", "")
        if data.get("level") == Disclosure.CERCLE and names_place(title, self.project.locality):
            self.add_error("public_title", TITLE_NAMES_PLACE)
        return data


class ClearForm(forms.Form):
    title = forms.CharField(
        label=_("Titre publié"), max_length=200, help_text=_("Ce qu’on y voit, sans nommer de personne.")
    )
    language = forms.ChoiceField(label=_("Langue"), choices=FileLanguage.choices, initial=FileLanguage.FRENCH)
    consent = forms.BooleanField(
        label=_("Les personnes que l’on reconnaît ont donné leur accord, ou l’on n’y reconnaît personne."),
    )


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("Motif"), max_length=250, widget=forms.Textarea(attrs={"rows": 2}))
