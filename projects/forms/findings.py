"""What people are asked of findings: what was seen and how grave, who deals with it and by when, what was done."""

import datetime as dt
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from projects import visit_access
from projects.models import Severity
from projects.rules.visits import CORRECTION_DAYS
from projects.services.findings import NewFinding
from sr_portal.accounts.models import User
from sr_portal.web import clock

LONG = 2000  # characters


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person: User) -> str:
        return f"{person} – {person.job_title}" if person.job_title else str(person)


def person_field(label: Any, **options: Any) -> PersonField:
    return PersonField(
        label=label, required=False, queryset=User.objects.none(), empty_label=_("À désigner"),
        error_messages={"invalid_choice": _("Cette personne ne suit pas ce projet.")}, **options,
    )  # fmt: skip


def due_field() -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d")
    widget.input_type = "date"
    return forms.DateField(
        label=_("À corriger avant le"), widget=widget, error_messages={"required": _("Fixez une échéance.")}
    )


class FindingForm(forms.Form):
    """One finding; as a row of a report, it counts once it has a text."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("Constat"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce qui ne va pas, où, et ce qu’il faut faire."),
        error_messages={"required": _("Dites ce qui a été constaté.")},
    )  # fmt: skip
    severity = forms.ChoiceField(
        label=_("Gravité"), choices=Severity.choices, initial=Severity.MINOR, widget=forms.RadioSelect,
        help_text=_("Un constat bloquant retient tout paiement jusqu’à ce qu’il soit levé."),
    )  # fmt: skip
    owner = person_field(_("Responsable"))
    due_on = due_field()

    def __init__(self, *args, project, visit=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offer_followers(self.fields["owner"], project)
        self.fields["key"].initial = uuid4
        self.fields["due_on"].initial = lambda: clock.today() + dt.timedelta(days=CORRECTION_DAYS["major"])

    def has_changed(self) -> bool:
        return bool((self.data.get(self.add_prefix("text")) or "").strip())

    @property
    def new(self) -> NewFinding:
        data = self.cleaned_data
        return NewFinding(
            text=data["text"], severity=data["severity"], owner=data["owner"], due_on=data["due_on"],
            key=data["key"] or uuid4(),
        )  # fmt: skip


def offer_followers(field: PersonField, project) -> None:
    """Those who follow the project, asked of the database once a page however many rows ask."""
    if project is None:
        return
    people = visit_access.visitors_of(project)
    if not hasattr(project, "followers"):
        project.followers = [(person.pk, field.label_from_instance(person)) for person in people]
    field.queryset = people
    field.choices = [("", field.empty_label), *project.followers]


class CloseForm(forms.Form):
    note = forms.CharField(
        label=_("Ce qui a été fait"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Par qui, quand, et comment cela a été vérifié."),
        error_messages={"required": _("Dites ce qui a été fait pour lever ce constat.")},
    )  # fmt: skip


class MoveForm(forms.Form):
    owner = person_field(_("Responsable"))
    due_on = due_field()

    def __init__(self, *args, finding, project, **kwargs) -> None:
        super().__init__(*args, initial={"owner": finding.owner_id, "due_on": finding.due_on}, **kwargs)
        offer_followers(self.fields["owner"], project)
