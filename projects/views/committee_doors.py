"""The doors of the committee's pages: who enters, which sessions they see, and what a refusal looks like."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from projects import committee_access as doors
from projects.models import AgendaItem, ReviewSession
from projects.services.steps import StepRefused
from sr_portal.web.once import act_once

View = Callable[..., HttpResponse]


def readers(view: View) -> View:
    """Anonymous visitors sign in; those without a reading role or a seat get 403, before any record is looked up."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        user = request.user
        if not (doors.reads_sessions(user) or user.committee_seats.exists() or user.session_seats.exists()):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def session_or_404(request: HttpRequest, pk: int) -> ReviewSession:
    """A session outside the user's scope does not exist for them."""
    return get_object_or_404(ReviewSession.objects.visible_to(request.user).for_page(), pk=pk)


def item_or_404(request: HttpRequest, session: ReviewSession, pk: int) -> AgendaItem:
    return get_object_or_404(AgendaItem.objects.for_page(request.user), pk=pk, session_id=session.pk)


def act(
    request: HttpRequest, effect: Callable[[], str], *, back: str, typed: Iterable[tuple[str, str]] = ()
) -> HttpResponse:
    """Act once and go to the result; a refused step says why, and gives back what was typed (status 409)."""
    try:
        return act_once(request, effect)
    except StepRefused as refusal:
        return refused(request, refusal.messages, back=back, typed=typed)


def refused(
    request: HttpRequest, reasons: Iterable[str], *, back: str, typed: Iterable[tuple[str, str]] = ()
) -> HttpResponse:
    context = {"reasons": list(reasons), "back": back, "typed": [(label, text) for label, text in typed if text]}
    return render(request, "projects/committee/refused.html", context, status=409)
