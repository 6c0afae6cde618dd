"""Who publishes the portal's data, from the settings: in Python, and in SQL for identifiers that the database gives."""

from dataclasses import dataclass

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Publisher:
    """The reporting organisation of IATI. `kind` is a code of OrganisationType; `email` is whom to write to."""

    ref: str
    name_fr: str
    name_en: str
    kind: str
    email: str
    licence: str
    licence_url: str


def publisher() -> Publisher:
    return Publisher(**settings.PUBLISHER)


def install(connection: BaseDatabaseWrapper) -> None:
    """Lay `reporting_organisation()` down; again whenever `prepare` runs, in case the setting changed.

    Identifiers that were given keep the organisation's reference of their day.
    """
    with connection.cursor() as cursor:
        ref = connection.ops.compose_sql("%s", [settings.PUBLISHER["ref"]])
        cursor.execute(
            "CREATE OR REPLACE FUNCTION reporting_organisation() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE"
            f" AS $$ SELECT {ref}::text $$"
        )
