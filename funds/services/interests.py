"""Interests that people declare in partners: while one lasts, they decide on none of the partner's projects."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from funds import access
from funds.models import Interest, Organisation
from sr_portal.web import clock


@transaction.atomic
def declare(*, by, organisation: Organisation, nature: str) -> Interest:
    """Declare one's own interest. Raises PermissionDenied, ValidationError when one is declared already."""
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if not access.declares_interests(by) or organisation.merged_into_id is not None:
        raise PermissionDenied
    interest = Interest(user=by, organisation=organisation, nature=nature.strip())
    interest.full_clean()
    interest.save()
    return interest


@transaction.atomic
def end(*, by, interest: Interest) -> Interest:
    """Say that one's own interest is over; ending it twice leaves the first date. Raises PermissionDenied."""
    interest = Interest.objects.select_for_update().get(pk=interest.pk)
    if interest.user_id != by.pk:
        raise PermissionDenied
    if interest.ended_at is None:
        interest.ended_at = clock.now()
        interest.save(update_fields=["ended_at"])
    return interest
