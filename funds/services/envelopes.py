"""The yearly envelopes: the finance officer sets and adjusts them, never below what projects have reserved."""

from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from funds import access
from funds.models import Envelope, Mechanism
from sr_portal.web.templatetags.portal import usd


class Moved(ValidationError):
    """Somebody else set the amount in between; nothing was written."""


@transaction.atomic
def set_envelope(*, by, mechanism: Mechanism, fiscal_year: int, amount_usd: Decimal) -> Envelope:
    """Open the envelope of a mechanism for a fiscal year, USD. Raises PermissionDenied, ValidationError."""
    _only_finance(by)
    _within_received(mechanism, amount_usd)
    envelope = Envelope(mechanism=mechanism, fiscal_year=fiscal_year, amount_usd=amount_usd)
    envelope.full_clean()
    envelope.save()
    return envelope


@transaction.atomic
def adjust_envelope(*, by, envelope: Envelope, amount_usd: Decimal, seen_usd: Decimal) -> Envelope:
    """Change the amount from `seen_usd`, what its editor had before their eyes, USD.

    Locks the mechanism, as whoever moves money between its envelopes does first, then the envelope, so that an approval that reserves waits or is counted. Raises PermissionDenied, `Moved` when the
    amount is no longer the one seen, ValidationError when it would not cover what is reserved or passes what came in.
    """
    _only_finance(by)
    Mechanism.objects.select_for_update(no_key=True).get(pk=envelope.mechanism_id)
    envelope = Envelope.objects.select_for_update().get(pk=envelope.pk)
    if envelope.amount_usd != seen_usd:
        raise Moved(
            {
                "amount_usd": _(
                    "Quelqu’un d’autre a porté ce montant à %(amount)s entre-temps : vérifiez, puis recommencez."
                )
                % {"amount": usd(envelope.amount_usd)}
            }
        )
    if amount_usd < envelope.reserved_usd:
        raise ValidationError(
            {
                "amount_usd": _(
                    "Des projets approuvés ont déjà réservé %(reserved)s : l’enveloppe ne peut descendre plus bas."
                )
                % {"reserved": usd(envelope.reserved_usd)}
            }
        )
    _within_received(envelope.mechanism, amount_usd - envelope.amount_usd)
    envelope.amount_usd = amount_usd
    envelope.full_clean()
    envelope.save(update_fields=["amount_usd"])
    return envelope


def room_usd(mechanism: Mechanism, *, lock: bool = False) -> Decimal | None:
    """What came in for a mechanism and its envelopes do not set aside yet, USD; None where nothing has to come in.

    `lock` holds the mechanism's row, as `envelopes_within_received` does in SQL.
    """
    if lock:
        mechanism = Mechanism.objects.select_for_update(no_key=True).get(pk=mechanism.pk)
    if not mechanism.funded_by_contributions:
        return None
    set_aside = mechanism.envelopes.aggregate(all=Sum("amount_usd"))["all"] or Decimal(0)
    return mechanism.contributions.all().received_usd() - set_aside


def _within_received(mechanism: Mechanism, more_usd: Decimal) -> None:
    room = room_usd(mechanism, lock=True)
    if room is not None and more_usd > 0 and more_usd > room:
        raise ValidationError(
            {
                "amount_usd": _(
                    "Les contributions reçues ne couvrent que %(room)s de plus : enregistrez d’abord l’encaissement."
                )
                % {"room": usd(max(room, Decimal(0)))}
            }
        )


def _only_finance(by) -> None:
    if not access.sets_envelopes(by):
        raise PermissionDenied
