"""What somebody says of their webhook, and the filter of its log."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sr_portal.accounts.models import User
from sr_portal.api import tokens

from . import targets
from .following import followed
from .models import State


class EndpointForm(forms.Form):
    name = forms.CharField(
        label=_("Nom"), max_length=80, help_text=_("Le programme qui recevra, et où il tourne."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    url = forms.CharField(
        label=_("Adresse"), max_length=targets.LONGEST, widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=_("Elle commence par https:// et répond par un code 200 à 299 en moins de dix secondes."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(label=_("Ce qui l’intéresse"), widget=forms.CheckboxSelectMultiple)
    scope = forms.ChoiceField(label=_("Portée"), widget=forms.RadioSelect)

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offered = tokens.scopes_for(user, user)
        self.fields["kinds"].choices = [(kind, resource.title) for kind, resource in followed().items()]
        self.fields["scope"].choices = [(scope.value, scope.label) for scope in offered]
        self.fields["scope"].initial = offered[0].value

    def clean_url(self) -> str:
        """What the name stands for is looked up too: a refusal is told here rather than by a delivery that fails."""
        url = self.cleaned_data["url"]
        targets.check(url)
        return url


class LogFilter(forms.Form):
    etat = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Tous")), *State.choices])
