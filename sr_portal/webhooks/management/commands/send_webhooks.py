"""Writes the messages of what changed; the queue's worker sends them. `run_due` does so too, only more rarely."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sr_portal.webhooks.spreading import spread
from sr_portal.webhooks.upkeep import queue_again, take_back_lost


class Command(BaseCommand):
    help = "Queue for each webhook what changed since its last message; safe to run at any time, several at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="Go on, with this pause, until stopped.")

    def handle(self, *args: Any, every: float | None = None, **options: Any) -> None:
        while True:
            lost, again, made = take_back_lost(), queue_again(), spread()
            if made or lost or again or every is None:
                self.stdout.write(f"webhooks: {made} messages, {lost} taken back, {again} queued again")
            if every is None:
                return
            time.sleep(max(1.0, every))
