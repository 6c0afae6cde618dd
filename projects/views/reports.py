"""The reports of a project: which are expected, what each says, the files joined to it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from projects import report_access as access
from projects.forms.reports import OpenForm
from projects.models import Project, Report, ReportFile
from projects.reporting import Expected, expected_reports, results_of, spending_of
from projects.rules import reports as rules
from projects.services import reports as services
from projects.states import State
from sr_portal.documents.serving import serve
from sr_portal.web.kept import keeps_input
from sr_portal.web.together import get_together

from . import road_content
from .project_pages import act, project_in_short
from .road_page import route_to


# --- Finding --------------------------------------------------------------------------------------------------------
def project_of(user, pk: int) -> Project:
    """The project in short with who wrote it, for the predicates of reports; 404 outside what the user may read."""
    project = project_in_short(user, pk)
    prefetch_related_objects([project], "coauthors")
    return project


def report_for(request: HttpRequest, pk: int, report_pk: int) -> Report:
    """The report; 404 outside what the user may read of projects, 403 while it is being written by others."""
    people = Report.objects.select_related("instalment", "written_by", "submitted_by", "judged_by")
    found = Project.objects.visible_to(request.user).select_related("region", "mechanism", "partner", "author")
    found = found.defer("search", "region__outline").prefetch_related("coauthors", Prefetch("reports", people))
    project = get_together(found, at_once=True, pk=pk)
    reports = list(project.reports.all())
    report = next((one for one in reports if one.pk == report_pk), None)
    if report is None:
        raise Http404
    report.project, report.siblings = project, reports
    if not access.may_read(request.user, project, report):
        raise PermissionDenied(_("Ce rapport est en rédaction : ses auteurs ne l’ont pas encore soumis."))
    return report


def frame(report: Report) -> dict:
    """What every page of one report shows above its own content."""
    return {"project": report.project, "state": State(report.project.state), "report": report}


def address(report: Report, route: str = "projects:report") -> str:
    return reverse(route, args=[report.project_id, report.pk])


# --- The tab --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """An expected report and what this reader may do with it."""

    expected: Expected
    url: str
    writes: bool
    opens: bool

    @property
    def title(self) -> str:
        return title_of(self.expected.title, self.expected.instalment)


def title_of(kind: str, instalment) -> str:
    """« Rapport intermédiaire, tranche 1 »."""
    if instalment is None:
        return str(kind)
    return _("%(kind)s, tranche %(position)s") % {"kind": kind, "position": instalment.position}


def _lines(user, project: Project) -> list[Line]:
    writes = access.writes_reports(user, project)
    reads_all = access.reads_unsubmitted(user, project)
    lines = []
    for expected in expected_reports(project):
        report = expected.report
        url = ""
        if report is not None and (reads_all or report.submitted_at is not None):
            url = reverse("projects:report", args=[project.pk, report.pk])
        can_write = writes and report is not None and report.state in rules.WRITABLE
        lines.append(Line(expected, url, can_write, writes and report is None and not expected.against))
    return lines


def _tab(user, project: Project) -> dict:
    return {
        "project": project,
        "state": State(project.state),
        "lines": _lines(user, project),
        "judges": access.judges_here(user, project),
        "writes": access.writes_reports(user, project),
    }


@require_safe
@login_required
def reports(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_of(request.user, pk)
    return render(request, "projects/reports/reports.html", _tab(request.user, project))


@require_POST
@keeps_input
@login_required
def open_report(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_of(request.user, pk)
    if not access.writes_reports(request.user, project):
        raise PermissionDenied(_("Les rapports d’un projet sont rédigés par ses auteurs."))
    form = OpenForm(request.POST, project=project)

    def effect() -> str:
        report = services.open_report(
            project=project, user=request.user, kind=form.cleaned_data["kind"],
            instalment=form.cleaned_data["instalment"], due_on=form.cleaned_data["due_on"],
        )  # fmt: skip
        messages.success(request, _("Le rapport est ouvert, prérempli de ce que le portail sait : relisez-le."))
        return address(report, "projects:report_write")

    return act(request, "projects/reports/reports.html", form, effect, lambda: _tab(request.user, project))


# --- Reading --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class People:
    """Persons of one kind, reached and planned."""

    label: str
    reached: int
    planned: int
    among: bool  # counted in the others too


def percent_of(result) -> int | None:
    """How far from the baseline to the target, in percent; None where one of them is unknown or they are equal."""
    if result.reached_value is None or result.target is None:
        return None
    start = result.baseline or 0
    return None if result.target == start else round((result.reached_value - start) * 100 / (result.target - start))


def people_of(report: Report) -> list[People]:
    labels = {
        "reached_women": _("Femmes"), "reached_men": _("Hommes"), "reached_girls": _("Filles"),
        "reached_boys": _("Garçons"), "reached_displaced": _("dont personnes déplacées"),
        "reached_disabled": _("dont personnes handicapées"),
    }  # fmt: skip
    return [
        People(label, getattr(report, name), getattr(report.project, rules.PLANNED[name]), name in rules.AMONG_REACHED)
        for name, label in labels.items()
    ]


@require_safe
@login_required
def report(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    shown = report_for(request, pk, report_pk)
    project, user = shown.project, request.user
    writes = access.may_write(user, project, shown)
    judges = shown.state == "submitted" and access.judges_here(user, project)
    people = people_of(shown) if rules.has_results(shown.kind) else []
    context = frame(shown) | {
        "title": title_of(shown.get_kind_display(), shown.instalment),
        "said": road_content.said_by(shown, *[name for name in rules.TEXTS[shown.kind] if name != "spending"]),
        "results": [(result, percent_of(result)) for result in results_of(shown)],
        "people": people,
        "reached_total": sum(row.reached for row in people if not row.among),
        "planned_total": sum(row.planned for row in people if not row.among),
        "spending": spending_of(project, shown.instalment) if rules.has_money(shown.kind) else None,
        "money_url": route_to("projects:money", project.pk),
        "files": list(shown.files.select_related("document", "document__withdrawn_by")),
        "returns": list(shown.returns.select_related("returned_by")),
        "writes": writes,
        "lacks": services.lacks_of(shown) if writes else [],
        "judges": judges,
        "against": access.reasons_against_judging(user, project, shown) if judges else [],
    }
    return render(request, "projects/reports/report.html", context)


def _file(request: HttpRequest, pk: int, report_pk: int, public_id: UUID) -> ReportFile:
    found = report_for(request, pk, report_pk).files.select_related("document")
    file = get_object_or_404(found, document__public_id=public_id)
    if file.document.is_withdrawn:
        raise Http404
    return file


@require_safe
@login_required
def report_file(request: HttpRequest, pk: int, report_pk: int, public_id: UUID) -> HttpResponse:
    return serve(_file(request, pk, report_pk, public_id).document)


@require_safe
@login_required
def report_thumbnail(request: HttpRequest, pk: int, report_pk: int, public_id: UUID) -> HttpResponse:
    return serve(_file(request, pk, report_pk, public_id).document, thumbnail=True)
