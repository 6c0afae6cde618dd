"""What the report to a donor asks of the database: a constant number of queries, whatever the number of projects."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from funds.models import Contribution, DonorReport
from funds.themes import earmark_words, themes
from projects.models import (
    Allocation,
    Attachment,
    AttachmentKind,
    BudgetCategory,
    ExpectedResult,
    Finding,
    Lesson,
    Payment,
    PhotoStage,
    Project,
    Receipt,
    Report,
    ResultReached,
    Severity,
    StateChange,
    VisitPhoto,
    VisitState,
)
from projects.reporting import local_day
from projects.states import State
from sr_portal.web import clock

from .content import PEOPLE, ZERO, DonorReportContent, Financed, Period, Result, Spent, Weights

MOST_PHOTOS = 24  # of a whole report: some three megabytes
GRAVE = {Severity.BLOCKING: 0, Severity.MAJOR: 1}


def default_period(contribution: Contribution) -> Period:
    """From the day after the last report sent, or from the signature, until today. One query."""
    last = DonorReport.objects.filter(contribution=contribution).last_covered()
    today = clock.today()
    since = last + dt.timedelta(days=1) if last else contribution.signed_on
    return Period(min(since or today, today), today)


def read(contribution: Contribution, period: Period, user) -> DonorReportContent:
    """The report as `user` may read it; `contribution` with donor, mechanism and region. Signed ones only."""
    shares = _weights(contribution)
    projects = _projects(shares)
    readable = set(Project.objects.visible_to(user).filter(pk__in=shares).values_list("pk", flat=True))
    rows = {project.pk: Financed(project, shares[project.pk]) for project in projects}
    _money(rows, period)
    told = {pk: row for pk, row in rows.items() if pk in readable}
    _completed(rows)
    _reports(rows, period)
    _results(told, period)
    _lessons(told, period)
    _risks(told)
    _photos(told)
    ordered = sorted(rows.values(), key=lambda row: (-row.amount_usd, row.project.pk))
    region = contribution.region.name if contribution.region else ""
    return DonorReportContent(
        contribution, earmark_words(region, contribution.theme, themes()), period, clock.today(),
        list(contribution.receipts.filter(cancelled_at=None).order_by("received_on", "pk")),
        [row for row in ordered if row.project.pk in readable],
        [row for row in ordered if row.project.pk not in readable],
    )  # fmt: skip


def _weights(contribution: Contribution) -> dict[int, Weights]:
    """What each contribution of each of its projects weighs, this one's rank among them; by the project's key."""
    mine = Allocation.objects.filter(contribution=contribution).order_by().values("project_id")
    found: dict[int, Weights] = {}
    for row in Allocation.objects.filter(project__in=mine).with_paid().order_by("project_id", "contribution_id"):
        weights = found.setdefault(row.project_id, Weights())
        if row.contribution_id == contribution.pk:
            weights.rank = len(weights.amounts)
        weights.amounts.append(row.amount_usd)
        weights.paid.append(row.paid_usd)
    return found


def _projects(shares: Iterable[int]) -> QuerySet[Project]:
    found = Project.objects.filter(pk__in=list(shares))
    return found.select_related("region", "cercle", "partner", "sector").defer("search", "region__outline")


def _until(day: dt.date) -> dt.datetime:
    """The instant at which the day is over in the mission."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), timezone.get_default_timezone())


def _money(rows: dict[int, Financed], period: Period) -> None:
    paid = Payment.objects.filter(instalment__project__in=rows, paid_on__lte=period.until).order_by()
    within = Q(paid_on__gte=period.since)
    for row in paid.values("instalment__project_id").annotate(
        total=Sum("amount_usd"), within=Sum("amount_usd", filter=within)
    ):
        rows[row["instalment__project_id"]].paid_in_all = Spent(row["total"], row["within"] or ZERO)
    start, end = _until(period.since - dt.timedelta(days=1)), _until(period.until)
    spent = Receipt.objects.filter(instalment__project__in=rows, state="accepted", judged_at__lt=end).order_by()
    sums = spent.values("instalment__project_id", "line__category").annotate(
        total=Sum("amount_usd"), within=Sum("amount_usd", filter=Q(judged_at__gte=start))
    )
    for row in sums:
        of = rows[row["instalment__project_id"]].spent_in_all
        of[BudgetCategory(row["line__category"])] = Spent(row["total"], row["within"] or ZERO)


def _completed(rows: dict[int, Financed]) -> None:
    changes = StateChange.objects.filter(project__in=rows, target=State.COMPLETED).order_by("at", "pk")
    for project_id, at in changes.values_list("project_id", "at"):
        rows[project_id].completed_on = local_day(at)


def _reports(rows: dict[int, Financed], period: Period) -> None:
    """Of the accepted reports, the last that says something: people reached, difficulties, lessons."""
    names = [f"reached_{name}" for name in PEOPLE]
    found = Report.objects.filter(project__in=rows, state="accepted", judged_at__lt=_until(period.until))
    for report in found.order_by("judged_at", "pk").only("project_id", "difficulties", "lessons", *names):
        row = rows[report.project_id]
        reached = {name: getattr(report, f"reached_{name}") for name in PEOPLE}
        if any(reached.values()):
            row.reached = reached
        row.difficulties = report.difficulties.strip() or row.difficulties
        row.report_lessons = report.lessons.strip() or row.report_lessons


def _results(rows: dict[int, Financed], period: Period) -> None:
    known: dict[int, Result] = {}
    for expected in ExpectedResult.objects.filter(project__in=rows).order_by("project_id", "pk"):
        known[expected.pk] = Result(expected)
        rows[expected.project_id].results.append(known[expected.pk])
    found = ResultReached.objects.filter(
        report__project__in=rows, report__state="accepted", report__judged_at__lt=_until(period.until),
        value__isnull=False,
    )  # fmt: skip
    for reached in found.order_by("report__judged_at", "pk"):
        if result := known.get(reached.result_id):
            result.value, result.comment = reached.value, reached.comment


def _lessons(rows: dict[int, Financed], period: Period) -> None:
    found = Lesson.objects.filter(project__in=rows, recorded_at__lt=_until(period.until)).defer("search")
    for lesson in found.order_by("recorded_at", "pk"):
        rows[lesson.project_id].lessons.append(lesson)


def _risks(rows: dict[int, Financed]) -> None:
    found = Finding.objects.filter(project__in=rows, closed_at=None, severity__in=GRAVE)
    for finding in sorted(found, key=lambda one: (GRAVE[Severity(one.severity)], one.due_on, one.pk)):
        rows[finding.project_id].risks.append(finding)


def _photos(rows: dict[int, Financed]) -> None:
    """One before and one after of each project, of visits whose report is in; none where showing would endanger people.

    The proposal's own photo stands for a visit's where there is none before. At most `MOST_PHOTOS`, the largest amounts first.
    """
    shown = {pk: row for pk, row in rows.items() if not row.project.visibility_risk}
    for pk, stage, record in _taken(shown):
        shown[pk].photos.setdefault(stage, record)
    left = MOST_PHOTOS
    for row in sorted(shown.values(), key=lambda row: (-row.amount_usd, row.project.pk)):
        row.photos = {stage: row.photos[stage] for stage in ("before", "after") if stage in row.photos}
        row.photos = dict(list(row.photos.items())[: max(left, 0)])
        left -= len(row.photos)


def _taken(rows: dict[int, Financed]) -> Iterator[tuple[int, str, VisitPhoto | Attachment]]:
    """Project, stage and photo; the first before, the last after, those of visits before those of the proposal."""
    held = Q(document__withdrawn_at=None, document__is_sealed=False)
    visits = VisitPhoto.objects.filter(held, visit__project__in=rows, visit__state=VisitState.DONE)
    photos = list(visits.select_related("document", "visit").order_by("visit__done_on", "pk"))
    yield from ((one.visit.project_id, "before", one) for one in photos if one.stage == PhotoStage.BEFORE)
    yield from ((one.visit.project_id, "after", one) for one in reversed(photos) if one.stage == PhotoStage.AFTER)
    proposed = Attachment.objects.filter(held, project__in=rows, kind=AttachmentKind.PHOTO)
    found = proposed.filter(document__content_type__startswith="image/").select_related("document").order_by("pk")
    yield from ((one.project_id, "before", one) for one in found)
