"""The documents that the portal prints of a project: which there are now, where each is, and how each is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from projects.models import (
    Amendment,
    AmendmentState,
    Handover,
    HandoverKind,
    Instalment,
    InstalmentState,
    Project,
    Report,
    ReportKind,
    ReportState,
    Visit,
    VisitKind,
    VisitState,
)
from projects.states import State
from sr_portal.documents.paper import Paper
from sr_portal.web.templatetags.portal import day

from .agreement import agreement_paper
from .amendment import amendment_paper
from .handover import handover_record
from .instalment_request import instalment_request
from .memo import MEMO_STATES, memo
from .report import report_paper
from .sheet import sheet
from .visit_report import visit_report


@dataclass(frozen=True)
class Printed:
    """A document that can be printed now: its name, and its address."""

    label: str
    url: str


def printed_of(project: Project) -> list[Printed]:
    """What can be printed of a project, in the order of its life; two queries."""
    found = [_printed(_("Fiche de projet"), "sheet_pdf", project.pk)]
    if State(project.state) in MEMO_STATES:
        found.append(_printed(_("Note de décision"), "memo_pdf", project.pk))
    rows = list(_rows(project.pk))
    if any(kind == "agreement" for kind, *_rest in rows):
        found.append(_printed(_("Protocole d’accord"), "agreement_pdf", project.pk))
    found += [_of_row(project.pk, *row) for row in rows if row[0] != "agreement"]
    return found


def _printed(label: str, route: str, *args: object) -> Printed:
    return Printed(label, reverse(f"projects:{route}", args=args))


def _of_row(project: int, kind: str, key: int, code: str, when: str) -> Printed:
    if kind == "instalment":
        return _printed(
            _("Demande de versement de la tranche %(rank)s") % {"rank": key}, "instalment_request_pdf", project, key
        )
    if kind == "visit":
        label = _("Compte rendu de visite : %(kind)s, %(day)s") % {"kind": VisitKind(code).label, "day": _day(when)}
        return _printed(label, "visit_pdf", project, key)
    if kind == "report":
        label = str(ReportKind(code).label)
        if when:
            label = _("%(kind)s, tranche %(rank)s") % {"kind": label, "rank": when}
        return _printed(label, "report_pdf", project, key)
    if kind == "amendment":
        return _printed(_("Avenant n° %(number)s") % {"number": key}, "amendment_pdf", project, key)
    label = _("Procès-verbal de %(kind)s") % {"kind": str(HandoverKind(code).label).lower()}
    return _printed(label, "handover_pdf", project, code)


def _day(iso: str) -> str:
    import datetime as dt

    return day(dt.date.fromisoformat(iso))


def _rows(project: int):
    """(kind, key, code, text) of all that hangs on the project and can be printed: one union."""
    parts = [
        _part("agreement", Project.objects.filter(pk=project, agreement__isnull=False), "pk", None, None),
        _part("instalment", Instalment.objects.filter(project=project).exclude(state=InstalmentState.PLANNED), "position", None, None),
        _part("visit", Visit.objects.filter(project=project, state=VisitState.DONE), "pk", "kind", "done_on"),
        _part("report", Report.objects.filter(project=project).exclude(state=ReportState.DRAFT), "pk", "kind", "instalment__position"),
        _part("amendment", Amendment.objects.filter(project=project).exclude(state=AmendmentState.DRAFT), "number", None, None),
        _part("handover", Handover.objects.filter(project=project), "pk", "kind", None),
    ]  # fmt: skip
    order = ("agreement", "instalment", "visit", "report", "amendment", "handover")
    return sorted(parts[0].union(*parts[1:], all=True), key=lambda row: (order.index(row[0]), row[1]))


def _part(kind: str, rows, key: str, code: str | None, text: str | None):
    nothing = Value("", output_field=CharField())
    return (
        rows.order_by()
        .annotate(
            paper_kind=Value(kind, output_field=CharField()),
            paper_key=Cast(key, output_field=Instalment._meta.get_field("id")),
            paper_code=Cast(code, CharField()) if code else nothing,
            paper_text=Cast(text, CharField()) if text else nothing,
        )
        .values_list("paper_kind", "paper_key", "paper_code", "paper_text")
    )


# --- All of them, made ----------------------------------------------------------------------------------------------
def papers_of(project: Project) -> Iterator[Callable[[], Paper]]:
    """How each is made, one at a time. `project` as `for_page().with_life()` reads it."""
    yield lambda: sheet(project)
    if State(project.state) in MEMO_STATES:
        yield lambda: memo(project)
    agreement = getattr(project, "agreement", None)
    if agreement is None:
        return
    yield _in(agreement.language, lambda: agreement_paper(project))
    for instalment in project.instalments.all():
        if instalment.state != InstalmentState.PLANNED:
            yield lambda instalment=instalment: instalment_request(project, instalment)
    for visit in project.visits.all():
        if visit.state == VisitState.DONE:
            yield lambda visit=visit: visit_report(project, visit)
    for report in project.reports.all():
        if report.state != ReportState.DRAFT:
            yield lambda report=report: report_paper(project, report)
    for amendment in project.amendments.all():
        if amendment.state != AmendmentState.DRAFT:
            yield _in(agreement.language, lambda amendment=amendment: amendment_paper(project, amendment))
    for handover in project.handovers.all():
        yield _in(agreement.language, lambda handover=handover: handover_record(project, handover))


def _in(language: str, make: Callable[[], Paper]) -> Callable[[], Paper]:
    def made() -> Paper:
        with translation.override(language or get_language()):
            return make()

    return made
