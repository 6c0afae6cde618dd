"""Organisations whose names are alike, so that somebody looks whether they are the same one registered twice.

Trigrams (pg_trgm) of the names without accents, and without the words that half of all associations have. For the
registry, of hundreds of rows: the pairs are compared all with all.
"""

from dataclasses import dataclass

from django.db import connection

from funds.models import Organisation

LIKE = 0.5  # of pg_trgm's similarity, from 0 to 1
SHOWN = 50
DULL_WORDS = (
    "association|asso|ong|organisation|cooperative|coop|union|groupement|federation|reseau|collectif|comite|fondation"
    "|pour|par|avec|le|la|les|l|de|du|des|d|et|en|au|aux|a|sur"
)
KEY = rf"btrim(regexp_replace(regexp_replace(unaccent(lower({{0}})), '[^a-z0-9]+', ' ', 'g'), '\m({DULL_WORDS})\M *', '', 'g'))"
NAME, GIVEN = KEY.format("name"), KEY.format("%(name)s::text")
KEYED = f"SELECT id, {NAME} AS key, lower(acronym) AS acronym FROM funds_organisation WHERE merged_into_id IS NULL"  # noqa: S608  our own words
PAIRS = f"""WITH keyed AS MATERIALIZED ({KEYED})
    SELECT a.id, b.id FROM keyed a JOIN keyed b ON a.id < b.id
       AND (similarity(a.key, b.key) >= {LIKE} OR a.acronym <> '' AND a.acronym = b.acronym)
       AND NOT EXISTS (SELECT FROM funds_distinctpair d
                         JOIN funds_organisation e ON e.id = d.earlier_id JOIN funds_organisation l ON l.id = d.later_id
                        WHERE d.lifted_at IS NULL
                          AND a.id IN (e.id, e.merged_into_id, l.id, l.merged_into_id)
                          AND b.id IN (e.id, e.merged_into_id, l.id, l.merged_into_id))
     ORDER BY similarity(a.key, b.key) DESC, a.id, b.id LIMIT {SHOWN}"""  # noqa: S608  our own words
ALIKE = f"""WITH keyed AS ({KEYED})
    SELECT id FROM keyed WHERE id IS DISTINCT FROM %(apart)s
       AND (similarity(key, {GIVEN}) >= {LIKE} OR acronym <> '' AND acronym = lower(%(acronym)s))
     ORDER BY similarity(key, {GIVEN}) DESC, id LIMIT 5"""  # noqa: S608  our own words


@dataclass(frozen=True)
class Pair:
    """Two that are alike; the one that was registered later is the likely duplicate."""

    earlier: Organisation
    later: Organisation


def likely_duplicates() -> list[Pair]:
    """At most `SHOWN` pairs that nobody said to be two, the likest first; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(PAIRS)
        keys = cursor.fetchall()
    found = (
        Organisation.objects.select_related("region")
        .defer("region__outline")
        .in_bulk({k for pair in keys for k in pair})
    )
    return [Pair(found[first], found[second]) for first, second in keys]


def alike(name: str, acronym: str = "", *, apart: int | None = None) -> list[Organisation]:
    """Up to five organisations of the registry whose name or acronym is like this one, `apart` left out."""
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, {"name": name, "acronym": acronym, "apart": apart})
        keys = [key for (key,) in cursor.fetchall()]
    found = Organisation.objects.in_bulk(keys)
    return [found[key] for key in keys]
