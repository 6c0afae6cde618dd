"""The end of the fiscal years: what is reserved and not yet obligated, by when, and who must act."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from funds import access
from funds.models import Envelope
from projects import year_end
from projects.exports.year_end import as_csv
from sr_portal.accounts.access import only
from sr_portal.web.keyset import PARAMETER, KeysetPage


@require_safe
@only(access.reads_money)
def years(request: HttpRequest) -> HttpResponse:
    return render(request, "projects/year_end/years.html", {"rows": year_end.envelopes()})


def _envelope(pk: int) -> Envelope:
    return get_object_or_404(Envelope.objects.with_flows().select_related("mechanism"), pk=pk)


@require_safe
@only(access.reads_money)
def envelope(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _envelope(pk)
    row = year_end.year_end_of(shown)
    found = year_end.to_obligate(shown, request.user)
    page = KeysetPage.of(found, request.GET.get(PARAMETER, ""), order="-reserved_usd")
    visible = found.count()
    context = {
        "row": row,
        "envelope": shown,
        "page": page,
        "projects": [year_end.ToSign(project) for project in page],
        "hidden": row.to_sign - visible,
    }
    return render(request, "projects/year_end/envelope.html", context)


@require_safe
@only(access.reads_money)
def envelope_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    shown = _envelope(pk)
    return as_csv(year_end.to_obligate(shown, request.user), f"fin-d-exercice-{shown.mechanism_id}-{shown.label}")
