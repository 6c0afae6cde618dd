"""What the portal already knows when a report is opened: nobody types it a second time."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import Project, Report, ReportKind, ResultReached, Visit
from projects.reporting import completed_on
from projects.rules import reports as rules
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day, number

# What the last report said still holds until its author says otherwise; what was done then is not done again.
UNDER_WAY = (ReportKind.INTERIM, ReportKind.PERIODIC)
CARRIED = ("difficulties", "confidence", "inclusion", "sustainability", "visibility", "lessons")


def prefill(report: Report, project: Project) -> list[ResultReached]:
    """Fill a new report's fields from the last report, the visits and the dates; return its rows of results, unsaved.

    The project comes locked. Four queries at most.
    """
    earlier = list(project.reports.prefetch_related("results").order_by("created_at", "pk"))
    last = next((other for other in reversed(earlier) if rules.has_results(other.kind)), None)
    report.period_from, report.period_to = _period(report, project, earlier)
    if not rules.has_results(report.kind):
        return []
    if last is not None:
        for name in (*rules.REACHED, *rules.AMONG_REACHED):
            setattr(report, name, getattr(last, name))
        for name in CARRIED:
            if name in rules.TEXTS[report.kind]:
                setattr(report, name, getattr(last, name))
    report.done = _done(report, project, earlier)
    known = {row.result_id: row for row in last.results.all()} if last else {}
    rows = []
    for result in project.results.all():
        row = known.get(result.pk)
        rows.append(ResultReached(result=result, value=row.value if row else None, comment=row.comment if row else ""))
    return rows


def _period(report: Report, project: Project, earlier: list[Report]) -> tuple[dt.date | None, dt.date | None]:
    """From the day after the last interim report (a final one: from the start) to the completion, or today."""
    start = project.starts_on
    if report.kind in UNDER_WAY:
        ends = [other.period_to for other in earlier if other.kind == report.kind and other.period_to]
        start = max(ends) + dt.timedelta(days=1) if ends else start
    end = completed_on(project) if report.kind in rules.FINALS else None
    end = min(end or clock.today(), clock.today())
    if report.due_on:
        end = min(end, report.due_on)
    return (start, end) if start is None or start <= end else (start, None)


def _done(report: Report, project: Project, earlier: list[Report]) -> str:
    """What the visits saw; before it, in a final report, what each report before it said."""
    parts = []
    if report.kind == ReportKind.FINAL_NARRATIVE:
        parts = [_said(other) for other in earlier if other.kind in UNDER_WAY and other.done.strip()]
    covered = [_end_of(other) for other in earlier if other.kind in UNDER_WAY and other.done.strip()]
    visits = project.visits.filter(state="done").order_by("done_on", "pk")
    parts += [_seen(visit) for visit in visits if not covered or visit.done_on > max(covered)]
    return "\n\n".join(parts)


def _said(other: Report) -> str:
    if other.kind == ReportKind.PERIODIC:
        return _("%(report)s : %(text)s") % {"report": other.get_kind_display(), "text": other.done}
    return _("Rapport intermédiaire du %(day)s : %(text)s") % {"day": day(_end_of(other)), "text": other.done}


def _end_of(report: Report) -> dt.date:
    return report.period_to or timezone.localdate(report.created_at, timezone.get_default_timezone())


def _seen(visit: Visit) -> str:
    said = _("Visite du %(day)s (%(kind)s) : avancement %(progress)s\u00a0%%.") % {
        "day": day(visit.done_on), "kind": visit.get_kind_display().lower(), "progress": number(visit.progress),
    }  # fmt: skip
    return f"{said} {visit.observations.strip()}".strip()
