"""The last step: what is still missing, what deserves a second look, and the submission."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from projects import access
from projects.forms.proposal import STEPS, steps_of
from projects.lifecycle import TRANSITIONS
from projects.models import Project
from projects.services.submission import submit
from projects.services.warnings import warnings_for
from sr_portal.web.once import act_once

from . import proposal_page


def page(request: HttpRequest, project: Project) -> HttpResponse:
    if request.method == "POST":
        if not TRANSITIONS["submit"].is_allowed(request.user, project):
            raise PermissionDenied
        # The key comes before the state: a second click finds the proposal submitted, and follows the first.
        try:
            return act_once(request, lambda: _submitted(request, project))
        except ValidationError as refusal:
            project = proposal_page.project_for(request, project.pk)
            return _show(request, project, refusal.messages)
    if not access.can_edit(request.user, project):
        return proposal_page.closed(request, project)
    return _show(request, project)


def _submitted(request: HttpRequest, project: Project) -> str:
    done = submit(project=project, user=request.user)
    messages.success(request, _("La proposition est soumise sous la référence %(ref)s.") % {"ref": done.reference})
    return reverse("projects:detail", args=[project.pk])


def _show(request: HttpRequest, project: Project, refusals: list[str] | None = None) -> HttpResponse:
    lacking = proposal_page.lacks(project)
    steps = steps_of(project)
    asked = proposal_page.return_reasons(project)
    context = {
        "project": project,
        "step": STEPS["review"],
        "position": len(steps),
        "steps_count": len(steps),
        "previous": STEPS["annexes"],
        "marks": proposal_page.marks(project, "review"),
        "missing_by_step": [
            (step, [lack for lack in lacking if lack.step == code], asked.get(code, ""))
            for code, step in steps.items()
            if step.form is not None
        ],
        "lacks": len(lacking),
        "annexes_count": project.attachments.count(),
        "annexes_asked": asked.get("annexes", ""),
        "gauges": proposal_page.gauges(project),
        "ends": proposal_page.ends_text(project),
        "warnings": warnings_for(project, request.user),
        "refusals": refusals or [],
        "against": TRANSITIONS["submit"].reasons_against(request.user, project) if not lacking else [],
    }
    return render(request, "projects/proposal/review.html", context, status=422 if refusals else 200)
