"""Pieces of JSON that several resources hold: an organisation, a sector, a region, a cercle, by code and name."""

from sr_portal.api.resources import KEY, TEXT, maybe, thing

ORGANISATION = thing(id=KEY, name=TEXT, acronym=TEXT)
SECTOR = thing(code=TEXT, name_fr=TEXT, name_en=TEXT)
REGION = thing(code=TEXT, name=TEXT)
CERCLE = thing(id=KEY, name=TEXT)
FUND = thing(code=TEXT, name_fr=TEXT, name_en=TEXT)


def organisation(alias: str) -> str:
    return _object(alias, "id", id="id", name="name", acronym="acronym")


def sector(alias: str) -> str:
    return _object(alias, "code", code="code", name_fr="name_fr", name_en="name_en")


fund = sector  # both are known by a code and two names


def region(alias: str) -> str:
    return _object(alias, "id", code="code", name="name")


def cercle(alias: str) -> str:
    return _object(alias, "id", id="id", name="name")


def _object(alias: str, key: str, **pairs: str) -> str:
    """SQL of a JSON object of the joined row, null when nothing is joined."""
    inside = ", ".join(f"'{name}', {alias}.{column}" for name, column in pairs.items())
    return f"CASE WHEN {alias}.{key} IS NOT NULL THEN json_build_object({inside}) END"


__all__ = [
    "CERCLE",
    "FUND",
    "ORGANISATION",
    "REGION",
    "SECTOR",
    "cercle",
    "fund",
    "maybe",
    "organisation",
    "region",
    "sector",
]
