"""What the brief of a region (« fiche région ») tells, for its page and its PDF alike."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from projects import coverage
from projects.models import Project
from projects.states import GRANTED, State
from regions import maps
from regions.models import Plan, Region
from sr_portal.dashboards.boards import Board
from sr_portal.dashboards.region_map import drawing_of

FEW = 5  # rows of each table: the brief is one page
FEW_SECTORS = 6


@dataclass(frozen=True)
class Line:
    """A project of the brief; `number` is that of its point on the map, None without one."""

    project: Project
    state: State
    days_late: int
    number: int | None = None


@dataclass(frozen=True)
class Brief:
    region: Region
    board: Board
    today: dt.date
    late: list[Line]
    largest: list[Line]
    plan: coverage.PlanCoverage | None
    drawing: maps.Drawing | None

    @property
    def gaps(self) -> list[coverage.Row]:
        """The priorities that lack most."""
        rows = self.plan.rows if self.plan else []
        return sorted((row for row in rows if row.money.gap), key=lambda row: -row.money.gap)[:FEW]

    @property
    def sectors(self):
        return self.board.by_sector[:FEW_SECTORS]


def brief_of(
    region: Region, every: Sequence[Region], board: Board, visible: QuerySet[Project], today: dt.date
) -> Brief:
    """`visible` are the projects that the reader may see and the board counts; two queries, and two for the plan."""
    columns = visible.select_related("partner", "fact").only(
        "title", "reference", "state", "approved_usd", "latitude", "longitude", "locality", "partner__name",
        "partner__acronym", "fact__due_on",
    )  # fmt: skip
    late = list(columns.filter(fact__region=region, fact__due_on__lt=today).order_by("fact__due_on", "pk")[:FEW])
    granted = columns.filter(state__in=sorted(GRANTED), approved_usd__isnull=False)
    largest = list(granted.order_by("-approved_usd", "pk")[:FEW])
    numbers = _numbered([*late, *largest])
    drawn = drawing_of(every)
    return Brief(
        region=region,
        board=board,
        today=today,
        late=[_line(project, numbers, today) for project in late],
        largest=[_line(project, numbers, today) for project in largest],
        plan=_plan_of(region),
        drawing=_with(drawn, region, [project for project in [*late, *largest] if project.pk in numbers])
        if drawn
        else None,
    )


def _line(project: Project, numbers: dict[int, int], today: dt.date) -> Line:
    due = project.fact.due_on
    return Line(project, State(project.state), max(0, (today - due).days) if due else 0, numbers.get(project.pk))


def _numbered(projects: Iterable[Project]) -> dict[int, int]:
    """A number for each that has a point, from 1, in the order of the tables."""
    numbers: dict[int, int] = {}
    for project in projects:
        if project.latitude is not None and project.pk not in numbers:
            numbers[project.pk] = len(numbers) + 1
    return numbers


def _with(drawn: maps.Drawing, region: Region, projects: list[Project]) -> maps.Drawing:
    """The country's drawing with the region brought out and its numbered points."""
    points = {project.pk: drawn.place(float(project.latitude), float(project.longitude)) for project in projects}
    shapes = [replace(shape, current=shape.code == region.code) for shape in drawn.shapes]
    return replace(drawn, shapes=shapes, dots=tuple(points.values()))


def _plan_of(region: Region) -> coverage.PlanCoverage | None:
    plan = Plan.objects.in_force().filter(region=region).select_related("region").defer("region__outline").first()
    return coverage.of_plan(plan) if plan else None
