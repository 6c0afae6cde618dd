"""Attaching a project to the priority of the regional plan that it serves."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from projects.models import Project
from projects.services.serving import attach, attaches
from regions.forms.serving import offer_priorities
from regions.models import Priority
from sr_portal.web.kept import keeps_input

from .plan_forms import acted, typed
from .project_pages import project_in_short


class PriorityForm(forms.Form):
    priority = forms.ModelChoiceField(
        label=gettext_lazy("Priorité du plan régional"), queryset=Priority.objects.none(), required=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, project: Project, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offer_priorities(self.fields["priority"], project.region_id, project.priority_id)
        self.initial = {"priority": project.priority_id, "seen": project.priority_id}


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@login_required
def priority(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_in_short(request.user, pk)
    if not attaches(request.user, project):
        raise PermissionDenied
    form = PriorityForm(typed(request), project=project)

    def act() -> str:
        chosen, seen = form.cleaned_data["priority"], form.cleaned_data["seen"]
        attach(by=request.user, project=project, priority=chosen, seen=seen)
        messages.success(request, _("La priorité que sert le projet est enregistrée."))
        return reverse("projects:detail", args=[pk])

    return acted(
        request, "projects/priority.html", form, act, {"project": project},
        again=lambda: project_in_short(request.user, pk), version=lambda one: str(one.priority_id or ""),
    )  # fmt: skip
