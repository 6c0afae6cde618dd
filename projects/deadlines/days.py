"""The day of a limit for Python, by the row of the table from which `view` makes the SQL; a test holds both equal."""

import datetime as dt
from typing import Any

from funds.rules import add_months

from .table import DEADLINES, Limit


def due_on(code: str, mechanism: Any, since: dt.date | None, *, foreseen: dt.date | None = None) -> dt.date | None:
    """The day by which the limit `code` is to be met, counted by the mechanism's days or months from the day `since`.

    Before that step it is foreseen from `foreseen`, the project's last possible day, where the table says so; None
    when neither day is known. Raises KeyError for an unknown code, TypeError for a day written on a record.
    """
    limit = DEADLINES[code]
    if not isinstance(limit, Limit):
        raise TypeError(f"{code} is the day of a record, not a limit")
    start = since or (foreseen if limit.foreseen else None)
    if start is None:
        return None
    if limit.after.isdigit():
        return start + dt.timedelta(days=int(limit.after))
    length = getattr(mechanism, limit.after)
    return add_months(start, length) if limit.after.endswith("_months") else start + dt.timedelta(days=length)
