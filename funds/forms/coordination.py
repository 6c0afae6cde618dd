"""What people are asked of groups, meetings and decisions."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funds.models import CoordinationGroup, DecisionState, Meeting, MeetingDecision, Organisation, Presence
from funds.services.coordination import DECISION_FIELDS, GROUP_FIELDS, MEETING_FIELDS
from regions.models import Region
from sr_portal.accounts.models import User

ROWS = 6  # participants entered at once
MEETING_STATES = [("prevues", _("À venir")), ("tenues", _("Tenues")), ("annulees", _("Annulées"))]
DECISION_STATES = [("", _("À faire")), ("retard", _("En retard")), ("closes", _("Closes")), ("toutes", _("Toutes"))]


def regions() -> Any:
    return Region.objects.defer("outline").order_by("rank")


class MeetingFilter(forms.Form):
    groupe = forms.ModelChoiceField(
        label=_("Groupe"), required=False, queryset=CoordinationGroup.objects.order_by("name"), empty_label=_("Tous")
    )
    etat = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Toutes")), *MEETING_STATES])


class DecisionFilter(forms.Form):
    etat = forms.ChoiceField(label=_("Suivi"), required=False, choices=DECISION_STATES)
    region = forms.ModelChoiceField(
        label=_("Région"), required=False, queryset=None, to_field_name="code", empty_label=_("Toutes")
    )
    moi = forms.BooleanField(label=_("Seulement les miennes"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions()


class SeenForm(forms.ModelForm):
    """`seen` is the version that the writer had before their eyes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = self.instance.version

    def clean_seen(self) -> int:
        return self.cleaned_data.get("seen") or 0

    def _post_clean(self) -> None:
        """The service checks the row under its lock: this form only reads."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class GroupForm(SeenForm):
    class Meta:
        model = CoordinationGroup
        fields = GROUP_FIELDS
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions()
        self.fields["region"].empty_label = _("Tout le pays")


class MeetingForm(SeenForm):
    class Meta:
        model = Meeting
        fields = MEETING_FIELDS
        widgets = {
            "held_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "starts_at": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "agenda": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {"agenda": _("Un point par ligne.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = CoordinationGroup.objects.written_by(user)
        self.fields["group"].queryset = known.filter(Q(is_active=True) | Q(pk=self.instance.group_id)).order_by("name")
        self.fields["group"].empty_label = _("Choisir…")


class MinutesForm(forms.Form):
    minutes = forms.CharField(
        label=_("Compte rendu"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Ce qui s’est dit et ce qui a été convenu ; les décisions s’enregistrent ensuite, une à une."),
        error_messages={"required": _("Écrivez le compte rendu de la réunion.")},
    )  # fmt: skip
    document = forms.FileField(
        label=_("Compte rendu signé ou diffusé"), required=False, help_text=_("Facultatif : PDF, Word ou photo.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif de l’annulation"), max_length=250,
        error_messages={"required": _("Dites pourquoi la réunion est annulée.")},
    )  # fmt: skip


class ParticipantsForm(forms.Form):
    """Several participants at once, a row each; the rows left empty do not count."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [("", "–"), *((str(pk), name) for pk, name in choices_of_organisations())]
        for rank in range(1, ROWS + 1):
            self.fields[f"organisation_{rank}"] = forms.ChoiceField(
                label=_("Organisation"), required=False, choices=known
            )
            self.fields[f"name_{rank}"] = forms.CharField(label=_("Personne"), required=False, max_length=120)
            self.fields[f"function_{rank}"] = forms.CharField(label=_("Fonction"), required=False, max_length=120)
            self.fields[f"presence_{rank}"] = forms.ChoiceField(
                label=_("Présence"), required=False, choices=Presence.choices, initial=Presence.PRESENT
            )

    @property
    def rows(self) -> list[dict[str, forms.BoundField]]:
        names = ("organisation", "name", "function", "presence")
        return [{name: self[f"{name}_{rank}"] for name in names} for rank in range(1, ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.entries = []
        for rank in range(1, ROWS + 1):
            organisation, name = data.get(f"organisation_{rank}"), (data.get(f"name_{rank}") or "").strip()
            if organisation or name:
                self.entries.append({
                    "organisation": Organisation.objects.filter(pk=organisation).first() if organisation else None,
                    "name": name, "function": (data.get(f"function_{rank}") or "").strip(),
                    "presence": data.get(f"presence_{rank}") or Presence.PRESENT,
                })  # fmt: skip
            elif data.get(f"function_{rank}"):
                self.add_error(f"name_{rank}", _("Indiquez une organisation ou une personne."))
        if not self.entries and not self.errors:
            raise forms.ValidationError(_("Indiquez au moins un participant."))
        return data


class DecisionForm(SeenForm):
    class Meta:
        model = MeetingDecision
        fields = DECISION_FIELDS
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "due_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.holding("").filter(is_active=True, role_assignments__isnull=False).distinct()
        self.fields["owner"].queryset = people.order_by("name", "pk")
        self.fields["owner"].empty_label = _("Personne de la mission : aucune")
        self.fields["organisation"].queryset = Organisation.objects.current().by_name().order_by("name_key", "pk")
        self.fields["organisation"].empty_label = _("Organisation : aucune")


class CloseForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Ce qu’elle est devenue"), widget=forms.RadioSelect,
        choices=[choice for choice in DecisionState.choices if choice[0] != DecisionState.OPEN],
    )  # fmt: skip
    outcome = forms.CharField(
        label=_("Suite donnée"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Dites ce qui a été fait, ou pourquoi la décision est abandonnée.")},
    )  # fmt: skip

    def __init__(self, *args: Any, may_drop: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_drop:
            self.fields["state"].choices = [(DecisionState.DONE.value, DecisionState.DONE.label)]
            self.fields["state"].initial = DecisionState.DONE.value


def choices_of_organisations() -> list[tuple[int, str]]:
    """(key, name) of those that can come to a meeting, by name; one query."""
    return [
        (one.pk, str(one))
        for one in Organisation.objects.current().by_name().only("name", "acronym").order_by("name_key", "pk")
    ]
