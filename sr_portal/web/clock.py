"""What time it is for the portal: the real time, unless sample data or a test stands at another moment."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_moment: ContextVar[dt.datetime | None] = ContextVar("moment", default=None)


def now() -> dt.datetime:
    """This instant, UTC."""
    return _moment.get() or timezone.now()


def today() -> dt.date:
    """The calendar day in the mission's time zone."""
    return day_of(now())


def day_of(instant: dt.datetime) -> dt.date:
    """The calendar day of an instant in the mission, as `mission_day` computes it in SQL."""
    return timezone.localdate(instant, timezone.get_default_timezone())


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Stand at `moment` (aware) for the length of the block, in this thread or task only."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
