"""The doors of mail: each person's choices, and the journal of what was sent."""

from .doors import Door
from .people import SIGNED_IN, Actor

JOURNAL_READERS = frozenset({Actor.ADMINISTRATOR, Actor.AUDITOR})

NOTICES = (
    Door("notices:preferences", get=SIGNED_IN, post=SIGNED_IN),
    Door("notices:journal", get=JOURNAL_READERS),
)
