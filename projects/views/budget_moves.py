"""Moves between lines of the agreed budget: asked, shown before and after, then recorded."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects.forms.budget_moves import MoveForm
from projects.services import budget_moves as services
from projects.states import UNDER_AGREEMENT, State
from sr_portal.web.acting import add_refusal
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.templatetags.portal import usd

from .agreement import home, readable
from .project_pages import act
from .road_refusals import moved_on, not_for_you, typed_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def move(request: HttpRequest, pk: int) -> HttpResponse:
    project = readable(request.user, pk)
    if not services.may_move(request.user, project):
        return not_for_you(request, project, services.reasons_against_moving(request.user, project))
    lines = list(project.agreed_lines.all())
    form = MoveForm(request.POST if request.method == "POST" else take_kept(request), project=project, lines=lines)
    if State(project.state) not in UNDER_AGREEMENT:
        return moved_on(request, project, _("Virer entre lignes"), typed_in(form))
    context = {
        "project": project,
        "state": State(project.state),
        "rooms": [(line, services.room(project, line)) for line in lines],
        "amendment_url": reverse("projects:amendments", args=[project.pk]),
    }
    action = request.POST.get("action", "show")
    if request.method == "POST" and action != "record":
        return _shown(request, project, form, context, corrects=action == "correct")

    def effect() -> str:
        services.move(project=project, user=request.user, **form.cleaned_data)
        text = _("Le virement de %(amount)s est enregistré.")
        messages.success(request, text % {"amount": usd(form.cleaned_data["amount_usd"])})
        return home(project) + "#budget"

    return act(request, "projects/agreement/move.html", form, effect, context)


def _shown(request: HttpRequest, project, form: MoveForm, context: dict, *, corrects: bool) -> HttpResponse:
    """What the move would do to both lines, before it is recorded; the form again when it cannot be, or to correct it."""
    effects = None
    if form.is_valid():
        data = form.cleaned_data
        try:
            effects = services.effect(project, data["source"], data["target"], data["amount_usd"])
        except ValidationError as refusal:
            add_refusal(form, refusal)
    if corrects or effects is None:
        status = 200 if corrects else 422
        return render(request, "projects/agreement/move.html", {"form": form, **context}, status=status)
    return render(request, "projects/agreement/move_confirm.html", {"form": form, "effects": effects, **context})
