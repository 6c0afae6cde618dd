"""A project's deadlines as its page draws them: planned, done, late, in words and on one scale of days."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.deadlines.people import who
from projects.models import Committee, Deadline, Project, Standing
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import number

LOOKS: dict[Standing, tuple[str, str]] = {  # tone and icon of the badge
    Standing.DONE: ("positive", "check"),
    Standing.DONE_LATE: ("warning", "check"),
    Standing.LATE: ("danger", "clock"),
    Standing.TODAY: ("warning", "clock"),
    Standing.RUNNING: ("info", "hourglass-split"),
    Standing.FORESEEN: ("neutral", "calendar"),
}
MARGIN_DAYS = 3  # on each side of the scale, so that a mark at its end is whole
FOLLOWED_ELSEWHERE = "finding"  # once lifted, a finding is read among the visits


@dataclass(frozen=True)
class Bar:
    """A stretch of the scale: days from its beginning, and how many; `kind` names its colour."""

    kind: str
    start: int
    days: int


@dataclass(frozen=True)
class Line:
    deadline: Deadline
    who: str
    gap: str
    tone: str
    icon: str
    due_at: int
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True)
class Calendar:
    """`days` is the length of the scale and `today` its place on it, None when it lies outside."""

    lines: list[Line]
    days: int
    today: int | None

    @property
    def late(self) -> int:
        return sum(line.deadline.standing() is Standing.LATE for line in self.lines)


def calendar_of(deadlines: Sequence[Deadline], project: Project, committee: Committee | None) -> Calendar:
    """The dated ones, in the order of their days."""
    shown = [
        deadline
        for deadline in deadlines
        if deadline.due_on and not (deadline.code == FOLLOWED_ELSEWHERE and deadline.done_on)
    ]
    shown.sort(key=lambda deadline: (deadline.due_on, deadline.id))
    if not shown:
        return Calendar([], 1, None)
    today = clock.today()
    known = [day for deadline in shown for day in (deadline.since, deadline.due_on, deadline.done_on) if day]
    if any(deadline.standing() is Standing.LATE for deadline in shown):
        known.append(today)
    first, last = min(known) - dt.timedelta(MARGIN_DAYS), max(known) + dt.timedelta(MARGIN_DAYS)
    lines = [_line(deadline, project, committee, first, today) for deadline in shown]
    return Calendar(lines, (last - first).days, (today - first).days if first <= today <= last else None)


def _line(deadline: Deadline, project: Project, committee: Committee | None, first: dt.date, today: dt.date) -> Line:
    standing = deadline.standing(today)
    tone, icon = LOOKS[standing]
    since = deadline.since or deadline.due_on
    end = min(deadline.due_on, deadline.done_on or deadline.due_on)
    bars = [Bar(f"calendar-{standing}", (since - first).days, max((end - since).days, 0))]
    if deadline.days_late:
        bars.append(Bar("calendar-over", (deadline.due_on - first).days, deadline.days_late))
    return Line(
        deadline,
        who(deadline, project, committee),
        gap_of(deadline, standing),
        tone,
        icon,
        (deadline.due_on - first).days,
        bars,
    )


def gap_of(deadline: Deadline, standing: Standing) -> str:
    """« En retard de 3 jours », « Dans 12 jours »: the distance to the day, in words."""
    if standing is Standing.FORESEEN:
        return _("Prévu")
    if standing is Standing.TODAY:
        return _("Aujourd’hui")
    if standing is Standing.DONE:
        return _("À temps")
    if standing is Standing.RUNNING:
        days = deadline.days_left or 0
        return ngettext("Dans %(days)s jour", "Dans %(days)s jours", days) % {"days": number(days)}
    days = deadline.days_late
    if standing is Standing.DONE_LATE:
        return ngettext("Fait avec %(days)s jour de retard", "Fait avec %(days)s jours de retard", days) % {
            "days": number(days)
        }
    return ngettext("En retard de %(days)s jour", "En retard de %(days)s jours", days) % {"days": number(days)}
