"""Webhooks for tests, and the worker that sends."""

from typing import Any

import orjson
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sr_portal.accounts.models import User
from sr_portal.api.models import TokenScope
from sr_portal.web import clock
from sr_portal.webhooks import delivering, services
from sr_portal.webhooks.models import Delivery, Endpoint
from tests.factories.projects import region
from tests.notices.smtp import work

from .receiver import Receiver


def webhook(user: User, url: str = "http://127.0.0.1:9/", kinds=("project",), scope: str = "") -> Endpoint:
    scope = scope or TokenScope.PUBLISHED
    return services.make(by=user, name="Entrepôt de données", url=url, kinds=list(kinds), scope=scope)


def message(endpoint: Endpoint) -> Delivery:
    """One that tells of a region, which every partner may read; queued."""
    said = [[region().pk, clock.now().isoformat()]]
    delivery = Delivery.objects.create(endpoint=endpoint, kind="region", changes=said)
    delivering.enqueue(delivery)
    return delivery


def work_at_any_time() -> None:
    """Everything that is queued, whenever it was to be tried."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    work()


def fate(delivery: Delivery) -> tuple[str, int]:
    delivery.refresh_from_db()
    return delivery.state, delivery.attempts


def told(desk: Receiver) -> list[tuple[str, int, str]]:
    """What arrived, one by one: kind, key, what became of it."""
    found: list[tuple[str, int, str]] = []
    for got in desk.got:
        said: dict[str, Any] = orjson.loads(got.body)
        found += [(one["kind"], one["id"], one["change"]) for one in said["data"].get("changes", [])]
    return found
