"""Replace the simplified outlines by official ones, all or none."""

import unicodedata
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from regions import geometry
from regions.models import Region

OFFICIAL_TOLERANCE_KM = 1.0
# Lightening stays well inside the tolerance, and keeps a page with a map quick.
SIMPLIFY_KM = 0.2
NAME_KEYS = ("name", "nom", "adm1_fr", "adm1_en", "admin1", "region")


class BoundaryError(Exception):
    """Everything that is wrong with the file, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Match:
    region: Region
    found_by: str
    value: str
    points: int


def load_boundaries(collection: object, *, source: str, licence: str, partial: bool = False) -> list[Match]:
    """Give each region the outline of its feature, found by ISO code, else P-code, else name (accents ignored).

    Every region must have exactly one feature, unless `partial` lets those without one keep what they had. Raises
    `BoundaryError` with all that is wrong; then nothing is changed.
    """
    features = _features(collection)
    regions = list(Region.objects.all())
    problems: list[str] = []
    found: dict[int, Match] = {}
    outlines: dict[int, geometry.Geometry] = {}
    for number, feature in enumerate(features, start=1):
        label = _label(feature, number)
        candidate = _match(feature, regions)
        if candidate is None:
            problems.append(
                _("%(feature)s : aucune région du portail n’a ce code, ce P-code ou ce nom.") % {"feature": label}
            )
            continue
        region, found_by, value = candidate
        if region.pk in found:
            problems.append(
                _("%(feature)s : la région %(region)s a déjà une entité dans le fichier.")
                % {"feature": label, "region": region.name}
            )
            continue
        found[region.pk] = Match(region, found_by, value, 0)
        try:
            outline = geometry.checked(feature.get("geometry"), SIMPLIFY_KM)
        except geometry.GeometryError as error:
            problems.append(_("%(feature)s : %(problem)s") % {"feature": label, "problem": error})
            continue
        points = sum(len(ring) for polygon in geometry.polygons(outline) for ring in polygon)
        outlines[region.pk] = outline
        found[region.pk] = Match(region, found_by, value, points)
    missing = [region.name for region in regions if region.pk not in found]
    if missing and not partial:
        problems.append(
            _("Sans entité dans le fichier : %(regions)s. Ajoutez-les, ou employez --partial pour garder leur contour.")
            % {"regions": ", ".join(missing)}
        )
    if problems:
        raise BoundaryError(problems)
    with transaction.atomic():
        for match in found.values():
            match.region.outline = outlines[match.region.pk]
            match.region.outline_source = f"{source} ({licence})"
            match.region.outline_tolerance_km = OFFICIAL_TOLERANCE_KM
            match.region.full_clean()
            match.region.save(update_fields=["outline", "outline_source", "outline_tolerance_km"])
        if problems := _misplaced_capitals([match.region for match in found.values()], regions):
            raise BoundaryError(problems)
    return sorted(found.values(), key=lambda match: match.region.rank)


def _features(collection: object) -> list[dict]:
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise BoundaryError([_("Le fichier n’est pas une collection GeoJSON (« FeatureCollection »).")])
    if "crs" in collection and "CRS84" not in str(collection["crs"]) and "4326" not in str(collection["crs"]):
        raise BoundaryError([_("Le fichier n’est pas en WGS 84 : convertissez-le en EPSG:4326.")])
    features = collection.get("features")
    if not isinstance(features, list) or not features or not all(isinstance(item, dict) for item in features):
        raise BoundaryError([_("Le fichier ne contient aucune entité.")])
    return features


def _properties(feature: dict) -> dict:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _match(feature: dict, regions: list[Region]) -> tuple[Region, str, str] | None:
    properties = _properties(feature)
    values = [feature.get("id"), *properties.values()]
    texts = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    by_code = {region.code: region for region in regions}
    by_pcode = {region.pcode: region for region in regions if region.pcode}
    by_name = {_plain(region.name): region for region in regions}
    for text in texts:
        if region := by_code.get(text.upper()):
            return region, _("code ISO"), text
    for text in texts:
        if region := by_pcode.get(text.upper()):
            return region, _("P-code"), text
    for key, value in properties.items():
        named = isinstance(value, str) and any(part in key.lower() for part in NAME_KEYS)
        if named and (region := by_name.get(_plain(value))):
            return region, _("nom"), value
    return None


def _plain(text: str) -> str:
    """« District de Bamako » and « BAMAKO » are one name, and so are « Taoudénit » and « Taoudenit »."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    words = "".join(
        letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter)
    ).split()
    return " ".join(word for word in words if word not in {"region", "district", "de", "du", "of"})


def _label(feature: dict, number: int) -> str:
    properties = _properties(feature)
    names = [v for k, v in properties.items() if isinstance(v, str) and any(part in k.lower() for part in NAME_KEYS)]
    return _("Entité %(number)d (%(name)s)") % {
        "number": number,
        "name": names[0] if names else feature.get("id", "?"),
    }


def _misplaced_capitals(changed: list[Region], regions: list[Region]) -> list[str]:
    """Outlines of another frame give themselves away: a capital outside, or inside its neighbour."""
    problems = []
    for region in changed:
        for other in regions:
            inside = region.contains(other.capital_lat, other.capital_lon)
            if other == region and not inside:
                problems.append(
                    _("Le contour de %(region)s ne contient pas son chef-lieu, %(capital)s.")
                    % {"region": region.name, "capital": region.capital}
                )
            elif other != region and inside:
                problems.append(
                    _("Le contour de %(region)s contient %(capital)s, chef-lieu de %(other)s : découpage plus ancien ?")
                    % {
                        "region": region.name,
                        "capital": other.capital,
                        "other": other.name,
                    }
                )
    return problems
