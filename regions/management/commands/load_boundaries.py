"""`manage.py load_boundaries FILE`: replace the simplified outlines of the regions by official ones."""

import json
from pathlib import Path

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regions.services.boundaries import (
    OFFICIAL_TOLERANCE_KM,
    BoundaryError,
    load_boundaries,
)


class Command(BaseCommand):
    help = (
        "Replace the outlines of the regions by those of an official GeoJSON FeatureCollection (WGS 84), all or none."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--source", help="Who publishes the outlines; shown under every map. By default the name of the file."
        )
        parser.add_argument("--licence", help="The licence they are published under; said to be unknown by default.")
        parser.add_argument(
            "--partial",
            action="store_true",
            help="Let regions that the file lacks keep their outline.",
        )

    def handle(self, *args, file: Path, source: str | None, licence: str | None, partial: bool, **options) -> None:
        source, licence = source or file.name, licence or _("licence non indiquée")
        try:
            collection = json.loads(file.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise CommandError(
                _("Le fichier %(file)s ne se lit pas : %(reason)s") % {"file": file, "reason": error.strerror}
            ) from error
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise CommandError(
                _("Le fichier %(file)s n’est pas du JSON : %(reason)s") % {"file": file, "reason": error}
            ) from error
        try:
            with pghistory.context(command="load_boundaries", file=file.name):
                matches = load_boundaries(collection, source=source, licence=licence, partial=partial)
        except BoundaryError as error:
            raise CommandError(
                _("Rien n’a été changé.") + "\n" + "\n".join(f"- {line}" for line in error.problems)
            ) from error
        for match in matches:
            self.stdout.write(
                _("%(code)s %(region)s : trouvée par %(found_by)s « %(value)s », %(points)d points")
                % {
                    "code": match.region.code,
                    "region": match.region.name,
                    "found_by": match.found_by,
                    "value": match.value,
                    "points": match.points,
                }
            )
        self.stdout.write(
            ngettext(
                "%(count)d contour remplacé ; tolérance %(km)g km ; source : %(source)s (%(licence)s).",
                "%(count)d contours remplacés ; tolérance %(km)g km ; source : %(source)s (%(licence)s).",
                len(matches),
            )
            % {
                "count": len(matches),
                "km": OFFICIAL_TOLERANCE_KM,
                "source": source,
                "licence": licence,
            }
        )
