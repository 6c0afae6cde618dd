"""After rows came from another server (a restored backup, an upgrade): numbers of changes go on above those there are."""

from typing import Any

from django.core.management.base import BaseCommand

from sr_portal.api import changes


class Command(BaseCommand):
    help = "Let the log of changes go on after a restoration; does nothing when there was none."

    def handle(self, *args: Any, **options: Any) -> None:
        if changes.go_on():
            self.stdout.write("The log of changes has a new line: clients pull again from the start.")
