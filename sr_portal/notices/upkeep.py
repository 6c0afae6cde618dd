"""What cron does for the queue: nothing stays in it for ever."""

import datetime as dt

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from sr_portal.web import clock

from .models import Mail
from .sending import deliver

FORGOTTEN = dt.timedelta(hours=1)  # past its time by this much, a mail has lost its task: its worker was killed
KEPT = dt.timedelta(days=14)


@transaction.atomic
def queue_again() -> int:
    """Give a new task to mails whose time is long past; a task too many finds nothing to send."""
    now = clock.now()
    lost = Mail.objects.due(now - FORGOTTEN).select_for_update(skip_locked=True)
    keys = [str(key) for key in lost.order_by("next_try_at", "pk").values_list("pk", flat=True)]
    if keys:
        Mail.objects.filter(pk__in=keys, status="queued").update(next_try_at=now)
        deliver.enqueue(keys)
    return len(keys)


def forget_done_tasks() -> int:
    """The mails keep their fate; the queue's own rows are forgotten two weeks after they ended."""
    deleted, _each = DBTaskResult.objects.finished().filter(finished_at__lt=clock.now() - KEPT).delete()
    return deleted
