"""What the chair does to a session, and its minutes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from projects import committee_access as doors
from projects.forms.committee import MinutesForm
from projects.models import AgendaItem, ReviewSession, SessionState
from projects.services import committee as committees
from projects.services import seats
from sr_portal.web.kept import keeps_input, take_kept

from .committee_doors import act, readers, refused, session_or_404
from .proceedings import part_of, quorum_at, standings


def _present(request: HttpRequest, session: ReviewSession) -> frozenset[int]:
    """The members ticked; the chair, who sends the form, is there."""
    ticked = set(request.POST.getlist("present"))
    return frozenset(
        member.user_id
        for member in session.members.all()
        if str(member.user_id) in ticked or member.user_id == request.user.pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
@readers
def session_open(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_or_404(request, pk)
    seats.chair_only(session, request.user)
    back = reverse("projects:session", args=[pk])

    def effect() -> str:
        committees.open_session(session=session, user=request.user, present=_present(request, session))
        messages.success(request, _("La séance est ouverte."))
        return back

    if request.method == "POST":
        return act(request, effect, back=back)
    if session.state != SessionState.PLANNED:
        return refused(request, [_("Cette séance a déjà été ouverte.")], back=back)
    return render(request, "projects/committee/presence.html", _presence(session, request))


@require_http_methods(["GET", "HEAD", "POST"])
@readers
def session_presence(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_or_404(request, pk)
    seats.chair_only(session, request.user)
    back = reverse("projects:session", args=[pk])

    def effect() -> str:
        committees.set_presence(session=session, user=request.user, present=_present(request, session))
        messages.success(request, _("Les présences sont à jour."))
        return back

    if request.method == "POST":
        return act(request, effect, back=back)
    if session.state != SessionState.OPEN:
        return refused(request, [_("La séance n’est pas ouverte.")], back=back)
    return render(request, "projects/committee/presence.html", _presence(session, request))


def _presence(session: ReviewSession, request: HttpRequest) -> dict[str, object]:
    members = list(session.members.all())
    return {
        "session": session,
        "members": members,
        "chair_id": request.user.pk,
        "needed": quorum_at(session)[1],
        "is_opening": session.state == SessionState.PLANNED,
        "is_empty": session.state == SessionState.PLANNED and not session.items.exists(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@readers
def session_close(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_or_404(request, pk)
    seats.chair_only(session, request.user)
    back = reverse("projects:session", args=[pk])

    def effect() -> str:
        committees.close_session(session=session, user=request.user)
        messages.success(request, _("La séance est close. Le procès-verbal est établi."))
        return reverse("projects:session_minutes", args=[pk])

    if request.method == "POST":
        return act(request, effect, back=back)
    if session.state != SessionState.OPEN:
        return refused(request, [_("La séance n’est pas ouverte.")], back=back)
    items = list(session.items.select_related("project"))
    context = {"session": session, "items": items, "waiting": [item for item in items if item.state == "waiting"]}
    return render(request, "projects/committee/close.html", context)


@require_safe
@readers
def session_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_or_404(request, pk)
    items = standings(session, AgendaItem.objects.for_page(request.user).filter(session=session))
    members = list(session.members.all())
    context = {
        "session": session,
        "part": part_of(session, request.user),
        "standings": items,
        "present": [member for member in members if member.present],
        "absent": [member for member in members if not member.present],
        "chair": next((member.user for member in members if member.seat == "chair"), None),
        "secretary": next((member.user for member in members if member.seat == "secretary"), session.created_by),
        "recommended_usd": sum(standing.item.recommended_usd or 0 for standing in items),
    }
    return render(request, "projects/committee/minutes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@readers
def session_minutes_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The remarks of the minutes. Somebody else's later text is shown beside what was typed, and nothing is lost."""
    session = session_or_404(request, pk)
    if not doors.keeps(request.user, session.committee):
        raise PermissionDenied
    back = reverse("projects:session_minutes", args=[pk])
    initial = {"minutes": session.minutes, "known": session.minutes}
    form = MinutesForm(request.POST or take_kept(request) or None, initial=initial)
    theirs = None

    def effect() -> str:
        data = form.cleaned_data
        committees.write_minutes(
            session=session, user=request.user, minutes=data["minutes"], known=data["known"].replace("\r\n", "\n")
        )
        messages.success(request, _("Les observations sont enregistrées."))
        return back

    if request.method == "POST" and form.is_valid():
        try:
            return act(request, effect, back=back, typed=[(_("Observations"), form.cleaned_data["minutes"])])
        except committees.MinutesChanged as changed:
            theirs = str(changed)
            form = MinutesForm(initial={"minutes": form.cleaned_data["minutes"], "known": theirs})
    if theirs is None and session.state == SessionState.PLANNED:
        return refused(request, [_("La séance n’est pas ouverte.")], back=reverse("projects:session", args=[pk]))
    context = {"session": session, "form": form, "theirs": theirs}
    status = 409 if theirs is not None else 422 if form.errors else 200
    return render(request, "projects/committee/minutes_form.html", context, status=status)
