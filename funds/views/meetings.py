"""The meetings of the coordination groups: the list, a meeting's page, and planning it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funds import coordination_access as access
from funds.exports.meeting import meeting_minutes
from funds.forms.coordination import CancelForm, MeetingFilter, MeetingForm
from funds.models import Meeting, MeetingDecision, MeetingParticipant, MeetingState
from funds.services import coordination as services
from funds.services.coordination import may_close
from sr_portal.accounts.access import only
from sr_portal.documents.serving import hand_out, serve
from sr_portal.documents.typesetting import typeset
from sr_portal.history.reading import changes_of, records_of
from sr_portal.web import clock
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted

from .coordination_forms import acted, must_write

STATES = {"prevues": MeetingState.PLANNED, "tenues": MeetingState.HELD, "annulees": MeetingState.CANCELLED}


@require_safe
@only(access.reads_meetings)
def meetings(request: HttpRequest) -> HttpResponse:
    form = MeetingFilter(request.GET)
    form.is_valid()
    wanted, found = form.cleaned_data, Meeting.objects.all()
    if group := wanted.get("groupe"):
        found = found.filter(group=group)
    if state := wanted.get("etat"):
        found = found.filter(state=STATES[state])
    context = {
        "filter": form,
        "page": KeysetPage.of(found.for_list(), request.GET.get(PARAMETER, ""), order="-held_on"),
        "count": counted(found),
        "is_filtered": any(wanted.values()) or bool(form.errors),
        "may_plan": access.writes_somewhere(request.user),
        "today": clock.today(),
    }
    return render(request, "funds/meetings/list.html", context, status=422 if form.errors else 200)


def meeting_of(pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.for_page(), pk=pk)


@require_safe
@only(access.reads_meetings)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    shown = meeting_of(pk)
    decisions = list(shown.decisions.all())
    for decision in decisions:
        decision.meeting = shown
    context = {
        "meeting": shown,
        "may_write": access.writes(request.user, shown.group),
        "decisions": [
            (decision, decision.state == "open" and may_close(request.user, decision)) for decision in decisions
        ],
        "today": clock.today(),
    }
    return render(request, "funds/meetings/meeting.html", context)


@require_safe
@only(access.reads_meetings)
def meeting_history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = meeting_of(pk)
    found = changes_of(
        shown,
        records_of(MeetingParticipant, meeting=pk),
        records_of(MeetingDecision, meeting=pk),
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "funds/meetings/history.html", {"meeting": shown, "history": found})


@require_safe
@only(access.reads_meetings)
def meeting_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    paper = meeting_minutes(meeting_of(pk))
    return hand_out(typeset(paper), f"{paper.file_name}.pdf", "application/pdf")


@require_safe
@only(access.reads_meetings)
def meeting_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    document = get_object_or_404(Meeting.objects.exclude(minutes_document=None), pk=pk).minutes_document
    return serve(document)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def meeting_create(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("groupe", "")
    data = request.POST if request.method == "POST" else take_kept(request)
    form = MeetingForm(data, user=request.user, initial={"group": chosen if chosen.isdecimal() else None})

    def act() -> str:
        made = services.plan_meeting(by=request.user, values=form.values)
        messages.success(request, _("La réunion est inscrite."))
        return reverse("funds:meeting", args=[made.pk])

    return acted(request, "funds/meetings/form.html", form, act, {})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = meeting_of(pk)
    must_write(request.user, shown.group)
    data = request.POST if request.method == "POST" else take_kept(request)
    form = MeetingForm(data, user=request.user, instance=meeting_of(pk))

    def act() -> str:
        services.change_meeting(by=request.user, meeting=shown, values=form.values, seen=form.cleaned_data["seen"])
        messages.success(request, _("La réunion est à jour."))
        return reverse("funds:meeting", args=[pk])

    return acted(request, "funds/meetings/form.html", form, act, {"meeting": shown}, again=lambda: meeting_of(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.writes_somewhere)
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    shown = meeting_of(pk)
    must_write(request.user, shown.group)
    form = CancelForm(request.POST if request.method == "POST" else take_kept(request))

    def act() -> str:
        services.cancel_meeting(by=request.user, meeting=shown, reason=form.cleaned_data["reason"])
        messages.success(request, _("La réunion est annulée."))
        return reverse("funds:meeting", args=[pk])

    return acted(request, "funds/meetings/cancel.html", form, act, {"meeting": shown})
