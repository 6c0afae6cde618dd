"""What cron does for webhooks: no message stays half sent, none is kept for ever."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from sr_portal.web import clock

from .delivering import enqueue, give_up_or_put_off
from .models import Delivery, Endpoint

FORGOTTEN = dt.timedelta(minutes=15)  # past its time by this much, a message has lost its task


def take_back_lost() -> int:
    """Messages whose worker was killed while it spoke are put off like those that failed; how many."""
    keys = list(Delivery.objects.lost(clock.now()).order_by("pk").values_list("pk", flat=True))
    return sum(_take_back(key) for key in keys)


@transaction.atomic
def _take_back(key) -> bool:
    endpoint = Endpoint.objects.filter(deliveries=key).select_related("user")
    endpoint = endpoint.select_for_update(no_key=True, of=("self",)).first()
    delivery = (
        Delivery.objects.lost(clock.now()).filter(pk=key).select_for_update(no_key=True, skip_locked=True).first()
    )
    if endpoint is None or delivery is None:
        return False
    delivery.endpoint = endpoint
    with translation.override(endpoint.user.language):
        give_up_or_put_off(delivery, _("Le portail s’est arrêté pendant l’envoi : il a pu arriver ou non."))
    return True


def queue_again() -> int:
    """Give a new task to messages whose time is long past; a task too many finds nothing to send. How many."""
    found = Delivery.objects.due(clock.now() - FORGOTTEN).order_by("next_try_at", "pk")
    return sum(_queue_again(key) for key in list(found.values_list("pk", flat=True)))


@transaction.atomic
def _queue_again(key) -> bool:
    found = Delivery.objects.due(clock.now() - FORGOTTEN).filter(pk=key)
    delivery = found.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if delivery is None:
        return False
    delivery.next_try_at = clock.now()
    delivery.save(update_fields=["next_try_at"])
    enqueue(delivery)
    return True


def forget_old() -> int:
    """The log is kept for `WEBHOOK_LOG_DAYS`; old secrets only as long as they sign."""
    before = clock.now() - dt.timedelta(days=settings.WEBHOOK_LOG_DAYS)
    deleted, _each = Delivery.objects.filter(finished_at__lt=before).delete()
    over = Endpoint.objects.filter(previous_until__lt=clock.now())
    over.update(previous_sealed="", previous_until=None)
    return deleted
