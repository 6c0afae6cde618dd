"""Telling people what happened on a project, and saying beforehand who will be told."""

from dataclasses import dataclass, field
from functools import cache

from django.db.models import Model

from projects.models import Deadline, StateChange
from sr_portal.accounts.models import User
from sr_portal.notices.kinds import Kind, Way
from sr_portal.notices.models import Mail
from sr_portal.notices.silence import is_silent
from sr_portal.notices.telling import Message, tell, ways_of
from sr_portal.web import clock

from .people import Happening, told_of
from .writing import named, path_of, told_as


def tell_of(happening: Happening, key: str) -> list[Mail]:
    """Write to everybody whom it concerns, in the caller's transaction; `key` names the happening for ever."""
    if is_silent():
        return []
    project = happening.project

    @cache
    def due_on():
        asked = Deadline.objects.filter(project=project, turn=happening.about.turn, due_on__isnull=False)
        return asked.order_by("-due_on").values_list("due_on", flat=True).first()

    message = Message(
        key=key,
        write=lambda kind: told_as(happening, kind, due_on() if kind is Kind.TURN else None),
        path=path_of(happening),
        about=named(project)[:40] if project.reference else "",
        about_id=project.pk,
        urgent=happening.about.urgent,
    )
    return tell(message, told_of(happening))


def tell_of_step(change: StateChange, happening: Happening) -> list[Mail]:
    """A step of the life cycle."""
    return tell_of(happening, f"step:{change.pk}")


def tell_of_record(record: Model, happening: Happening) -> list[Mail]:
    """What happens to a record of the project, which is told anew each time that it happens."""
    return tell_of(happening, f"{happening.event}:{record.pk}:{clock.now().isoformat()}")


def tell_once_a_day(happening: Happening) -> list[Mail]:
    """What happens many times a day to a project is told once."""
    return tell_of(happening, f"{happening.event}:{happening.project.pk}:{clock.today().isoformat()}")


@dataclass
class Announced:
    """Whom an act will write to, by when they will read it: at once, or in a digest. People's names, sorted."""

    now: list[User] = field(default_factory=list)
    later: list[User] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.now or self.later)


def announced(*happenings: Happening) -> Announced:
    """Who will be told of what is about to happen. One query for each."""
    sooner: dict[User, bool] = {}
    for happening in happenings:
        told = told_of(happening)
        for user, way in ways_of(told, urgent=happening.about.urgent).items() if told else ():
            if way is not Way.NEVER and user.email:
                sooner[user] = sooner.get(user, False) or way is Way.NOW
    people = sorted(sooner, key=lambda user: str(user).casefold())
    return Announced([user for user in people if sooner[user]], [user for user in people if not sooner[user]])
