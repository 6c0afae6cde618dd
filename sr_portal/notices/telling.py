"""Telling people something, in the transaction of whoever does it: what is rolled back was never told."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import translation

from sr_portal.accounts.models import User
from sr_portal.web import clock

from .kinds import CHOICES, Kind, Way
from .models import Mail, MailPreference, Status
from .sending import deliver
from .silence import is_silent


@dataclass(frozen=True)
class Message:
    """`write` gives the subject and the text of a kind in the language that is then active.

    `key` names the happening: somebody is told of it once. `path` is the page that it leads to, `about` the reference
    of the project and `about_id` its key. An `urgent` one goes at once to all who did not refuse its kind.
    """

    key: str
    write: Callable[[Kind], tuple[str, str]]
    path: str = ""
    about: str = ""
    about_id: int | None = None
    urgent: bool = False


def with_ways(people: QuerySet[User]) -> QuerySet[User]:
    """These users with what each chose to receive, which `ways_of` then need not ask for."""
    chosen = MailPreference.objects.filter(user=OuterRef("pk")).values(chosen=JSONObject(kind="kind", way="way"))
    return people.annotate(ways_chosen=ArraySubquery(chosen))


def ways_of(told: Mapping[User, Kind], *, urgent: bool = False) -> dict[User, Way]:
    """How each of these people hears of this, by their own choice; one query, none for who come `with_ways`."""
    unknown = [user.pk for user in told if not hasattr(user, "ways_chosen")]
    chosen = {(user.pk, row["kind"]): row["way"] for user in told for row in getattr(user, "ways_chosen", ())}
    if unknown:
        rows = MailPreference.objects.filter(user__in=unknown).values_list("user_id", "kind", "way")
        chosen |= {(user_id, kind): way for user_id, kind, way in rows}
    ways = {user: Way(chosen.get((user.pk, kind.value), CHOICES[kind].default)) for user, kind in told.items()}
    return {user: Way.NOW if urgent and way is not Way.NEVER else way for user, way in ways.items()}


@transaction.atomic
def tell(message: Message, told: Mapping[User, Kind]) -> list[Mail]:
    """Write the mails and queue those that go at once; gives the new ones.

    Everything is written in the caller's transaction, the queue's task too. Who was told of `message.key` already, who
    refused this kind and who has no open account is left out; nobody is told anything inside `silence`.
    """
    if is_silent() or not told:
        return []
    written: dict[tuple[str, Kind], tuple[str, str]] = {}
    mails = []
    for user, way in ways_of(told, urgent=message.urgent).items():
        if way is Way.NEVER or not user.is_active or not user.email:
            continue
        draft = (user.language, told[user])
        if draft not in written:
            with translation.override(user.language):
                written[draft] = message.write(told[user])
        mails.append(_mail(message, user, told[user], way, *written[draft]))
    Mail.objects.bulk_create(mails, ignore_conflicts=True)  # two at once: the unique key lets one in
    made = set(Mail.objects.filter(pk__in=[mail.pk for mail in mails]).values_list("pk", flat=True))
    mails = [mail for mail in mails if mail.pk in made]
    if queued := [str(mail.pk) for mail in mails if mail.status == Status.QUEUED]:
        deliver.enqueue(queued)
    return mails


def _mail(message: Message, user: User, kind: Kind, way: Way, subject: str, text: str) -> Mail:
    held = way is not Way.NOW
    return Mail(
        recipient=user, address=user.email, kind=kind, key=message.key, subject=" ".join(subject.split())[:200],
        text=text.strip(), path=message.path, about=message.about or "", about_id=message.about_id,
        urgent=message.urgent, status=Status.HELD if held else Status.QUEUED,
        waits_until=gathered_from(way, clock.today()) if held else None,
    )  # fmt: skip


def gathered_from(way: Way, day: dt.date) -> dt.date:
    """The first day whose digest may take up what was told on `day`: that day, or the Monday that follows."""
    return day + dt.timedelta(days=(7 - day.weekday()) % 7) if way is Way.WEEKLY else day
