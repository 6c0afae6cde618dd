"""What is asked of somebody who merges two records of the registry."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funds.models import Organisation


class SurvivorForm(forms.Form):
    avec = forms.ModelChoiceField(
        label=_("Fiche qui reste"), queryset=None, empty_label=_("Choisir…"),
        help_text=_("Tout ce qui renvoie au doublon renverra à elle."),
    )  # fmt: skip

    def __init__(self, *args: Any, duplicate: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Organisation.objects.current().exclude(pk=duplicate.pk).by_name()
        self.fields["avec"].queryset = known.order_by("name_key", "pk")


class ConfirmForm(forms.Form):
    """`seen` says which preview was read."""

    seen = forms.CharField(widget=forms.HiddenInput)


class DistinctForm(forms.Form):
    reason = forms.CharField(
        label=_("En quoi elles diffèrent"), max_length=250, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Par exemple deux antennes, deux statuts ou deux villes : ce que lira qui se posera la question."),
        error_messages={"required": _("Dites en quoi elles diffèrent.")},
    )  # fmt: skip
