"""The report to a donor on one contribution: made on demand for a period, or made and kept as the one that was sent."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funds import access
from funds.models import Contribution, DonorReport, DonorReportState
from funds.services import donor_reports as services
from funds.services.donor_reports import Sending
from funds.views.contributions import contribution_of
from funds.views.donor_reports import report_of
from projects.donor_report.content import DonorReportContent, Period
from projects.donor_report.reading import default_period, read
from projects.exports.donor_report import donor_report, file_name
from projects.exports.donor_report_sheets import donor_workbook
from projects.forms.donor_report import FORMATS, MakeForm, PeriodForm
from sr_portal.accounts.access import only
from sr_portal.documents.serving import hand_out
from sr_portal.documents.typesetting import typeset
from sr_portal.web.acting import act_on_form
from sr_portal.web.kept import keeps_input, take_kept

PREPARE = "projects/donors/prepare.html"


def _signed(pk: int) -> Contribution:
    """404 before the signature: nothing is reported of a promise."""
    found = contribution_of(pk)
    if found.signed_on is None:
        raise Http404
    return found


def _days(period: Period) -> dict[str, object]:
    return {"du": period.since, "au": period.until}


def made(content: DonorReportContent, kind: str) -> bytes:
    return typeset(donor_report(content)) if kind == "pdf" else donor_workbook(content)


@require_safe
@only(access.reads_money)
def donor_report_prepare(request: HttpRequest, pk: int) -> HttpResponse:
    contribution = _signed(pk)
    form = PeriodForm(initial=_days(default_period(contribution)), contribution=contribution)
    return _prepared(request, contribution, form)


def _prepared(request: HttpRequest, contribution: Contribution, form: PeriodForm, status: int = 200) -> HttpResponse:
    context = {
        "contribution": contribution,
        "form": form,
        "due": DonorReport.objects.due().filter(contribution=contribution).order_by("due_on", "pk"),
    }
    return render(request, PREPARE, context, status=status)


@require_safe
@only(access.reads_money)
def donor_report_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The report as this reader may read it; without days, on the default period."""
    contribution = _signed(pk)
    data = request.GET if request.GET else _days(default_period(contribution))
    form = PeriodForm(data, contribution=contribution)
    if not form.is_valid():
        return _prepared(request, contribution, form, 422)
    content = read(contribution, form.period, request.user)
    return hand_out(made(content, kind), f"{file_name(content)}.{kind}", FORMATS[kind])


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.sends_donor_reports_somewhere)
def donor_report_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Make what is owed and record that it left: the very file is kept."""
    owed = report_of(pk)
    if not access.sends_donor_report(request.user, owed):
        raise PermissionDenied
    contribution = _signed(owed.contribution_id)
    form = MakeForm(
        request.POST if request.method == "POST" else take_kept(request),
        initial=_days(_period_of(owed, contribution)), contribution=contribution,
    )  # fmt: skip

    def act() -> str:
        period, kind = form.period, form.cleaned_data["format"]
        content = read(contribution, period, request.user)
        if content.beyond:
            raise ValidationError(
                _("Des projets de cette contribution sont hors de votre zone : une personne qui les lit tous l’envoie.")
            )
        file = ContentFile(made(content, kind), name=f"{file_name(content)}.{kind}")
        sending = Sending(file, form.cleaned_data["sent_on"], period.since, period.until)
        services.send(by=request.user, report=owed, sending=sending)
        messages.success(request, _("Le rapport est produit et son envoi enregistré ; ce fichier est conservé."))
        return reverse("funds:donor_report", args=[pk])

    context = {"contribution": contribution, "report": owed, "still_due": owed.state == DonorReportState.DUE}
    return act_on_form(request, "projects/donors/make.html", form, act, context)


def _period_of(owed: DonorReport, contribution: Contribution) -> Period:
    """What the agreement asks for, as far as it is past; else from where the last report ended."""
    default = default_period(contribution)
    until = min(owed.period_end or default.until, default.until)
    return Period(min(owed.period_start or default.since, until), until)
