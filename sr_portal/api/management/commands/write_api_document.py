"""Writes docs/openapi-v1.json from the code; a test says when it is no longer current."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from sr_portal.api import document


class Command(BaseCommand):
    help = "Write the OpenAPI document of the API into docs/, as the code says it now."

    def handle(self, *args: Any, **options: Any) -> None:
        text = json.dumps(document.made(), ensure_ascii=False, indent=1, sort_keys=False)
        document.FILE.write_text(text + "\n", encoding="utf-8")
        self.stdout.write(f"{document.FILE.name}: {len(text)} characters")
