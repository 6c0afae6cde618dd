"""What a person chose to receive, and choosing it."""

from collections.abc import Mapping

from django.db import transaction

from sr_portal.accounts.models import User

from .kinds import CHOICES, Kind, Way
from .models import MailPreference


def ways_chosen(user: User) -> dict[Kind, Way]:
    """How this person hears of each kind, by their choice or by default."""
    chosen = dict(user.mail_preferences.values_list("kind", "way"))
    return {kind: Way(chosen.get(kind.value, choice.default)) for kind, choice in CHOICES.items()}


@transaction.atomic
def choose(user: User, ways: Mapping[Kind, Way]) -> None:
    """Keep the choices; what stays as it was is not written. Raises `ValidationError` for a way that a kind refuses.

    What was told already keeps the way that was chosen then.
    """
    User.objects.select_for_update().only("pk").get(pk=user.pk)  # two clicks at once: the second waits
    known = {row.kind: row for row in user.mail_preferences.all()}
    for kind, way in ways.items():
        row = known.get(kind.value) or MailPreference(user=user, kind=kind)
        if row.pk is None and way is CHOICES[kind].default or row.way == way:
            continue
        row.way = way
        row.full_clean()
        row.save()
