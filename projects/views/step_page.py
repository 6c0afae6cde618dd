"""What the page of a step is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse

from projects.forms.road import AgendaForm, StepForm
from projects.models import Project

from . import road_page


def to_project(project: Project, data: dict) -> str:
    return reverse("projects:detail", args=[project.pk])


@dataclass(frozen=True)
class StepPage:
    """`consequences` says what follows; `act` calls the service with what the form gave; `done` tells the result."""

    icon: str
    button: Any
    consequences: Callable[[Project, Any], list[str]]
    act: Callable[[Project, Any, dict], Project]
    done: Callable[[Project], str]
    form: type[StepForm] = StepForm
    target: Callable[[Project, dict], str] = to_project
    refused_field: str | None = None  # which field a refusal of the service speaks of
    intro: Any = ""
    quiet: bool = False  # does not say of each field that it may be left empty

    def form_for(self, user, project: Project, data) -> forms.Form:
        if self.form is AgendaForm:
            committee = road_page.committee_awaited(project)
            return AgendaForm(data, project=project, user=user, committee=committee)
        return self.form(data, project=project, user=user)


def says(text) -> Callable[[Project], str]:
    return lambda project: str(text)
