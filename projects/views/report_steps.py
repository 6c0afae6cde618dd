"""The steps of a report, each on a page that says what follows: submitted, returned, accepted; and its files."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects import report_access as access
from projects.forms.reports import FileForm, ReturnForm, StepForm, WithdrawalForm
from projects.models import Report, ReportKind
from projects.notices import happenings
from projects.notices.telling import Announced, announced
from projects.rules import reports as rules
from projects.services import report_files as files
from projects.services import reports as services
from sr_portal.web.kept import keeps_input, take_kept

from .project_pages import act, must
from .reports import address, frame, report_for, title_of


def _typed(request: HttpRequest):
    return request.POST if request.method == "POST" else take_kept(request)


def _frame(report: Report, **more) -> dict:
    return frame(report) | {"title": title_of(report.get_kind_display(), report.instalment), **more}


def _announced(name: str, report: Report, user) -> Announced:
    return announced(happenings.of_report(name, report, user))


def _must_write(request: HttpRequest, report: Report) -> None:
    must(
        access.writes_reports(request.user, report.project), [_("Les rapports sont rédigés par les auteurs du projet.")]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def submit(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    report = report_for(request, pk, report_pk)
    _must_write(request, report)
    form = StepForm(_typed(request), report=report)

    def effect() -> str:
        services.submit(report=report, user=request.user, version=form.cleaned_data["version"])
        messages.success(request, _("Le rapport est soumis : un gestionnaire du programme doit l’examiner."))
        return address(report)

    def context() -> dict:
        now = report_for(request, pk, report_pk)
        writable = now.state in rules.WRITABLE
        return _frame(
            now,
            step="submit",
            announced=_announced("submit", now, request.user),
            stands=writable,
            lacks=services.lacks_of(now) if writable else [],
        )

    return act(request, "projects/reports/submit.html", form, effect, context)


def _judging(request: HttpRequest, pk: int, report_pk: int) -> Report:
    """The report, for a programme officer here whom nothing bars from judging it."""
    report = report_for(request, pk, report_pk)
    must(
        access.judges_here(request.user, report.project),
        [_("Un rapport est jugé par un gestionnaire du programme, là où est le projet.")],
    )
    if against := access.reasons_against_judging(request.user, report.project, report):
        raise PermissionDenied(" ".join(str(reason) for reason in against))
    return report


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def send_back(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    report = _judging(request, pk, report_pk)
    form = ReturnForm(_typed(request), report=report)

    def effect() -> str:
        services.send_back(report=report, user=request.user, **form.cleaned_data)
        messages.success(request, _("Le rapport est renvoyé à ses auteurs, avec vos remarques."))
        return address(report)

    def context() -> dict:
        now = report_for(request, pk, report_pk)
        returns = list(now.returns.select_related("returned_by"))
        return _frame(
            now,
            step="return",
            announced=_announced("return", now, request.user),
            stands=now.state == "submitted",
            returns=returns,
        )

    return act(request, "projects/reports/return.html", form, effect, context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def accept(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    report = _judging(request, pk, report_pk)
    form = StepForm(_typed(request), report=report)

    def effect() -> str:
        services.accept(report=report, user=request.user, version=form.cleaned_data["version"])
        messages.success(request, _("Le rapport est accepté."))
        return address(report)

    def context() -> dict:
        now = report_for(request, pk, report_pk)
        return _frame(
            now,
            step="accept",
            announced=_announced("accept", now, request.user),
            stands=now.state == "submitted",
            follows=_follows(now),
        )

    return act(request, "projects/reports/accept.html", form, effect, context)


def _follows(report: Report) -> list[str]:
    """What an acceptance opens."""
    told = [_("Le rapport ne change plus : il compte pour de bon.")]
    if report.kind == ReportKind.INTERIM and report.instalment:
        position = report.instalment.position + 1
        told.append(
            _("La condition « rapport accepté » de la tranche %(position)s est remplie.") % {"position": position}
        )
    elif report.kind == ReportKind.PERIODIC:
        told.append(_("L’échéance du calendrier du mécanisme est tenue."))
    else:
        told.append(_("La dernière tranche et la clôture demandent les deux rapports finaux acceptés."))
    return told


# --- Files ----------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def join_file(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    report = report_for(request, pk, report_pk)
    _must_write(request, report)
    take_kept(request)
    form = FileForm(request.POST or None, request.FILES or None) if request.method == "POST" else FileForm()

    def effect() -> str:
        joined = files.join(
            report=report, user=request.user, upload=form.cleaned_data["file"], caption=form.cleaned_data["caption"]
        )
        messages.success(request, _("« %(name)s » est joint au rapport.") % {"name": joined})
        return address(report, "projects:report_files")

    def context() -> dict:
        joined = list(report.files.select_related("document", "document__withdrawn_by"))
        return _frame(report, files=joined, stands=report.state in rules.WRITABLE)

    return act(request, "projects/reports/files.html", form, effect, context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def withdraw_file(request: HttpRequest, pk: int, report_pk: int, public_id: UUID) -> HttpResponse:
    report = report_for(request, pk, report_pk)
    _must_write(request, report)
    file = get_object_or_404(report.files.select_related("document"), document__public_id=public_id)
    file.report = report
    form = WithdrawalForm(_typed(request))

    def effect() -> str:
        files.take_back(file=file, user=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("« %(name)s » est retiré du rapport.") % {"name": file})
        return address(report, "projects:report_files")

    stands = report.state in rules.WRITABLE and not file.document.is_withdrawn
    return act(request, "projects/reports/withdraw_file.html", form, effect, _frame(report, file=file, stands=stands))
