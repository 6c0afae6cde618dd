"""What the names in a file may mean: organisations, sectors and places by every way in which they are written."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from funds.models import Organisation, Sector
from regions.models import Cercle, Region
from sr_portal.spreadsheets.cells import CellError, as_one_of, as_text, key

AMBIGUOUS: Any = object()


class Known:
    """Four queries; then each name is found without any."""

    def __init__(self) -> None:
        self.organisations: dict[str, Any] = {}
        for organisation in Organisation.objects.current().order_by("pk"):
            for text in {organisation.name, organisation.acronym}:
                if name := key(text):
                    other = self.organisations.setdefault(name, organisation)
                    if other is not organisation:
                        self.organisations[name] = AMBIGUOUS
        self.sectors: dict[str, Sector] = {}
        for sector in Sector.objects.all():
            for text in (sector.code, sector.name_fr, sector.name_en):
                self.sectors.setdefault(key(text), sector)
        self.regions: dict[str, Region] = {}
        for region in Region.objects.without_outline():
            for text in {region.name, region.code, region.pcode, region.abbreviation} - {""}:
                self.regions.setdefault(key(text), region)
        self.cercles = {
            (cercle.region_id, key(text)): cercle
            for cercle in Cercle.objects.all()
            for text in {cercle.name, cercle.pcode} - {""}
        }

    def organisation(self, value: Any) -> Organisation | None:
        found = as_one_of(value, self.organisations, _("« %(text)s » n’est pas au registre des partenaires."))
        if found is AMBIGUOUS:
            text = as_text(value)
            raise CellError(_("« %(text)s » désigne plusieurs organisations : écrivez le nom entier.") % {"text": text})
        return found

    def sector(self, value: Any) -> Sector | None:
        return as_one_of(value, self.sectors, _("« %(text)s » n’est ni un code CAD ni un secteur connus."))

    def region(self, value: Any) -> Region | None:
        return as_one_of(value, self.regions, _("« %(text)s » n’est pas une région du Mali."))

    def cercle(self, value: Any, region: Region | None) -> Cercle | None:
        text = as_text(value)
        if not text:
            return None
        if region is None:
            raise CellError(_("Indiquez la région du cercle."))
        found = self.cercles.get((region.pk, key(text)))
        if found is None:
            raise CellError(_("« %(text)s » n’est pas un cercle de cette région.") % {"text": text[:60]})
        return found


def codes() -> Iterator[tuple[str, str, str]]:
    """Regions and sectors for the template's list of codes: list, code, name."""
    for region in Region.objects.without_outline().order_by("rank"):
        yield _("Région"), region.code, region.name
    for sector in Sector.objects.order_by("group_fr", "name_fr"):
        yield _("Secteur"), sector.code, sector.name
