"""What is asked of the database for a project's reports: which are expected and when, and where the money went.

Every amount is the receipts' and the payments': nothing of a financial report is typed (domain guide §7).
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import DecimalField, F, FilteredRelation, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from funds.models import ReportingDate
from projects.deadlines.days import due_on
from projects.models import AgreedLine, ExpectedResult, Instalment, Payment, Project, Report, ReportKind, StateChange
from projects.models.reports import periodic_title
from projects.rules import reports as rules
from projects.states import State
from sr_portal.web import clock

NOTHING = Decimal(0)


# --- Expected -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Expected:
    """A report that the agreement and the mechanism ask for, written or not.

    `against` says why it cannot be opened now; `optional` when another report stands for it; `due` is a day or None.
    """

    kind: ReportKind
    instalment: Instalment | None
    report: Report | None
    due: dt.date | None
    against: list[rules.Words] = field(default_factory=list)
    optional: bool = False
    is_awaited: bool = False  # somebody should write it now
    period: str = ""  # of a periodic one (`funds.PeriodicKind`)

    @property
    def title(self) -> str:
        """« Rapport intermédiaire », « Rapport semestriel du 15 juin 2026 »."""
        return periodic_title(self.period, self.due) if self.period and self.due else str(self.kind.label)

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def days_late(self) -> int:
        """Days past the due day; none once submitted, nor before it can be opened."""
        waits = self.report is None or self.report.state in rules.WRITABLE
        if self.due is None or not waits or self.optional or (self.report is None and self.against):
            return 0
        return max(0, (clock.today() - self.due).days)


def completed_on(project: Project) -> dt.date | None:
    """The day on which the works were declared complete; one query."""
    at = (
        StateChange.objects.filter(project=project, target=State.COMPLETED).order_by("-at").values_list("at", flat=True)
    )
    return local_day(at.first())


def local_day(instant: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(instant, timezone.get_default_timezone()) if instant else None


def periodic_days(project: Project, completed: dt.date | None = None) -> list[tuple[dt.date, str]]:
    """The days of the mechanism's calendar that fall while the project is under way, each with its `PeriodicKind`.

    One query, and one for the completion unless it is given.
    """
    dates = list(ReportingDate.objects.filter(mechanism=project.mechanism_id))
    if not dates:
        return []
    ends = [day for day in (project.ends_on, completed or completed_on(project)) if day]
    days = rules.reporting_days(
        [(date.month, date.day) for date in dates], project.starts_on, min(ends) if ends else None
    )
    return [(day, dates[rank].kind) for day, rank in days]


def _periodic(project: Project, reports: list[Report], completed: dt.date | None) -> list[Expected]:
    written = {report.due_on: report for report in reports if report.kind == ReportKind.PERIODIC}
    replaced = any(report.kind == ReportKind.FINAL_NARRATIVE and report.submitted_at for report in reports)
    found = []
    for due, period in periodic_days(project, completed):
        report = written.pop(due, None)
        against = rules.reasons_against_opening(project.state, rules.PERIODIC, due_on=due)
        awaited = not against and not replaced
        found.append(Expected(ReportKind.PERIODIC, None, report, due, against, replaced, awaited, period))
    # Written for a day that the calendar no longer holds.
    found += [Expected(ReportKind.PERIODIC, None, one, one.due_on, period=one.period) for one in written.values()]
    return found


def expected_reports(project: Project) -> list[Expected]:
    """Interim reports in the order of the instalments, those of the calendar, then the final ones. Four queries."""
    instalments = list(project.instalments.order_by("position"))
    reports = list(project.reports.select_related("written_by", "submitted_by", "judged_by"))
    interim = {report.instalment_id: report for report in reports if report.kind == ReportKind.INTERIM}
    finals = {report.kind: report for report in reports}
    found = []
    for instalment, following in zip(instalments[:-1], instalments[1:], strict=True):
        report = interim.get(instalment.pk)
        # Before the last instalment it is the final reports that are asked for (domain guide §7).
        held = project.mechanism.last_after_final_report
        optional = held and following is instalments[-1] and len(instalments) > 2
        against = rules.reasons_against_opening(project.state, rules.INTERIM, instalment)
        due = following.planned_on  # as `deadlines.table`: before the next instalment is asked for
        found.append(
            Expected(ReportKind.INTERIM, instalment, report, due, against, optional, not optional and not against)
        )
    completed = completed_on(project)
    found += _periodic(project, reports, completed)
    due = due_on("final_report", project.mechanism, completed, foreseen=project.ends_on)
    over = State(project.state) in (State.COMPLETED, State.CANCELLED)
    for kind in rules.FINALS:
        against = rules.reasons_against_opening(project.state, kind)
        found.append(Expected(ReportKind(kind), None, finals.get(kind), due, against, is_awaited=over and not against))
    return found


# --- Results ---------------------------------------------------------------------------------------------------------
def results_of(report: Report) -> list[ExpectedResult]:
    """The expected results of the report's project with `reached_value` and `reached_comment`; one query, asked once."""
    if not rules.has_results(report.kind):
        return []
    if not hasattr(report, "known_results"):
        row = FilteredRelation("reached", condition=Q(reached__report=report.pk))
        found = ExpectedResult.objects.filter(project=report.project_id).annotate(row=row)
        report.known_results = list(
            found.annotate(reached_value=F("row__value"), reached_comment=F("row__comment")).order_by("pk")
        )
    return report.known_results


# --- Money ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Spending:
    """Where the money went, USD; `lines` carry `here_usd` (this report's instalment) and `pending_usd` (not yet checked)."""

    lines: list[AgreedLine]
    instalments: list[Instalment]
    payments: list[Payment]

    @property
    def agreed_usd(self) -> Decimal:
        return sum((line.amount_usd for line in self.lines), NOTHING)

    @property
    def here_usd(self) -> Decimal:
        return sum((line.here_usd for line in self.lines), NOTHING)

    @property
    def spent_usd(self) -> Decimal:
        return sum((line.spent_usd for line in self.lines), NOTHING)

    @property
    def pending_usd(self) -> Decimal:
        return sum((line.pending_usd for line in self.lines), NOTHING)

    @property
    def left_usd(self) -> Decimal:
        return self.agreed_usd - self.spent_usd

    @property
    def paid_usd(self) -> Decimal:
        return sum((instalment.paid_usd for instalment in self.instalments), NOTHING)

    @property
    def refunded_usd(self) -> Decimal:
        return sum((instalment.refunded_usd for instalment in self.instalments), NOTHING)

    @property
    def justified_usd(self) -> Decimal:
        return sum((instalment.justified_usd for instalment in self.instalments), NOTHING)

    @property
    def to_justify_usd(self) -> Decimal:
        """Paid, and neither justified nor refunded."""
        return self.paid_usd - self.refunded_usd - self.justified_usd

    @property
    def differs(self) -> bool:
        """Some line was not spent to the cent as agreed."""
        return any(line.spent_usd != line.amount_usd for line in self.lines)


def lines_with_receipts(project: Project, instalment: Instalment | None = None) -> QuerySet[AgreedLine]:
    """Agreed lines with `pending_usd`, submitted receipts, and `here_usd`, accepted ones of `instalment` (or of all)."""
    accepted = Q(receipts__state="accepted")
    if instalment is not None:
        accepted &= Q(receipts__instalment=instalment)

    def total(condition: Q) -> Coalesce:
        amount = DecimalField(max_digits=12, decimal_places=2)
        return Coalesce(Sum("receipts__amount_usd", filter=condition), Value(NOTHING), output_field=amount)

    return project.agreed_lines.annotate(
        here_usd=total(accepted), pending_usd=total(Q(receipts__state="submitted"))
    ).order_by("pk")


def spending_of(project: Project, instalment: Instalment | None = None) -> Spending:
    """The money of a report: of the whole project, or up to the instalment that it accounts for. Three queries."""
    instalments = project.instalments.order_by("position")
    payments = Payment.objects.filter(instalment__project=project).select_related("instalment")
    if instalment is not None:
        instalments = instalments.filter(position__lte=instalment.position)
        payments = payments.filter(instalment__position__lte=instalment.position)
    return Spending(
        list(lines_with_receipts(project, instalment)), list(instalments), list(payments.order_by("paid_on", "pk"))
    )
