"""Copy-ready examples of clients: the files of docs/examples/api, with this portal's own address put in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

FOLDER = Path(settings.BASE_DIR) / "docs" / "examples" / "api"
PLACEHOLDER = "https://portail.example"
FILES = (
    ("curl", "pull.sh"),
    ("Python", "pull.py"),
    ("R", "pull.R"),
    ("Excel (Power Query)", "projects.pq"),
    ("Power BI", "power-bi.pq"),
    ("QGIS", "qgis.py"),
    ("Python (webhook)", "webhook.py"),
)


@dataclass(frozen=True)
class Example:
    name: str
    file: str
    code: str


def shown(request: HttpRequest) -> list[Example]:
    here = request.build_absolute_uri("/").rstrip("/")
    return [
        Example(name, file, (FOLDER / file).read_text(encoding="utf-8").replace(PLACEHOLDER, here))
        for name, file in FILES
    ]
