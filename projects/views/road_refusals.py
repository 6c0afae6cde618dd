"""What somebody reads when a step is not theirs, or when the proposal has moved on meanwhile."""

from collections.abc import Iterable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from projects import access
from projects.lifecycle import Transition, officer
from projects.models import Project
from projects.states import State

from . import road_page

CONCLUSIONS = ("admit", "send_back", "declare_inadmissible")  # of a screening, by its screener alone


def came_too_late(step: Transition, user, project: Project) -> bool:
    """The project has left the state, and this user might have acted: the screener of a closed round included."""
    if State(project.state) in step.sources:
        return False
    screener = step.name in CONCLUSIONS and access.has_screened(user, project) and officer(user, project)
    return step.is_allowed(user, project) or screener


def why_not_you(step: Transition, user, project: Project) -> list[str]:
    """The separation of duties, the screener's name, or that the role does not open this step."""
    holds_role = step.role(user, project) or (step.name in CONCLUSIONS and officer(user, project))
    barred = [str(access.SEPARATION[bar.name]) for bar in step.barred if bar(user, project)]
    if barred and holds_role:
        return barred
    screening = road_page.open_round(project)
    if holds_role and screening:
        text = _("%(screener)s examine cette proposition : personne d’autre ne remplit la grille ni ne conclut.")
        return [text % {"screener": screening.screener}]
    return [_("Votre rôle n’ouvre pas l’étape « %(step)s ».") % {"step": step.label}]


def not_for_you(request: HttpRequest, project: Project, reasons: Iterable[str]) -> HttpResponse:
    return render(request, "projects/road/not_for_you.html", {"project": project, "reasons": reasons}, status=403)


def moved_on(request: HttpRequest, project: Project, what, typed: Iterable[tuple[str, str]] = ()) -> HttpResponse:
    """The proposal is no longer where the page believed it: say where it is, and give back what was typed (409)."""
    changes = list(project.changes.all())
    context = {
        "project": project,
        "state": State(project.state),
        "what": what,
        "last": changes[-1] if changes else None,
        "typed": list(typed),
    }
    return render(request, "projects/road/moved_on.html", context, status=409)


def typed_in(form: forms.Form) -> list[tuple[str, str]]:
    """The texts that somebody wrote in a form, with their labels."""
    texts = [(str(field.label), field.value()) for field in form if isinstance(field.field.widget, forms.Textarea)]
    return [(label, text) for label, text in texts if text]
