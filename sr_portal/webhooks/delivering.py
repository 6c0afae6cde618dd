"""A message leaves: claimed in one transaction, sent outside of any, its fate written in another.

No transaction is open while the receiver is waited for: it would hold back the change feed of everybody. A worker that
dies in between leaves a claim that runs out, after which another sends the message again, under the same `webhook-id`.
"""

import datetime as dt
from dataclasses import dataclass
from secrets import SystemRandom
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from sr_portal import encryption
from sr_portal.web import clock

from . import posting, secrets_kept, signing
from .following import body_of
from .models import Delivery, Endpoint, PauseReason, State
from .pausing import pause_unasked
from .posting import Answer

log = structlog.get_logger("portal.webhooks")

# After each failure: some three days in all, as « Standard Webhooks » advises.
BACK_OFF = (
    dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=30), dt.timedelta(hours=2),
    dt.timedelta(hours=5), dt.timedelta(hours=10), dt.timedelta(hours=14), dt.timedelta(hours=20), dt.timedelta(hours=24),
)  # fmt: skip
JITTER = 0.2  # of a pause, added at random, so that what failed together does not come back together
MOST_FAILED = 5  # messages given up one after the other, after which the webhook is paused
LEASE = dt.timedelta(seconds=90)  # longer than any try, look-up of the name included
SKEW = dt.timedelta(seconds=5)  # by how much the clocks of two machines may differ
GONE = 410


@dataclass(frozen=True)
class Claim:
    """What a worker took with it: the attempt's number tells it from a later one."""

    key: UUID
    attempt: int
    url: str
    language: str
    headers: dict[str, str]
    body: bytes


@task(priority=-10)  # mail to people first
def deliver(key: str) -> None:
    deliver_one(UUID(key))


def enqueue(delivery: Delivery) -> None:
    deliver.using(run_after=delivery.next_try_at).enqueue(str(delivery.pk))


def deliver_one(key: UUID) -> None:
    """One try; nothing when it is not due, another worker has it, or nothing is left to tell."""
    claim = take(key)
    if claim is None:
        return
    with translation.override(claim.language):
        settle(claim, posting.post(claim.url, claim.headers, claim.body))


@transaction.atomic
def take(key: UUID) -> Claim | None:
    due = Delivery.objects.due(clock.now() + SKEW).filter(pk=key).select_related("endpoint__user")
    delivery = due.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if delivery is None:
        return None
    owner = delivery.endpoint.user
    body = body_of(delivery)
    if body is None:
        with translation.override(owner.language):
            return _drop(delivery, _("Le titulaire ne lit plus aucune de ces fiches."))
    known = _secrets_of(delivery.endpoint)
    delivery.state, delivery.attempts = State.SENDING, delivery.attempts + 1
    delivery.leased_until = clock.now() + LEASE
    delivery.save(update_fields=["state", "attempts", "leased_until"])
    headers = signing.headers(known, delivery.message_id, int(clock.now().timestamp()), body)
    return Claim(delivery.pk, delivery.attempts, delivery.endpoint.url, owner.language, headers, body)


def _secrets_of(endpoint: Endpoint) -> list[str]:
    try:
        return secrets_kept.in_use(endpoint)
    except encryption.Unreadable:
        log.error("webhook_secret_unreadable", endpoint=endpoint.pk)
        raise


def _drop(delivery: Delivery, why: str) -> None:
    delivery.state, delivery.finished_at, delivery.error = State.DROPPED, clock.now(), why
    delivery.save(update_fields=["state", "finished_at", "error"])


@transaction.atomic
def settle(claim: Claim, answer: Answer) -> None:
    """Write what became of a try, unless another has taken the message since, or the webhook was deleted."""
    endpoint = _endpoint_of(claim.key)
    mine = Delivery.objects.filter(pk=claim.key, state=State.SENDING, attempts=claim.attempt)
    delivery = mine.select_for_update(no_key=True).first()
    if endpoint is None or delivery is None:
        return
    delivery.status, delivery.milliseconds = answer.status, answer.milliseconds
    delivery.excerpt, delivery.error, delivery.leased_until = answer.excerpt, answer.error, None
    if answer.was_taken:
        delivery.state, delivery.finished_at = State.SENT, clock.now()
    else:
        _put_off(delivery, answer)
    delivery.save()
    _count(endpoint, delivery, answer)


def give_up_or_put_off(delivery: Delivery, why: str) -> None:
    """For what was taken and never settled. The row is locked by the caller, its webhook too."""
    delivery.error, delivery.leased_until = why, None
    _put_off(delivery, Answer(error=why))
    delivery.save()
    _count(delivery.endpoint, delivery, Answer(error=why))


def _put_off(delivery: Delivery, answer: Answer) -> None:
    if answer.status == GONE or delivery.is_test or delivery.attempts > len(BACK_OFF):
        delivery.state, delivery.finished_at = State.FAILED, clock.now()
        return
    pause = BACK_OFF[delivery.attempts - 1] * (1 + SystemRandom().uniform(0, JITTER))
    delivery.state = State.QUEUED
    delivery.next_try_at = clock.now() + max(pause, dt.timedelta(seconds=answer.retry_after))
    enqueue(delivery)


def _count(endpoint: Endpoint, delivery: Delivery, answer: Answer) -> None:
    """A webhook that fails again and again, or says that it wants nothing more, is paused and its owner told."""
    if delivery.is_test:
        return
    failures = endpoint.failures
    if delivery.state == State.SENT:
        failures = 0
    elif delivery.state == State.FAILED:
        failures += 1
    if failures != endpoint.failures:
        endpoint.failures = failures
        endpoint.save(update_fields=["failures"])
    if answer.status == GONE:
        pause_unasked(endpoint, PauseReason.GONE)
    elif failures >= MOST_FAILED:
        pause_unasked(endpoint, PauseReason.FAILURES)


def _endpoint_of(key: UUID) -> Endpoint | None:
    """Locked: the webhook before its messages, everywhere."""
    found = Endpoint.objects.filter(deliveries=key).select_related("user")
    return found.select_for_update(no_key=True, of=("self",)).first()
