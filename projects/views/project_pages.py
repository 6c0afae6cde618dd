"""What every page of one project shares: finding the project that its reader may see, and acting on its forms."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from projects.models import Project
from projects.services.refusals import as_refusal
from sr_portal.web.acting import act_on_form
from sr_portal.web.together import get_together


def project_for(user, pk: int) -> Project:
    """The project with all that its rules read (`for_rules`); 404 outside what the user may read."""
    return get_together(Project.objects.visible_to(user).for_rules(), pk=pk)


def project_in_short(user, pk: int) -> Project:
    """The project's own row with region, mechanism and partner, for pages that judge nothing; 404 as above."""
    found = Project.objects.visible_to(user).select_related("region", "mechanism", "partner", "author")
    return get_object_or_404(found.defer("search", "region__outline"), pk=pk)


def must(allowed: bool, why: list | tuple = ()) -> None:
    """Refuse with 403 and the reasons, whatever the page showed."""
    if not allowed:
        raise PermissionDenied(" ".join(str(reason) for reason in why))


def act(
    request: HttpRequest,
    template: str,
    form: forms.BaseForm,
    effect: Callable[[], str],
    context: dict | Callable[[], dict],
) -> HttpResponse:
    """`act_on_form`, where a refusal of the projects' own constraints and triggers is told as the error it means."""
    return act_on_form(request, template, form, effect, context, refused=as_refusal)
