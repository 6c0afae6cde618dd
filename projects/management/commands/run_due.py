"""What cron calls, as often as one likes: reminders, escalation, digests, mail and webhooks that wait. Twice changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone

from funds.notices import decisions, donor_reports, prospects
from funds.services.partners import end_exclusions
from projects.notices.reminders import remind
from sr_portal.api import changes
from sr_portal.notices.digests import gather
from sr_portal.notices.upkeep import forget_done_tasks, queue_again
from sr_portal.web import clock
from sr_portal.webhooks import upkeep as webhooks
from sr_portal.webhooks.spreading import spread

RUN_DUE_LOCK = 0x53_52_2D_44  # any number, the same for everybody: "SR-D"


class Command(BaseCommand):
    help = "Remind, escalate, gather the day's digests and queue forgotten mail again; safe to run at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # Two at once: the second waits, then finds everything told.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RUN_DUE_LOCK])
            told = gathered = 0
            if timezone.localtime(clock.now(), timezone.get_default_timezone()).hour >= settings.MAIL_HOUR:
                today = clock.today()
                end_exclusions(today)
                told = remind(today) + decisions.remind(today) + donor_reports.remind(today) + prospects.remind(today)
                gathered = gather(today)
            again = queue_again()
            cursor.execute("SELECT fold_cells()")  # what a quiet day of few writes would leave loose
        forgotten = forget_done_tasks()
        changes.forget_overtaken()
        webhooks.take_back_lost()
        webhooks.queue_again()
        webhooks.forget_old()
        sent = spread()
        self.stdout.write(
            f"notices: {told}, digests: {gathered}, queued again: {again}, tasks forgotten: {forgotten}, webhooks: {sent}"
        )
