"""From the end of the works on: what is open in which state; by when, `projects.deadlines` says.

Source: domain guide §4 (guards of completion and closure), §8 (handover, evaluation, check six months later, lessons).
"""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

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
