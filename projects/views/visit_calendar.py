"""All the visits that somebody may read, by month or as a list, and all the findings that are open."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import dateformat
from django.utils.dates import WEEKDAYS
from django.views.decorators.http import require_safe

from projects import visit_access
from projects.filters import chips
from projects.models import Finding, Visit, VisitState
from projects.states import UNDER_AGREEMENT, State
from projects.visit_filters import FindingFilter, VisitFilter
from sr_portal.accounts.access import only
from sr_portal.web import clock
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted

MOST_A_DAY = 4  # visits written in a square of the calendar; the rest is a link to the list of that day
MOST_A_MONTH = 600  # rows read for a month
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass
class Day:
    """A square of the calendar; `more` counts the visits that it has no room for."""

    date: dt.date
    in_month: bool
    is_today: bool
    visits: list[Visit] = field(default_factory=list)
    more: int = 0

    def add(self, visit: Visit) -> None:
        if len(self.visits) < MOST_A_DAY:
            self.visits.append(visit)
        else:
            self.more += 1


def month_of(text: str) -> dt.date:
    """The first day of the month written as 2026-11; of this month when it cannot be read."""
    found = MONTH.fullmatch(text)
    return dt.date(int(found[1]), int(found[2]), 1) if found else clock.today().replace(day=1)


def weeks_of(month: dt.date, visits) -> list[list[Day]]:
    """The month as whole weeks from Monday on, with the visits of each day."""
    today = clock.today()
    weeks = [
        [Day(day, day.month == month.month, day == today) for day in week]
        for week in calendar.Calendar().monthdatescalendar(month.year, month.month)
    ]
    squares = {day.date: day for week in weeks for day in week}
    for visit in visits:
        if square := squares.get(visit.day):
            square.add(visit)
    return weeks


def mark_late(visits: Iterable[Visit]) -> None:
    """`is_late` on each: still to be made, of a project that lives, its day gone by."""
    today = clock.today()
    for visit in visits:
        lives = State(visit.project.state) in UNDER_AGREEMENT
        visit.is_late = lives and visit.state == VisitState.PLANNED and visit.planned_on < today


@require_safe
@only(visit_access.reads_visits)
def visit_calendar(request: HttpRequest) -> HttpResponse:
    filters = VisitFilter(request.GET, Visit.objects.visible_to(request.user), user=request.user)
    found = filters.qs.for_list()
    context = {
        "filter": filters.form,
        "today": clock.today(),
        "view": "liste" if request.GET.get("vue") == "liste" else "mois",
        "may_go": visit_access.may_hold_visits(request.user),
    }
    active = chips(filters)
    if context["view"] == "liste":
        page = KeysetPage.of(found, request.GET.get(PARAMETER, ""), order="-day")
        mark_late(page)
        context |= {"page": page, "count": counted(filters.qs)}
    else:
        context |= _month(request, found)
    context |= {"chips": [chip for chip in active if chip.label]}
    status = 422 if filters.form.errors else 200
    return render(request, "projects/visits/calendar.html", context, status=status)


def _month(request: HttpRequest, found) -> dict:
    month = month_of(request.GET.get("mois", ""))
    span = calendar.Calendar().monthdatescalendar(month.year, month.month)
    first, last = span[0][0], span[-1][-1]
    rows = list(found.filter(day__range=(first, last)).order_by("day", "pk")[:MOST_A_MONTH])
    mark_late(rows)
    return {
        "month": month,
        "month_name": dateformat.format(month, "F Y"),
        "previous": (month - dt.timedelta(days=1)).strftime("%Y-%m"),
        "next": (month + dt.timedelta(days=31)).strftime("%Y-%m"),
        "is_this_month": month == clock.today().replace(day=1),
        "weekdays": [WEEKDAYS[rank] for rank in range(7)],
        "weeks": weeks_of(month, rows),
        "month_count": sum(row.day.month == month.month for row in rows),
    }


@require_safe
@only(visit_access.reads_visits)
def findings(request: HttpRequest) -> HttpResponse:
    """The open findings of the projects that live, the first due first."""
    seen = Finding.objects.visible_to(request.user).of_living_projects()
    filters = FindingFilter(request.GET, seen, user=request.user)
    page = KeysetPage.of(filters.qs.for_list(), request.GET.get(PARAMETER, ""), order="due_on")
    context = {
        "filter": filters.form,
        "chips": chips(filters),
        "page": page,
        "count": counted(filters.qs),
        "today": clock.today(),
    }
    return render(request, "projects/visits/findings.html", context, status=422 if filters.form.errors else 200)
