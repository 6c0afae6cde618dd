"""The calendar day of an instant in the mission, for SQL: `mission_day(timestamptz)`, as `clock` computes it in Python."""

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper


def install(connection: BaseDatabaseWrapper) -> None:
    """Lay the function down for the mission's time zone; again whenever `prepare` runs, in case the setting changed."""
    with connection.cursor() as cursor:
        zone = connection.ops.compose_sql("%s", [settings.TIME_ZONE])
        cursor.execute(
            "CREATE OR REPLACE FUNCTION mission_day(timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE"
            f" AS $$ SELECT ($1 AT TIME ZONE {zone})::date $$"
        )
