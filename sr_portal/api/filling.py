"""For the migrations that put triggers of the log of changes on a table: the records that are there enter the log too."""

from django.db import migrations

from .changes import fill_sql


def fill(**tables: str) -> migrations.RunSQL:
    """`fill(region="regions_region")`: every record of that kind changed once, now."""
    forward = "; ".join(fill_sql(kind, table) for kind, table in tables.items())
    backward = "; ".join(f"DELETE FROM api_change WHERE kind = '{kind}'" for kind in tables)  # noqa: S608
    return migrations.RunSQL(forward, backward)
