"""Carrying money over: what a year that is over left unreserved goes to the next, within the mechanism's rule."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from funds import access, rules
from funds.models import CarryOver, Envelope, Mechanism
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day, number, usd

from .envelopes import Moved


@dataclass(frozen=True)
class Preview:
    """Both envelopes, USD, before and after `amount_usd` is carried; what is left of the old one lapses."""

    source: Envelope
    target_label: str
    target_usd: Decimal  # before; nothing when that envelope is not open yet
    amount_usd: Decimal

    @property
    def source_after_usd(self) -> Decimal:
        return self.source.amount_usd - self.amount_usd

    @property
    def target_after_usd(self) -> Decimal:
        return self.target_usd + self.amount_usd

    @property
    def lapses_usd(self) -> Decimal:
        return self.source.available_usd - self.amount_usd


def next_of(source: Envelope) -> Envelope:
    """The envelope of the following year, unsaved and empty when finance has not opened it."""
    year = source.fiscal_year + 1
    found = Envelope.objects.filter(mechanism_id=source.mechanism_id, fiscal_year=year).first()
    target = found or Envelope(mechanism=source.mechanism, fiscal_year=year, amount_usd=Decimal(0))
    target.mechanism = source.mechanism
    return target


def preview(source: Envelope, amount_usd: Decimal) -> Preview:
    """What would stand where; one query."""
    target = next_of(source)
    return Preview(source, target.label, target.amount_usd, amount_usd)


def carried_from(source: Envelope) -> Decimal:
    """What left it already, USD; one query."""
    return source.carried_out.aggregate(sum=Sum("amount_usd"))["sum"] or Decimal(0)


def most(source: Envelope) -> Decimal:
    """How much of it may be carried, USD; one query."""
    share = source.mechanism.carry_over_max
    return rules.most_carried(source.amount_usd, source.reserved_usd, carried_from(source), share)


def reasons_against(source: Envelope) -> list[str]:
    """Why nothing of it is carried now; `source` comes with its mechanism. One query at most."""
    _first, last = source.bounds
    if clock.today() <= last:
        return [_("L’exercice n’est pas terminé : il court jusqu’au %(day)s.") % {"day": day(last)}]
    if not source.mechanism.carry_over_max:
        return [_("L’argent non réservé de ce mécanisme est caduc à la fin de l’exercice.")]
    if source.available_usd <= 0:
        return [_("Tout est réservé : il n’y a rien à reporter.")]
    if not most(source):
        return [_("La part reportable de cette enveloppe l’est déjà.")]
    return []


@transaction.atomic
def carry_over(*, by, source: Envelope, amount_usd: Decimal, seen_usd: Decimal) -> CarryOver:
    """Carry `amount_usd` to the next year's envelope, opened empty when there is none.

    `seen_usd` is what was unreserved before the eyes of who confirms. Raises PermissionDenied, `Moved` when it is no
    longer that, ValidationError when the year, the share or what is unreserved does not allow it.
    """
    if not access.sets_envelopes(by):
        raise PermissionDenied
    # The mechanism first: two people who open the same missing envelope come one after the other.
    Mechanism.objects.select_for_update().get(pk=source.mechanism_id)
    source = Envelope.objects.select_for_update(of=("self",)).select_related("mechanism").get(pk=source.pk)
    if why := reasons_against(source):
        raise ValidationError(why)
    if source.available_usd != seen_usd:
        text = _("Il reste maintenant %(amount)s non réservés : vérifiez, puis recommencez.")
        raise Moved({"amount_usd": text % {"amount": usd(source.available_usd)}})
    limit = most(source)
    if amount_usd > limit:
        text = _("Au plus %(most)s : ce qui n’est pas réservé, et %(share)s %% de l’enveloppe.")
        share = number(source.mechanism.carry_over_max)
        raise ValidationError({"amount_usd": text % {"most": usd(limit), "share": share}})
    target = next_of(source)
    if target.pk is None:
        target.full_clean()
        target.save()
    made = CarryOver(source=source, target=target, amount_usd=amount_usd, carried_by=by)
    made.full_clean()
    made.save()
    return made
