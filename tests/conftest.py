"""What every test may use."""

import os

os.environ["PORTAL_ENV"] = "test"

from collections.abc import Iterator  # noqa: E402

import pytest  # noqa: E402
from django.db import connections  # noqa: E402


@pytest.fixture
def own_database(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A copy of the test database for one test that commits, from threads if it likes; dropped afterwards.

    A flush between tests would TRUNCATE the history, which the database refuses; a copy needs no flush.
    """
    connection = connections["default"]
    template = connection.settings_dict["NAME"]
    name = f"{template}_own_{os.getpid()}"

    def administer(*statements: str) -> None:
        connection.close()
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    with django_db_blocker.unblock():
        administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.settings_dict["NAME"] = name
        try:
            yield name
        finally:
            connection.settings_dict["NAME"] = template
            administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
