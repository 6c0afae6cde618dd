"""What a meeting leaves: its participants, its minutes, and its decisions."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funds import coordination_access as access
from funds.forms.coordination import CloseForm, DecisionFilter, DecisionForm, MinutesForm, ParticipantsForm
from funds.models import MeetingDecision, MeetingParticipant
from funds.services import coordination as services
from sr_portal.accounts.access import only
from sr_portal.web import clock
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted
from sr_portal.web.once import act_once

from .coordination_forms import acted, must_write
from .meetings import meeting_of


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def meeting_minutes_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = meeting_of(pk)
    must_write(request.user, shown.group)
    initial = {"minutes": shown.minutes, "seen": shown.version}
    data = request.POST if request.method == "POST" else take_kept(request)
    form = MinutesForm(data, request.FILES or None, initial=initial)

    def act() -> str:
        values = form.cleaned_data
        services.write_minutes(
            by=request.user, meeting=shown, text=values["minutes"], upload=values["document"], seen=values["seen"]
        )
        messages.success(request, _("Le compte rendu est enregistré."))
        return reverse("funds:meeting", args=[pk])

    return acted(request, "funds/meetings/minutes.html", form, act, {"meeting": shown}, again=lambda: meeting_of(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def meeting_participants(request: HttpRequest, pk: int) -> HttpResponse:
    shown = meeting_of(pk)
    must_write(request.user, shown.group)
    form = ParticipantsForm(request.POST if request.method == "POST" else take_kept(request))

    def act() -> str:
        services.add_participants(by=request.user, meeting=shown, rows=form.entries)
        messages.success(request, _("Les participants sont inscrits."))
        return reverse("funds:meeting", args=[pk])

    return acted(request, "funds/meetings/participants.html", form, act, {"meeting": shown})


@require_POST
@only(access.writes_somewhere)
def meeting_participant_remove(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    shown = meeting_of(pk)
    must_write(request.user, shown.group)
    participant = get_object_or_404(MeetingParticipant, pk=participant_pk, meeting=shown)

    def effect() -> str:
        services.remove_participant(by=request.user, participant=participant)
        messages.success(request, _("Le participant est retiré de la liste."))
        return reverse("funds:meeting", args=[pk])

    return act_once(request, effect)


# --- Decisions ------------------------------------------------------------------------------------------------------
@require_safe
@only(access.reads_meetings)
def decisions(request: HttpRequest) -> HttpResponse:
    form = DecisionFilter(request.GET)
    form.is_valid()
    wanted, today = form.cleaned_data, clock.today()
    found = MeetingDecision.objects.all()
    if (state := wanted.get("etat", "")) == "closes":
        found = found.exclude(state="open")
    elif state != "toutes":
        found = found.late(today) if state == "retard" else found.open()
    if region := wanted.get("region"):
        found = found.of_region(region)
    if wanted.get("moi"):
        found = found.filter(owner=request.user)
    context = {
        "filter": form,
        "page": KeysetPage.of(found.for_list(), request.GET.get(PARAMETER, ""), order="due_on"),
        "count": counted(found),
        "is_filtered": any(wanted.values()) or bool(form.errors),
        "today": today,
    }
    return render(request, "funds/meetings/decisions.html", context, status=422 if form.errors else 200)


def _decision(pk: int) -> MeetingDecision:
    return get_object_or_404(MeetingDecision.objects.for_list(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def decision_create(request: HttpRequest, pk: int) -> HttpResponse:
    shown = meeting_of(pk)
    must_write(request.user, shown.group)
    form = DecisionForm(request.POST if request.method == "POST" else take_kept(request))

    def act() -> str:
        services.add_decision(by=request.user, meeting=shown, values=form.values)
        messages.success(request, _("La décision est enregistrée."))
        return reverse("funds:meeting", args=[pk])

    return acted(request, "funds/meetings/decision_form.html", form, act, {"meeting": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def decision_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _decision(pk)
    must_write(request.user, shown.meeting.group)
    form = DecisionForm(request.POST if request.method == "POST" else take_kept(request), instance=_decision(pk))

    def act() -> str:
        services.change_decision(by=request.user, decision=shown, values=form.values, seen=form.cleaned_data["seen"])
        messages.success(request, _("La décision est à jour."))
        return reverse("funds:meeting", args=[shown.meeting_id])

    context = {"meeting": shown.meeting, "decision": shown}
    return acted(request, "funds/meetings/decision_form.html", form, act, context, again=lambda: _decision(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.reads_meetings)
def decision_close(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _decision(pk)
    if not services.may_close(request.user, shown):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else take_kept(request)
    form = CloseForm(data, may_drop=access.writes(request.user, shown.meeting.group))

    def act() -> str:
        services.close_decision(by=request.user, decision=shown, **form.cleaned_data)
        messages.success(request, _("Le suivi de cette décision est clos."))
        return reverse("funds:meeting", args=[shown.meeting_id])

    return acted(
        request, "funds/meetings/decision_close.html", form, act, {"meeting": shown.meeting, "decision": shown}
    )
