"""Somebody's deadlines as an iCalendar file (RFC 5545, RFC 7986): one event of a whole day for each."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Alarm, Calendar, Event, vDuration, vUri

from projects.models import Deadline

PRODUCT = "-//Portail S&R//Echeances//FR"
REMINDED = dt.timedelta(hours=-15)  # before the midnight at which the day begins: at nine on the day before
REFRESHED = dt.timedelta(hours=6)


def calendar_of(deadlines: Sequence[Deadline], *, on: dt.date, host: str, absolute: Callable[[str], str]) -> bytes:
    """The file, in the language in force. `deadlines` have a day each, their project and its region.

    `host` makes the identities of the events, which stay the same from one reading to the next; `absolute` turns a
    path into a whole address. What is late says so, as of the day `on`, and rings no more.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _("Mes échéances – Portail S&R"))
    calendar.add("refresh-interval", vDuration(REFRESHED), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESHED))
    for deadline in deadlines:
        calendar.add_component(_event(deadline, on, host, absolute))
    return calendar.to_ical()


def _event(deadline: Deadline, on: dt.date, host: str, absolute: Callable[[str], str]) -> Event:
    project, late = deadline.project, deadline.due_on < on
    name = f"{deadline.label} – {project.title}"
    what = str(deadline.whose.what)
    event = Event()
    event.add("uid", f"{deadline.pk}@{host}")
    # What the file says holds for the day: a program sees it change once a day, not at each reading.
    event.add("dtstamp", dt.datetime.combine(on, dt.time(), tzinfo=dt.UTC))
    event.add("dtstart", deadline.due_on)
    event.add("dtend", deadline.due_on + dt.timedelta(days=1))
    event.add("summary", _("En retard\u00a0: %(what)s") % {"what": name} if late else name)
    event.add("description", "\n".join(_lines(deadline, what, on, absolute)))
    event.add("location", f"{project.locality}, {project.region.name}" if project.locality else project.region.name)
    event.add("url", vUri(absolute(reverse("projects:detail", args=[project.pk]))))
    event.add("categories", [deadline.label])
    event.add("transp", "TRANSPARENT")  # a deadline keeps nobody from being free
    event.add("class", "PRIVATE")
    if not late:
        event.add_component(_alarm(name))
    return event


def _lines(deadline: Deadline, what: str, on: dt.date, absolute: Callable[[str], str]) -> list[str]:
    project, late = deadline.project, (on - deadline.due_on).days
    lines = [what, " · ".join(filter(None, (project.reference, project.title, project.region.name)))]
    if late > 0:
        lines.append(ngettext("%(days)s jour de retard", "%(days)s jours de retard", late) % {"days": late})
    return [*lines, absolute(deadline.url)]


def _alarm(name: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", name)
    alarm.add("trigger", REMINDED)
    return alarm
