"""The calendar that programs read at somebody's secret address: no session, no page, nothing but their deadlines."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from projects.exports.calendar import calendar_of
from projects.models import Deadline
from sr_portal.accounts.calendar_keys import holder_of
from sr_portal.web import clock

AT_MOST = 1000  # events: the most pressing ones, for who answers for a whole mission


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """404 for an address that is unknown, revoked, or of a closed account: nothing tells them apart."""
    user = holder_of(token)
    if user is None:
        raise Http404
    deadlines = list(
        Deadline.objects.for_user(user)
        .of_visible(user)
        .filter(due_on__isnull=False)
        .for_list()
        .most_pressing_first()[:AT_MOST]
    )
    today = clock.today()
    etag = quote_etag(_fingerprint(deadlines, today, user.language, request.get_host()))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        with translation.override(user.language):
            content = calendar_of(deadlines, on=today, host=request.get_host(), absolute=request.build_absolute_uri)
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="echeances.ics"'
        response["Content-Language"] = user.language
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _fingerprint(deadlines: list[Deadline], *circumstances: object) -> str:
    """Of all that the file is made of: it is not made again for a program that has it already."""
    told = sha256(repr(circumstances).encode())
    for deadline in deadlines:
        project = deadline.project
        told.update(
            repr(
                (deadline.pk, deadline.turn, deadline.detail, deadline.due_on, project.pk, project.reference)
                + (project.title, project.locality, project.region.name)
            ).encode()
        )
    return told.hexdigest()
