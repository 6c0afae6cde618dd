"""Sessions of the review committee: the list, a session's page, its date and its agenda."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import committee_access as doors
from projects.committee_questions import eligible_for
from projects.forms.committee import AgendaForm, RescheduleForm, SessionForm
from projects.models import AgendaItem, ReviewSession, SessionState
from projects.services import committee as committees
from projects.services import seats
from sr_portal.accounts.access import only
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.keyset import PARAMETER, KeysetPage

from .committee_doors import act, readers, refused, session_or_404
from .proceedings import part_of, quorum_at, standings

PAST_SIZE = 20


@require_safe
@readers
def sessions(request: HttpRequest) -> HttpResponse:
    found = ReviewSession.objects.visible_to(request.user).for_list()
    coming = list(found.exclude(state=SessionState.CLOSED).order_by("held_on", "pk")[:100])
    past = KeysetPage.of(
        found.filter(state=SessionState.CLOSED), request.GET.get(PARAMETER, ""), order="-held_on", size=PAST_SIZE
    )
    context = {
        "open_sessions": [session for session in coming if session.state == SessionState.OPEN],
        "planned_sessions": [session for session in coming if session.state == SessionState.PLANNED],
        "past": past,
        "may_plan": doors.keeps_sessions(request.user),
    }
    return render(request, "projects/committee/sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(doors.keeps_sessions)
def session_create(request: HttpRequest) -> HttpResponse:
    form = SessionForm(request.POST or take_kept(request) or None, user=request.user)

    def effect() -> str:
        session = committees.plan_session(user=request.user, **form.cleaned_data)
        messages.success(request, _("La séance est prévue. Inscrivez maintenant les projets à l’ordre du jour."))
        return reverse("projects:session", args=[session.pk])

    if request.method == "POST" and form.is_valid():
        return act(request, effect, back=reverse("projects:sessions"))
    return render(request, "projects/committee/session_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@readers
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_or_404(request, pk)
    _secretary(request, session)
    back = reverse("projects:session", args=[pk])
    # The form writes on its own copy of the row: what the page says of the session stays true.
    form = RescheduleForm(request.POST or take_kept(request) or None, instance=session_or_404(request, pk))

    def effect() -> str:
        committees.reschedule(session=session, user=request.user, **form.cleaned_data)
        messages.success(request, _("La date et le lieu de la séance sont à jour."))
        return back

    if request.method == "POST" and form.is_valid():
        return act(request, effect, back=back)
    if session.state != SessionState.PLANNED:
        return refused(request, [_("La séance est déjà ouverte : sa date et son lieu ne changent plus.")], back=back)
    context = {"form": form, "session": session}
    return render(request, "projects/committee/session_form.html", context, status=422 if form.errors else 200)


@require_safe
@readers
def session(request: HttpRequest, pk: int) -> HttpResponse:
    shown = session_or_404(request, pk)
    part = part_of(shown, request.user)
    items = standings(shown, AgendaItem.objects.for_page(request.user).filter(session=shown))
    may_add = part.is_secretary and shown.state != SessionState.CLOSED
    mine = [(standing, standing.judge(request.user)) for standing in items]
    asked = [(standing, judge) for standing, judge in mine if judge and judge.is_expected and standing.can_be_judged]
    left = [standing for standing, judge in asked if not judge.is_done]
    reached, needed, present = quorum_at(shown)
    context = {
        "session": shown,
        "part": part,
        "standings": items,
        "mine": mine,
        "expected_of_me": len(asked),
        "done_by_me": len(asked) - len(left),
        "next_for_me": left[0] if left else None,
        "quorum_reached": reached,
        "quorum_needed": needed,
        "voters_present": present,
        "voters": sum(member.votes_here for member in shown.members.all()),
        "waiting_count": sum(not standing.is_closed for standing in items),
        "total_usd": sum(standing.item.project.budget_usd for standing in items),
        "eligible": eligible_for(shown.committee) if may_add else [],
        "may_add": may_add,
        "has_chair": any(member.seat == "chair" for member in shown.members.all()),
    }
    return render(request, "projects/committee/session.html", context)


@require_POST
@readers
def session_agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the ticked projects on the agenda, all or none."""
    session = session_or_404(request, pk)
    _secretary(request, session)
    back = reverse("projects:session", args=[pk])
    wanted = request.POST.getlist("projects")
    form = AgendaForm(request.POST, committee=session.committee)

    def effect() -> str:
        if not form.is_valid():
            raise committees.StepRefused(form.errors.get("projects", form.non_field_errors()))
        for project in form.cleaned_data["projects"]:
            committees.put_on_agenda(project=project, session=session, user=request.user)
        messages.success(
            request,
            ngettext(
                "%(count)s projet est inscrit à l’ordre du jour.",
                "%(count)s projets sont inscrits à l’ordre du jour.",
                len(wanted),
            )
            % {"count": len(wanted)},
        )
        return back

    return act(request, effect, back=back)


@require_POST
@readers
def session_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one item up or down: the button pressed is named `up` or `down` and holds the item's key."""
    session = session_or_404(request, pk)
    _secretary(request, session)
    back = reverse("projects:session", args=[pk])
    up = "up" in request.POST
    key = request.POST.get("up" if up else "down", "")

    def effect() -> str:
        item = session.items.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
        if item is None:
            raise committees.StepRefused(_("Ce point n’est plus à l’ordre du jour."))
        committees.move_item(item=item, user=request.user, up=up)
        return f"{back}#agenda"

    return act(request, effect, back=back)


@require_POST
@readers
def session_members(request: HttpRequest, pk: int) -> HttpResponse:
    """Seat the committee's present members."""
    session = session_or_404(request, pk)
    _secretary(request, session)
    back = reverse("projects:session", args=[pk])

    def effect() -> str:
        seats.renew_members(session=session, user=request.user)
        messages.success(request, _("La séance a de nouveau la composition du comité."))
        return back

    return act(request, effect, back=back)


def _secretary(request: HttpRequest, session: ReviewSession) -> None:
    if not doors.keeps(request.user, session.committee):
        raise PermissionDenied
