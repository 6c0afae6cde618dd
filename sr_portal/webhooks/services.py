"""Making, changing, pausing and deleting webhooks, and asking for a message again. Each service is one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from sr_portal.accounts import rules
from sr_portal.accounts.models import User
from sr_portal.api import changes, tokens
from sr_portal.web import clock

from . import secrets_kept, signing
from .delivering import enqueue
from .following import followed
from .models import Delivery, Endpoint, PauseReason, Place, State
from .querysets import TEST

MOST_WEBHOOKS = 10  # of one person
MOST_TESTS = 5  # of one webhook that wait or left within a minute
OLD_SIGNS = dt.timedelta(hours=24)  # how long the secret before signs as well


def owns(by: User, endpoint: Endpoint) -> bool:
    return by.pk == endpoint.user_id


def may_act(by: User, endpoint: Endpoint) -> bool:
    """Pause, resume, test, send again, delete. What is sent, and the secret, are the owner's alone."""
    return owns(by, endpoint) or rules.may_manage_people(by)


def may_read(by: User, endpoint: Endpoint) -> bool:
    return owns(by, endpoint) or rules.may_see_people(by)


@transaction.atomic
def make(*, by: User, name: str, url: str, kinds: Sequence[str], scope: str) -> Endpoint:
    """A new webhook of one's own, that is told of what changes from now on.

    Raises ValidationError by field when the address, a kind or the scope is refused, or the account has no role.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not user.is_active or not user.scopes:
        raise ValidationError(_("Ce compte n’a aucun rôle : un webhook ne dirait rien."), code="no_role")
    if user.webhooks.count() >= MOST_WEBHOOKS:
        raise ValidationError(_("Vous avez déjà %(most)d webhooks : supprimez-en un.") % {"most": MOST_WEBHOOKS})
    endpoint = Endpoint(user=user, name=name, url=url, kinds=_known(kinds), scope=_given(scope, user))
    endpoint.key_sealed = secrets_kept.seal(endpoint, signing.new_secret())
    endpoint.full_clean()
    endpoint.save()
    _stand_here(endpoint)
    return endpoint


@transaction.atomic
def change(endpoint: Endpoint, *, by: User, name: str, url: str, kinds: Sequence[str], scope: str) -> Endpoint:
    """Of a kind that is new to it, it is told from now on. Raises PermissionDenied, ValidationError."""
    endpoint = _locked(endpoint)
    if not owns(by, endpoint):
        raise PermissionDenied
    endpoint.name, endpoint.url, endpoint.kinds, endpoint.scope = name, url, _known(kinds), _given(scope, by)
    endpoint.full_clean()
    endpoint.save(update_fields=["name", "url", "kinds", "scope"])
    _stand_here(endpoint)
    return endpoint


def _known(kinds: Sequence[str]) -> list[str]:
    known = followed()
    if set(kinds) - set(known):
        raise ValidationError({"kinds": _("Ce genre de fiches n’existe pas.")}, code="kind")
    return [kind for kind in known if kind in kinds]


def _given(scope: str, user: User) -> str:
    if scope not in tokens.scopes_for(user, user):
        raise ValidationError({"scope": _("Cette portée n’est pas à donner ici.")}, code="scope")
    return scope


def _stand_here(endpoint: Endpoint) -> None:
    """A place for each kind, at what changes from now on where there was none."""
    endpoint.places.exclude(kind__in=endpoint.kinds).delete()
    standing = set(endpoint.places.values_list("kind", flat=True))
    for kind in endpoint.kinds:
        if kind not in standing:
            mark = changes.mark_of(kind, clock.now())
            Place.objects.create(endpoint=endpoint, kind=kind, position=mark.position, key=mark.key)


@transaction.atomic
def renew_secret(endpoint: Endpoint, *, by: User) -> Endpoint:
    """Another secret; for a day the one before signs as well. Raises PermissionDenied."""
    endpoint = _locked(endpoint)
    if not owns(by, endpoint):
        raise PermissionDenied
    endpoint.previous_sealed, endpoint.previous_until = endpoint.key_sealed, clock.now() + OLD_SIGNS
    endpoint.key_sealed = secrets_kept.seal(endpoint, signing.new_secret())
    endpoint.secret_made_at = clock.now()
    endpoint.save(update_fields=["previous_sealed", "previous_until", "key_sealed", "secret_made_at"])
    return endpoint


@transaction.atomic
def pause(endpoint: Endpoint, *, by: User) -> Endpoint:
    """Nothing leaves any more but tests; what changes waits in the log. Raises PermissionDenied."""
    endpoint = _mine(endpoint, by)
    if endpoint.paused_at is None:
        endpoint.paused_at, endpoint.paused_why = clock.now(), PauseReason.PERSON
        endpoint.save(update_fields=["paused_at", "paused_why"])
    return endpoint


@transaction.atomic
def resume(endpoint: Endpoint, *, by: User) -> Endpoint:
    """What waited leaves, then what changed since. Raises PermissionDenied."""
    endpoint = _mine(endpoint, by)
    if endpoint.paused_at is not None:
        endpoint.paused_at, endpoint.paused_why, endpoint.failures = None, "", 0
        endpoint.save(update_fields=["paused_at", "paused_why", "failures"])
        for delivery in endpoint.deliveries.filter(state=State.QUEUED).select_for_update(no_key=True).order_by("pk"):
            delivery.next_try_at = clock.now()
            delivery.save(update_fields=["next_try_at"])
            enqueue(delivery)
    return endpoint


@transaction.atomic
def delete(endpoint: Endpoint, *, by: User) -> None:
    """With its log; its own history stays. Raises PermissionDenied."""
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    if not may_act(by, endpoint):
        raise PermissionDenied
    endpoint.delete()


@transaction.atomic
def send_test(endpoint: Endpoint, *, by: User) -> Delivery:
    """A message that tells nothing, sent once, to a paused webhook as well. Raises PermissionDenied, ValidationError."""
    endpoint = _mine(endpoint, by)
    lately = clock.now() - dt.timedelta(minutes=1)
    if endpoint.deliveries.filter(kind=TEST, created_at__gt=lately).count() >= MOST_TESTS:
        raise ValidationError(_("Plusieurs essais viennent de partir : attendez une minute."), code="many")
    delivery = Delivery.objects.create(endpoint=endpoint, kind=TEST, asked_by=by)
    enqueue(delivery)
    return delivery


@transaction.atomic
def replay(delivery: Delivery, *, by: User) -> Delivery:
    """Send again what arrived or was given up, under the same `webhook-id`. Raises PermissionDenied, ValidationError."""
    endpoint = _mine(delivery.endpoint, by)
    delivery = endpoint.deliveries.select_for_update(no_key=True).get(pk=delivery.pk)
    if not delivery.is_replayable:
        raise ValidationError(_("Cet envoi n’est pas terminé : rechargez la page."), code="state")
    _again(delivery, by)
    return delivery


@transaction.atomic
def replay_failed(endpoint: Endpoint, *, by: User) -> int:
    """All that was given up, the oldest first; how many. Raises PermissionDenied."""
    endpoint = _mine(endpoint, by)
    failed = endpoint.deliveries.filter(state=State.FAILED).exclude(kind=TEST)
    found = list(failed.select_for_update(no_key=True).order_by("created_at", "pk"))
    for delivery in found:
        _again(delivery, by)
    return len(found)


def _again(delivery: Delivery, by: User) -> None:
    delivery.state, delivery.attempts, delivery.finished_at = State.QUEUED, 0, None
    delivery.replays, delivery.asked_by, delivery.next_try_at = delivery.replays + 1, by, clock.now()
    delivery.save(update_fields=["state", "attempts", "finished_at", "replays", "asked_by", "next_try_at"])
    enqueue(delivery)


def _locked(endpoint: Endpoint) -> Any:
    return Endpoint.objects.select_for_update(no_key=True, of=("self",)).select_related("user").get(pk=endpoint.pk)


def _mine(endpoint: Endpoint, by: User) -> Any:
    found = _locked(endpoint)
    if not may_act(by, found):
        raise PermissionDenied
    return found
