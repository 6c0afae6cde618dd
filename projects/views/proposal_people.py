"""Who writes a proposal with its author."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects import access
from projects.forms.proposal_people import CoauthorForm
from projects.services import drafting
from projects.services.steps import StepRefused

from . import proposal_page


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coauthors(request: HttpRequest, pk: int) -> HttpResponse:
    """The author adds and removes; co-authors read the list."""
    project = proposal_page.project_for(request, pk)
    if not access.can_edit(request.user, project):
        return proposal_page.closed(request, project)
    is_author = project.author_id == request.user.pk
    form = CoauthorForm(request.POST if "add" in request.POST else None, project=project)
    if request.method == "POST":
        if not is_author:
            raise PermissionDenied
        if _acted(request, project, form):
            return redirect("projects:coauthors", project.pk)
    context = {
        "project": project,
        "form": form if is_author else None,
        "can_add": is_author and form.fields["person"].queryset.exists(),
        "coauthors": project.coauthors.all(),
        "marks": proposal_page.marks(project),
    }
    return render(request, "projects/proposal/coauthors.html", context, status=422 if form.errors else 200)


def _acted(request: HttpRequest, project, form: forms.Form) -> bool:
    if "remove" in request.POST:
        person = next((c for c in project.coauthors.all() if str(c.pk) == request.POST["remove"]), None)
        if person is not None:
            drafting.remove_coauthor(project=project, user=request.user, person=person)
            messages.success(request, _("%(person)s ne rédige plus cette proposition.") % {"person": person})
        return True
    if not form.is_valid():
        return False
    person = form.cleaned_data["person"]
    try:
        drafting.add_coauthor(project=project, user=request.user, person=person)
    except StepRefused as refusal:
        form.add_error("person", refusal)
        return False
    messages.success(request, _("%(person)s rédige désormais cette proposition avec vous.") % {"person": person})
    return True
