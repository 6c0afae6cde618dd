"""Questions asked of webhooks and of what was sent."""

import datetime as dt
from typing import Self

from django.db import models

from sr_portal.accounts.models import RoleAssignment

TEST = "test"  # the kind of a delivery that tells nothing, sent to see whether it arrives


class EndpointQuerySet(models.QuerySet):
    def awake(self) -> Self:
        """Those that are told what changes: not paused, of an account that is open and has a role."""
        return self.filter(has_reader(), paused_at__isnull=True)


def has_reader(prefix: str = "") -> models.Q:
    """The holder's account is open and has a role: without one they read nothing."""
    roles = RoleAssignment.objects.filter(user=models.OuterRef(f"{prefix}user_id"))
    return models.Q(models.Exists(roles), **{f"{prefix}user__is_active": True})


class DeliveryQuerySet(models.QuerySet):
    def due(self, now: dt.datetime) -> Self:
        """Those that may be tried at this instant: of a paused webhook only tests, of a closed account none."""
        may_leave = models.Q(endpoint__paused_at__isnull=True) | models.Q(kind=TEST)
        return self.filter(may_leave, has_reader("endpoint__"), state="queued", next_try_at__lte=now)

    def unfinished(self) -> Self:
        return self.filter(state__in=("queued", "sending"))

    def lost(self, now: dt.datetime) -> Self:
        """Those whose worker was killed while it spoke."""
        return self.filter(state="sending", leased_until__lt=now)

    def in_state(self, state: str) -> Self:
        return self.filter(state=state) if state else self

    def for_log(self) -> Self:
        """The columns of the log, in one query."""
        return self.only(
            "endpoint_id", "kind", "changes", "state", "attempts", "next_try_at", "created_at", "finished_at", "status",
            "milliseconds", "error", "replays",
        )  # fmt: skip
