"""The page on which the programme officer records what headquarters cleared."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects import clearance
from projects.forms.clearance import ClearanceForm
from projects.services.clearances import record_clearance
from sr_portal.web.kept import keeps_input, take_kept

from .project_pages import act, must, project_for


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def record(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_for(request.user, pk)
    is_post = request.method == "POST"
    may_record = clearance.may_record(request.user, project)
    must(
        may_record or (not is_post and clearance.may_be_recorded(project)),
        [_("L’accord du siège est enregistré par un gestionnaire étranger au dossier, avant la décision.")],
    )
    kept = None if is_post else take_kept(request)
    form = ClearanceForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        initial=kept.dict() if kept else {"amount_usd": clearance.to_be_approved(project)},
    )

    def effect() -> str:
        data = form.cleaned_data
        record_clearance(
            project=project, user=request.user, reference=data["reference"], cleared_on=data["cleared_on"],
            amount_usd=data["amount_usd"], upload=data["file"],
        )  # fmt: skip
        messages.success(request, _("L’accord du siège est au dossier."))
        return reverse("projects:detail", args=[pk])

    context = {
        "project": project,
        "may_record": may_record,
        "given": project.clearances.select_related("document"),
        "wanted": clearance.to_be_approved(project),
        "is_asked_for": clearance.is_asked_for(project),
        "is_given": clearance.is_given(project, clearance.to_be_approved(project)),
        "typed_once_more": is_post,
    }
    return act(request, "projects/road/clearance.html", form, effect, context)
