"""The track record of a partner in words, and how the money is shared among the partners."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from funds import access
from funds.models import Mechanism, Organisation
from funds.partner_sections import Section
from funds.rules import fiscal_year_bounds, fiscal_year_of
from funds.services.vetting import capacity_of
from projects.concentration import concentration_of
from projects.track_record import Lateness, TrackRecord, track_record
from sr_portal.accounts.access import only
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day, number, usd

NOTHING = "–"
YEARS_SHOWN = 6
MOST_SHOWN, MOST_OF_REGION = 50, 10  # partners of the whole, and of each region: the largest parts


def record_section(organisation: Organisation, _user) -> Section | None:
    """For implementing partners, on their page."""
    if not organisation.is_implementing or organisation.merged_into_id:
        return None
    return Section(
        "projects/parts/track_record.html", lines_of(track_record(organisation.pk), organisation.late_reports)
    )


def partner_lines(partner: Organisation) -> list[tuple[str, str]]:
    """Track record and capacity, as the screener, the committee and the authority read them; two queries."""
    return [*lines_of(track_record(partner.pk), partner.late_reports), (_("Capacité"), _capacity(partner))]


def _capacity(partner: Organisation) -> str:
    assessment = capacity_of(partner)
    if assessment is None or assessment.average is None:
        return _("non évaluée")
    told = _("%(mean)s sur 3, évaluée le %(day)s") % {
        "mean": number(Decimal(assessment.average).quantize(Decimal("0.01"))), "day": day(assessment.assessed_on),
    }  # fmt: skip
    return told if assessment.is_valid else _("%(told)s (échue)") % {"told": told}


def lines_of(record: TrackRecord, before: int = 0) -> list[tuple[str, str]]:
    """Label and value of each line, for pages and papers; `before` are the reports owed from before the portal."""
    if not record.proposed:
        told = [(_("Projets"), _("Aucun projet proposé jusqu’ici"))]
    else:
        told = [
            (_("Projets"), _projects(record)),
            (_("Montants"), _amounts(record)),
            (
                _("Part justifiée"),
                f"{number(record.justified_percent)}\u00a0%" if record.justified_percent is not None else NOTHING,
            ),
            (_("Fin des travaux"), _lateness(record.works)),
            (_("Rapports"), _lateness(record.reports)),
            (_("Constats"), _findings(record)),
        ]
    if before:
        told.append(
            (
                _("Avant le portail"),
                ngettext("%(count)s rapport en retard", "%(count)s rapports en retard", before)
                % {"count": number(before)},
            )
        )
    return told


def _projects(record: TrackRecord) -> str:
    parts = [
        (record.granted, _("approuvés : %(count)s")), (record.running, _("en cours : %(count)s")),
        (record.completed, _("achevés : %(count)s")), (record.closed, _("clôturés : %(count)s")),
        (record.cancelled, _("annulés : %(count)s")), (record.not_taken, _("refusés ou irrecevables : %(count)s")),
    ]  # fmt: skip
    told = [_("proposés : %(count)s") % {"count": number(record.proposed)}]
    return " · ".join(told + [text % {"count": number(count)} for count, text in parts if count])


def _amounts(record: TrackRecord) -> str:
    if record.is_new:
        return NOTHING
    parts = [
        _("approuvé %(sum)s") % {"sum": usd(record.approved_usd)},
        _("payé %(sum)s") % {"sum": usd(record.paid_usd)},
    ]
    if record.refunded_usd:
        parts.append(_("remboursé %(sum)s") % {"sum": usd(record.refunded_usd)})
    return " · ".join(parts)


def _lateness(of: Lateness) -> str:
    parts = []
    if of.done:
        parts.append(_("%(late)s en retard sur %(done)s") % {"late": number(of.late), "done": number(of.done)})
        parts.append(_("retard moyen : %(days)s j") % {"days": number(of.mean_days or Decimal(0))})
    if of.late_now:
        parts.append(_("en retard aujourd’hui : %(count)s") % {"count": number(of.late_now)})
    return " · ".join(parts) or NOTHING


def _findings(record: TrackRecord) -> str:
    told = _("ouverts : %(open)s · levés : %(closed)s") % {
        "open": number(record.findings_open), "closed": number(record.findings_closed),
    }  # fmt: skip
    blocking = _(" · bloquants : %(count)s") % {"count": number(record.findings_blocking)}
    return told + (blocking if record.findings_blocking else "")


# --- Concentration --------------------------------------------------------------------------------------------------
class ConcentrationFilter(forms.Form):
    mecanisme = forms.ChoiceField(label=gettext_lazy("Mécanisme"), required=False)
    exercice = forms.TypedChoiceField(label=gettext_lazy("Exercice"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, mechanism: Mechanism, known: Iterable[Mechanism], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mecanisme"].choices = [(one.pk, one.name) for one in known]
        self.year = fiscal_year_of(clock.today(), mechanism.fiscal_year_first_month)
        self.fields["exercice"].choices = [
            (year, label_of(mechanism, year)) for year in range(self.year + 1, self.year - YEARS_SHOWN, -1)
        ]


def label_of(mechanism: Mechanism, year: int) -> str:
    first, last = fiscal_year_bounds(year, mechanism.fiscal_year_first_month)
    return str(first.year) if first.year == last.year else f"{first.year}-{last.year}"


@require_safe
@only(access.reads_money)
def concentration(request: HttpRequest) -> HttpResponse:
    """The share of each partner in what a mechanism grants in a fiscal year, in all and by region."""
    known = {mechanism.code: mechanism for mechanism in Mechanism.objects.order_by("code")}
    mechanism = known.get(request.GET.get("mecanisme", "QIP")) or next(iter(known.values()))
    data = {"mecanisme": mechanism.pk, "exercice": request.GET.get("exercice", "")}
    form = ConcentrationFilter(data, mechanism=mechanism, known=known.values())
    form.is_valid()
    year = form.cleaned_data.get("exercice") or form.year
    if not data["exercice"]:
        form = ConcentrationFilter({**data, "exercice": year}, mechanism=mechanism, known=known.values())
        form.is_valid()
    found = concentration_of(mechanism, year)
    shares = found.partners
    context = {
        "filter": form,
        "mechanism": mechanism,
        "year_label": label_of(mechanism, year),
        "shares": shares[:MOST_SHOWN],
        "partner_count": len(shares),
        "total": shares[0].total if shares else Decimal(0),
        "regions": [(region, region.partners[:MOST_OF_REGION], len(region.partners)) for region in found.regions],
        "over": [share for share in shares if share.is_over],
    }
    return render(request, "projects/concentration.html", context, status=422 if form.errors else 200)
