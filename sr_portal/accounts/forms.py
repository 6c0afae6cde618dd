"""Forms about people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import RoleAssignment, User
from .roles import Role

STATES = [("active", _("Actifs")), ("inactive", _("Désactivés")), ("all", _("Tous"))]


def region_choices() -> forms.ModelChoiceField:
    """Regions are reached through the role's own relation: this floor does not know the `regions` app."""
    field = RoleAssignment._meta.get_field("region").formfield()
    field.empty_label = _("Toute la mission")
    return field


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "email", "job_title", "language"]
        help_texts = {"email": _("Cette adresse sert à se connecter.")}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "job_title", "language"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "job_title": forms.TextInput(attrs={"autocomplete": "organization-title"}),
        }


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Rôle"), choices=[("", _("Choisissez un rôle")), *Role.choices])

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"] = region_choices()
        self.fields["region"].label = _("Région")
        self.fields["region"].help_text = _("Où la personne exerce ce rôle.")

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class PeopleFilter(forms.Form):
    q = forms.CharField(label=_("Rechercher"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Rôle"), required=False, choices=[("", _("Tous les rôles")), *Role.choices])
    state = forms.ChoiceField(label=_("État du compte"), required=False, choices=STATES, initial="active")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"] = region_choices()
        self.fields["region"].label = _("Région")
        self.fields["region"].help_text = ""
        self.fields["region"].empty_label = _("Toutes")
        self.fields["q"].widget.attrs["type"] = "search"
