"""Groups of states that dashboards count and lists filter by: the word of the address → its label and its states."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.states import GRANTED, State

COMMITTEE = (State.ELIGIBLE, State.IN_REVIEW, State.RECOMMENDED, State.NOT_RECOMMENDED)
TO_DECIDE = (State.SUBMITTED, State.SCREENING, State.RETURNED, *COMMITTEE)
UNDER_WAY = (State.APPROVED, State.AGREED, State.ACTIVE, State.SUSPENDED)
STILL_OPEN = (*TO_DECIDE, *UNDER_WAY, State.COMPLETED)
DROPPED = (State.INADMISSIBLE, State.REFUSED, State.WITHDRAWN)

STAGES: dict[str, tuple[str | Promise, tuple[State, ...]]] = {
    "deposes": (_("Tous, sauf les brouillons"), tuple(state for state in State if state is not State.DRAFT)),
    "instruction": (_("En instruction"), TO_DECIDE),
    "comite": (_("Devant le comité ou l’autorité"), COMMITTEE),
    "accordes": (_("Approuvés, quelle que soit la suite"), tuple(state for state in State if state in GRANTED)),
    "execution": (_("En exécution"), UNDER_WAY),
    "ecartes": (_("Irrecevables, refusés ou retirés"), DROPPED),
}
