"""From the end of the works on: what is open in which state, and when the works are checked once more.

Source: domain guide §4 (guards of completion and closure), §8 (handover, evaluation, check six months later, lessons).
"""

import datetime as dt

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from funds.rules import add_months
from projects.states import GRANTED, State

PROVISIONAL, FINAL = "provisional", "final"

# Act → the states in which it is open; the database holds the same (`triggers.completion`).
OPEN_IN: dict[str, frozenset[State]] = {
    PROVISIONAL: frozenset({State.ACTIVE, State.SUSPENDED, State.COMPLETED}),
    FINAL: frozenset({State.ACTIVE, State.SUSPENDED, State.COMPLETED, State.CLOSED}),  # the guarantee outlives closure
    "evaluation": frozenset({State.COMPLETED}),
    "check": frozenset({State.COMPLETED, State.CLOSED}),
    "lesson": GRANTED - {State.APPROVED},
}


def closed_in(state: State) -> str | Promise:
    return format_lazy(_("Le projet est à l’état «\u00a0{state}\u00a0»."), state=state.label)


def check_opens_on(mechanism, completed_on: dt.date | None) -> dt.date | None:
    """The first day on which the works are checked again, six months after completion by default."""
    return add_months(completed_on, mechanism.sustainability_months) if completed_on else None


def closure_due(mechanism, completed_on: dt.date) -> dt.date:
    """The day by which a completed project is to be closed."""
    return completed_on + dt.timedelta(days=mechanism.closure_days)
