"""Who may be asked to write a proposal too."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role


class CoauthorForm(forms.Form):
    person = forms.ModelChoiceField(
        label=_("Corédacteur"), queryset=User.objects.none(), empty_label=_("Choisir…"),
        help_text=_("Les points focaux de la région. Qui rédige ne pourra ni présélectionner, ni voter, ni décider."),
    )  # fmt: skip

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        taken = [project.author_id, *(person.pk for person in project.coauthors.all())]
        focal_points = User.objects.holding(Role.PROPOSER, project.region_id).filter(is_active=True)
        self.fields["person"].queryset = focal_points.exclude(pk__in=taken).order_by("name")
