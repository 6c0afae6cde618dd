"""The donors: all of them with their totals, and everything about one."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from funds import access
from funds.models import Organisation
from funds.partner_sections import Section
from projects.donors import ZERO, Year, donor_file, donors_with_totals, near_reports, totals_of_all
from projects.exports.donor import as_csv, list_rows, rows
from sr_portal.accounts.access import only
from sr_portal.web import clock
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted
from sr_portal.web.templatetags.portal import usd

PROJECTS_SHOWN = 100
REPORTS_SHOWN = 12
LAST_SHOWN = 6


@dataclass(frozen=True)
class Bar:
    """Signed and received in a year; widths in thousandths of the longest."""

    year: int
    signed_usd: Decimal
    received_usd: Decimal
    signed_width: str
    received_width: str

    @property
    def told(self) -> str:
        return _("%(year)s : signé %(signed)s, reçu %(received)s") % {
            "year": self.year, "signed": usd(self.signed_usd), "received": usd(self.received_usd),
        }  # fmt: skip


def bars_of(years: list[Year]) -> list[Bar]:
    longest = max((max(year.signed_usd, year.received_usd) for year in years), default=ZERO) or Decimal(1)
    return [
        Bar(
            year.year, year.signed_usd, year.received_usd,
            f"{year.signed_usd * 1000 / longest:.1f}", f"{year.received_usd * 1000 / longest:.1f}",
        )
        for year in years
    ]  # fmt: skip


@require_safe
@only(access.reads_money)
def donors(request: HttpRequest) -> HttpResponse:
    found = donors_with_totals()
    context = {
        "page": KeysetPage.of(found, request.GET.get(PARAMETER, ""), order="-signed_usd"),
        "count": counted(Organisation.objects.donors()),
        "totals": totals_of_all(),
    }
    return render(request, "projects/donors/list.html", context)


@require_safe
@only(access.reads_money)
def donors_csv(_request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(list_rows(), "donateurs")


def _donor(pk: int) -> Organisation:
    """An organisation that gives; 404 for the others."""
    return get_object_or_404(donors_with_totals(), pk=pk)


@require_safe
@only(access.reads_money)
def donor(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _donor(pk)
    file = donor_file(shown, request.user)
    met = shown.meeting_participations.select_related("meeting__group").order_by("-meeting__held_on", "-pk")
    does = shown.activities.select_related("region").defer("region__outline").order_by("-starts_on", "-pk")
    context = {
        "donor": shown,
        "file": file,
        "projects": file.readable[:PROJECTS_SHOWN],
        "more": max(len(file.readable) - PROJECTS_SHOWN, 0),
        "hidden": file.hidden,
        "bars": bars_of(file.years),
        "donor_reports": near_reports(shown, REPORTS_SHOWN),
        "meetings": {row.meeting_id: row.meeting for row in met[: LAST_SHOWN * 2]}.values(),
        "activities": does[:LAST_SHOWN],
        "prospects": shown.prospects.filter(closed_on=None)
        .select_related("concept_note")
        .order_by("expected_on", "pk")[:LAST_SHOWN],
        "today": clock.today(),
    }
    return render(request, "projects/donors/page.html", context)


@require_safe
@only(access.reads_money)
def donor_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    return as_csv(rows(_donor(pk), request.user), f"donateur-{pk}")


def donor_section(organisation: Organisation, user) -> Section | None:
    """On the page of an organisation that gives: its sums, and where to read the rest. One query."""
    if not (organisation.is_donor and access.reads_money(user)) or organisation.merged_into_id:
        return None
    return Section("projects/parts/donor_section.html", donors_with_totals().get(pk=organisation.pk))
