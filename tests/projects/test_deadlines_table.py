"""One place computes every deadline: the table, the view that the database holds, and the calendar agree."""

import pytest
from django.db import connection

from projects.deadlines import view
from projects.models import Deadline

pytestmark = pytest.mark.django_db


def definition(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef(%s::regclass)", [name])
        return cursor.fetchone()[0]


def body(function: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [function])
        return " ".join(cursor.fetchone()[0].split())


def test_the_view_in_the_database_is_the_one_of_the_table():
    """When it is not: lay it down anew by a migration that holds what `view.create()` gives."""
    with connection.cursor() as cursor:
        cursor.execute(view.create().replace(f"CREATE VIEW {view.NAME}", "CREATE TEMP VIEW of_the_table"))

    assert definition("of_the_table") == definition(view.NAME)
    assert body("refresh_deadlines") in " ".join(view.refresh().split())


def test_the_rows_that_are_kept_have_the_columns_of_the_view():
    assert {field.column for field in Deadline._meta.fields} == set(view.COLUMNS)
