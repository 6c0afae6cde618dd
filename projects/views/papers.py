"""Printed documents, each for those who read the page that it belongs to. Made on demand, kept nowhere."""

from collections.abc import Iterable
from typing import TypeVar

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.http import require_safe

from projects.exports.agreement import agreement_paper
from projects.exports.amendment import amendment_paper
from projects.exports.handover import handover_record
from projects.exports.instalment_request import instalment_request
from projects.exports.memo import MEMO_STATES, memo
from projects.exports.minutes import minutes
from projects.exports.report import report_paper
from projects.exports.sheet import sheet
from projects.exports.visit_report import visit_report
from projects.models import AgendaItem, AmendmentState, InstalmentState, Project, ReportState, VisitState
from projects.states import State
from sr_portal.documents.paper import Paper
from sr_portal.documents.serving import hand_out
from sr_portal.documents.typesetting import typeset
from sr_portal.web.together import get_together

from .committee_doors import readers, session_or_404
from .proceedings import standings
from .road import visible_project

Row = TypeVar("Row")


def printed(paper: Paper) -> HttpResponseBase:
    return hand_out(typeset(paper), f"{paper.file_name}.pdf", "application/pdf")


def told(user, pk: int, *parts: str) -> Project:
    """The project with all that its page reads and these parts of its life; 404 outside what the user may read."""
    return get_together(Project.objects.visible_to(user).for_page().with_life(*parts), at_once=True, pk=pk)


def first(rows: Iterable[Row], **values: object) -> Row:
    """The row, already read, that has these values; 404 when there is none."""
    for row in rows:
        if all(getattr(row, name) == value for name, value in values.items()):
            return row
    raise Http404


@require_safe
@login_required
def project_sheet(request: HttpRequest, pk: int) -> HttpResponseBase:
    return printed(sheet(visible_project(request.user, pk)))


@require_safe
@login_required
def decision_memo(request: HttpRequest, pk: int) -> HttpResponseBase:
    project = visible_project(request.user, pk)
    if State(project.state) not in MEMO_STATES:
        raise Http404
    return printed(memo(project))


@require_safe
@readers
def session_minutes(request: HttpRequest, pk: int) -> HttpResponseBase:
    session = session_or_404(request, pk)
    items = standings(session, AgendaItem.objects.for_page(request.user).filter(session=session))
    return printed(minutes(session, items))


# --- From the agreement to closure ----------------------------------------------------------------------------------
@require_safe
@login_required
def agreement(request: HttpRequest, pk: int) -> HttpResponseBase:
    """In the language that the parties chose, whoever reads it."""
    project = told(request.user, pk, "agreement", "plan", "amendments")
    with translation.override(agreement_of(project).language):
        return printed(agreement_paper(project))


@require_safe
@login_required
def request_of_instalment(request: HttpRequest, pk: int, position: int) -> HttpResponseBase:
    project = told(request.user, pk, "agreement", "plan", "money", "visits", "reports")
    agreement_of(project)
    instalment = first(project.instalments.all(), position=position)
    if instalment.state == InstalmentState.PLANNED:
        raise Http404
    return printed(instalment_request(project, instalment))


@require_safe
@login_required
def visit(request: HttpRequest, pk: int, key: int) -> HttpResponseBase:
    project = told(request.user, pk, "visits")
    return printed(visit_report(project, first(project.visits.all(), pk=key, state=VisitState.DONE)))


@require_safe
@login_required
def report(request: HttpRequest, pk: int, key: int) -> HttpResponseBase:
    """A draft is its writers' own: it is printed once it is submitted."""
    project = told(request.user, pk, "agreement", "plan", "money", "reports")
    found = first(project.reports.all(), pk=key)
    if found.state == ReportState.DRAFT:
        raise Http404
    return printed(report_paper(project, found))


@require_safe
@login_required
def amendment(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    project = told(request.user, pk, "agreement", "amendments")
    agreed = agreement_of(project)
    found = first(project.amendments.all(), number=number)
    if found.state == AmendmentState.DRAFT:
        raise Http404
    with translation.override(agreed.language):
        return printed(amendment_paper(project, found))


@require_safe
@login_required
def handover(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    project = told(request.user, pk, "agreement", "completion")
    agreed = agreement_of(project)
    with translation.override(agreed.language):
        return printed(handover_record(project, first(project.handovers.all(), kind=kind)))


def agreement_of(project: Project):
    """404 while none is prepared."""
    found = getattr(project, "agreement", None)
    if found is None:
        raise Http404
    return found
