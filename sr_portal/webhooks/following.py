"""What a webhook may follow, and what it is told: the change feed, seen with the eyes of its owner."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urljoin

import orjson
from django.conf import settings
from django.urls import reverse

from sr_portal.api import changes, feed
from sr_portal.api.resources import Resource
from sr_portal.api.urls import declared

from .models import Delivery, Endpoint


def followed() -> dict[str, Resource]:
    """The resources of the change feed by their kind, in the order of the documentation."""
    reverse("api:changes")  # a worker has read no address yet: the routes declare the resources
    return {one.kind: one for one in declared() if one.kind}


def may_follow(endpoint: Endpoint) -> dict[str, Resource]:
    """Those of its kinds whose lists its owner may ask for."""
    reader, known = endpoint.reader, followed()
    return {kind: known[kind] for kind in sorted(endpoint.kinds) if kind in known and known[kind].may(reader)}


def body_of(delivery: Delivery) -> bytes | None:
    """What is sent, as its owner may be told it now; None when nothing is left to tell.

    The same bytes at every try, unless what the owner reads, or the portal's address, changed in between.
    """
    if delivery.is_test:
        return _written("test", delivery.created_at.isoformat(), {"webhook": delivery.endpoint.name})
    resource = may_follow(delivery.endpoint).get(delivery.kind)
    if resource is None:
        return None
    found = [(key, changes.Mark(), dt.datetime.fromisoformat(at)) for key, at in delivery.changes]
    told = feed.tell(resource, delivery.endpoint.reader, found)
    if not told:
        return None
    list_ = [one.as_json(lambda path: urljoin(settings.PORTAL_URL, path)) for one in told]
    return _written(f"{delivery.kind}.changed", max(one.at for one in told).isoformat(), {"changes": list_})


def _written(type_: str, timestamp: str, data: dict[str, Any]) -> bytes:
    return orjson.dumps({"type": type_, "timestamp": timestamp, "data": data})
