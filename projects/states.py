"""The states of a project (domain guide §4), each with how it is shown and what money it holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Brouillon")
    SUBMITTED = "submitted", _("Soumise")
    SCREENING = "screening", _("En présélection")
    RETURNED = "returned", _("Renvoyée")
    INADMISSIBLE = "inadmissible", _("Irrecevable")
    ELIGIBLE = "eligible", _("Recevable")
    IN_REVIEW = "in_review", _("En comité")
    RECOMMENDED = "recommended", _("Recommandée")
    NOT_RECOMMENDED = "not_recommended", _("Non recommandée")
    APPROVED = "approved", _("Approuvée")
    AGREED = "agreed", _("Protocole signé")
    ACTIVE = "active", _("En cours")
    SUSPENDED = "suspended", _("Suspendue")
    COMPLETED = "completed", _("Achevée")
    CLOSED = "closed", _("Clôturée")
    REFUSED = "refused", _("Refusée")
    WITHDRAWN = "withdrawn", _("Retirée")
    CANCELLED = "cancelled", _("Annulée")

    @property
    def tone(self) -> str:
        """The colour family of the badge; the icon and the label say the same without colour."""
        return LOOKS[self][0]

    @property
    def icon(self) -> str:
        return LOOKS[self][1]


LOOKS: dict[State, tuple[str, str]] = {
    State.DRAFT: ("neutral", "pencil"),
    State.SUBMITTED: ("info", "send"),
    State.SCREENING: ("info", "search"),
    State.RETURNED: ("warning", "arrow-return-left"),
    State.INADMISSIBLE: ("danger", "x-circle"),
    State.ELIGIBLE: ("info", "check-circle"),
    State.IN_REVIEW: ("info", "people"),
    State.RECOMMENDED: ("positive", "hand-thumbs-up"),
    State.NOT_RECOMMENDED: ("warning", "hand-thumbs-down"),
    State.APPROVED: ("positive", "patch-check"),
    State.REFUSED: ("danger", "x-circle"),
    State.WITHDRAWN: ("neutral", "archive"),
    State.AGREED: ("positive", "clipboard-check"),
    State.ACTIVE: ("info", "play-circle"),
    State.SUSPENDED: ("warning", "pause-circle"),
    State.COMPLETED: ("positive", "flag"),
    State.CLOSED: ("neutral", "lock"),
    State.CANCELLED: ("danger", "x-circle"),
}

EDITABLE = frozenset({State.DRAFT, State.RETURNED})
ENDED = frozenset({State.INADMISSIBLE, State.REFUSED, State.WITHDRAWN, State.CLOSED, State.CANCELLED})

# The whole approved amount is reserved; then only what was really paid stays taken from the envelope.
RESERVING = frozenset({State.APPROVED, State.AGREED, State.ACTIVE, State.SUSPENDED, State.COMPLETED})
SETTLED = frozenset({State.CLOSED, State.CANCELLED})
GRANTED = RESERVING | SETTLED  # once approved, whatever became of it
UNDER_AGREEMENT = frozenset({State.AGREED, State.ACTIVE, State.SUSPENDED, State.COMPLETED})
PAYABLE = frozenset({State.AGREED, State.ACTIVE, State.COMPLETED})

# In which an old project may enter from a file (see `models.imported`): it was decided before this portal.
IMPORTED = frozenset({State.APPROVED, State.ACTIVE, State.COMPLETED, State.CLOSED, State.CANCELLED})
