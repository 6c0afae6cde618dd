"""Regions and their cercles, with their outlines, as the API gives them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from regions.models import Region, RegionKind
from sr_portal.api.resources import (
    DEGREES,
    KEY,
    TEXT,
    WHOLE,
    Column,
    FormFilters,
    Resource,
    list_of,
    maybe,
    one_of,
    thing,
)

OUTLINE = {
    "type": ["object", "null"],
    "properties": {"type": {"type": "string", "enum": ["Polygon", "MultiPolygon"]}, "coordinates": {"type": "array"}},
    "required": ["type", "coordinates"],
}

REGIONS = Resource(
    name="regions",
    kind="region",
    title=_("Régions"),
    says=_("Les régions du Mali et le district de Bamako, avec leur contour en GeoJSON (RFC 7946) et leurs cercles."),
    tag=_("Lieux"),
    model=Region,
    alias="r",
    source="regions_region r",
    lookup="code",
    lookup_says=_("Code ISO 3166-2, comme ML-7."),
    rows=lambda reader: Region.objects.all(),
    filtering=FormFilters(forms.Form, lambda rows, wanted, reader: rows, (("rang", "rank", _("Ordre officiel")),)),
    columns=(
        Column("id", "r.id", KEY, _("Numéro dans le portail."), 7),
        Column("code", "r.code", TEXT, _("Code ISO 3166-2."), "ML-7"),
        Column("name", "r.name", TEXT, _("Nom."), "Gao"),
        Column("kind", "r.kind", one_of(RegionKind), _("Région ou district."), "region"),
        Column("pcode", "r.pcode", TEXT, _("P-code humanitaire, vide s’il n’est pas connu."), "ML07"),
        Column("pcode_version", "r.pcode_version", TEXT, _("Version de la liste des P-codes."), ""),
        Column(
            "capital",
            "json_build_object('name', r.capital, 'latitude', r.capital_lat, 'longitude', r.capital_lon)",
            thing(name=TEXT, latitude=DEGREES, longitude=DEGREES),
            _("Chef-lieu et sa position en degrés (WGS 84)."),
            {"name": "Gao", "latitude": 16.27, "longitude": -0.04},
        ),
        Column("population", "r.population", maybe(WHOLE), _("Habitants."), 544120),
        Column("population_year", "r.population_year", maybe(WHOLE), _("Année du chiffre de population."), 2009),
        Column("population_source", "r.population_source", TEXT, _("Source du chiffre de population."), ""),
        Column(
            "cercles",
            "COALESCE((SELECT json_agg(json_build_object('id', c.id, 'name', c.name, 'pcode', c.pcode,"
            " 'latitude', c.label_lat, 'longitude', c.label_lon) ORDER BY c.name) FROM regions_cercle c"
            " WHERE c.region_id = r.id), '[]')",
            list_of(thing(id=KEY, name=TEXT, pcode=TEXT, latitude=maybe(DEGREES), longitude=maybe(DEGREES))),
            _("Cercles de la région ; la position est celle de leur étiquette sur une carte."),
            [{"id": 31, "name": "Ansongo", "pcode": "", "latitude": 15.66, "longitude": 0.5}],
        ),
        Column("outline", "r.outline", OUTLINE, _("Contour simplifié : géométrie GeoJSON, longitude puis latitude."),
               {"type": "Polygon", "coordinates": [[[-0.5, 15.0], [1.0, 15.0], [1.0, 17.0], [-0.5, 15.0]]]}),
        Column("outline_source", "r.outline_source", TEXT, _("Source du contour."), ""),
        Column("outline_tolerance_km", "r.outline_tolerance_km", DEGREES, _("Écart au contour exact, en km."), 5.0),
    ),
)  # fmt: skip

RESOURCES = (REGIONS,)
