"""What is due, told before, on and after the day, and to the next role when it stays late: `manage.py run_due`.

Whose turn a deadline is comes from `DeadlineQuerySet.for_user`, the rule of the page « Échéances ». Each stage of each
deadline is told once, by its key; a day on which nothing ran is caught up with the stage that is then reached.
"""

import datetime as dt
from collections import defaultdict
from functools import cache

from django.db.models import Q

from projects.models import Deadline
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.notices.kinds import Kind
from sr_portal.notices.models import Mail
from sr_portal.notices.telling import Message, tell

from .writing import reminded_as

BEFORE_DAYS = 7
# Days late after which a role is told: the one that the table of deadlines names, two weeks later the head of section.
ESCALATION = ((4, None), (18, Role.SECTION_HEAD))
PREFIX = "due:"


def stage_of(deadline: Deadline, on: dt.date) -> tuple[str, Kind] | None:
    """The stage that a deadline has reached on a day, and the kind of its notice; None while there is nothing to say."""
    late = (on - deadline.due_on).days
    if late > 0:
        return f"late-{(late - 1) // 7}", Kind.LATE  # the day after, then each week
    if late == 0:
        return "day", Kind.REMINDER
    soon = deadline.due_on - dt.timedelta(days=BEFORE_DAYS)
    if deadline.since is not None:  # what has a week or two in all is not recalled on the day when it begins
        soon = max(soon, deadline.since + (deadline.due_on - deadline.since) / 2)
    return ("before", Kind.REMINDER) if on >= soon else None


def escalated_to(deadline: Deadline, on: dt.date) -> list[Role]:
    """The roles that are to know by then, the nearest first."""
    late = (on - deadline.due_on).days
    own = deadline.escalates_to
    reached = [role or own for days, role in ESCALATION if late >= days]
    return list(dict.fromkeys(role for role in reached if role)) if own else []


def remind(on: dt.date) -> int:
    """Tell everybody what is due to be told on this day and was not yet; gives how many notices were written."""
    running = Deadline.objects.asked().filter(due_on__lte=on + dt.timedelta(days=BEFORE_DAYS))
    deadlines = {row.pk: row for row in running.for_list().order_by("due_on", "pk")}
    told: dict[tuple[str, str], dict[User, Kind]] = defaultdict(dict)
    asked_of: dict[str, set[User]] = defaultdict(set)
    named = Q(role_assignments__isnull=False) | Q(pk__in=running.order_by().values("person_id"))
    for user in User.objects.filter(named, is_active=True).distinct():
        for pk in running.for_user(user).values_list("pk", flat=True):
            asked_of[pk].add(user)
    holders = _holders()
    for pk, deadline in deadlines.items():
        if reached := stage_of(deadline, on):
            stage, kind = reached
            told[pk, stage] = dict.fromkeys(asked_of[pk], kind)
        for role in escalated_to(deadline, on):
            others = [user for user in holders(role, deadline.region_id) if user not in asked_of[pk]]
            told[pk, f"to-{role.value}"] = dict.fromkeys(others, Kind.ESCALATION)
    return sum(_tell(deadlines[pk], stage, users, on) for (pk, stage), users in _not_yet(deadlines, told).items())


def _holders():
    @cache
    def holding(role: Role, region_id: int) -> list[User]:
        return list(User.objects.filter(is_active=True).holding(role.value, region_id))

    return holding


def key_of(deadline: Deadline, stage: str) -> str:
    """A deadline that is given another day is told of anew."""
    return f"{PREFIX}{deadline.pk}:{deadline.due_on.isoformat()}:{stage}"


def _not_yet(deadlines, told):
    """Without those who were told already; one query."""
    known = set(
        Mail.objects.filter(key__in=[key_of(deadlines[pk], stage) for pk, stage in told]).values_list(
            "key", "recipient_id"
        )
    )
    return {
        (pk, stage): new
        for (pk, stage), users in told.items()
        if (new := {u: kind for u, kind in users.items() if (key_of(deadlines[pk], stage), u.pk) not in known})
    }


def _tell(deadline: Deadline, stage: str, users: dict[User, Kind], on: dt.date) -> int:
    project, late = deadline.project, (on - deadline.due_on).days
    message = Message(
        key=key_of(deadline, stage),
        write=lambda kind: reminded_as(deadline, project, kind, late),
        path=deadline.url,
        about=project.reference or "",
        about_id=deadline.project_id,
    )
    return len(tell(message, users))
