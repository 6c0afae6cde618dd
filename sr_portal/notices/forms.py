"""What each person chooses, and the filters of the journal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sr_portal.accounts.models import User

from .choosing import ways_chosen
from .kinds import CHOICES, Kind, Way
from .models import Status


class PreferencesForm(forms.Form):
    """One field for each kind; its choices are those that the kind leaves."""

    def __init__(self, data, *, user: User) -> None:
        super().__init__(data, initial={kind.value: way.value for kind, way in ways_chosen(user).items()})
        for kind, choice in CHOICES.items():
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, help_text=choice.help, choices=[(way.value, way.label) for way in choice.ways]
            )

    @property
    def ways(self) -> dict[Kind, Way]:
        return {kind: Way(self.cleaned_data[kind.value]) for kind in CHOICES}


class JournalFilter(forms.Form):
    etat = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Tous")), *Status.choices])
    personne = forms.CharField(label=_("Destinataire"), required=False, max_length=100)
    projet = forms.CharField(label=_("Référence du projet"), required=False, max_length=40)
