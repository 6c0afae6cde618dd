"""Two records that look alike are said to be two organisations, or that word is taken back. Locks: both, by key."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from funds import access
from funds.models import DistinctPair, Organisation
from sr_portal.accounts.models import User
from sr_portal.web import clock


@transaction.atomic
def mark_distinct(*, by: User, one: Organisation, other: Organisation, reason: str) -> DistinctPair:
    """Raises PermissionDenied, ValidationError naming `reason`."""
    if not access.merges_partners(by):
        raise PermissionDenied
    found = Organisation.objects.select_for_update(no_key=True).filter(pk__in=[one.pk, other.pk]).order_by("pk")
    pair = list(found)
    if len(pair) < 2 or any(row.merged_into_id for row in pair):
        raise ValidationError(_("Une de ces fiches est déjà réunie à une autre."))
    made = DistinctPair(earlier=pair[0], later=pair[1], reason=reason.strip(), marked_by=by, marked_at=clock.now())
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def lift_mark(*, by: User, pair: DistinctPair) -> DistinctPair:
    """The pair may be proposed again; twice changes nothing. Raises PermissionDenied."""
    if not access.merges_partners(by):
        raise PermissionDenied
    current = DistinctPair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if current.lifted_at is None:
        current.lifted_by, current.lifted_at = by, clock.now()
        current.save(update_fields=["lifted_by", "lifted_at"])
    return current
