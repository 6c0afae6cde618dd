"""What every test may ask for: a database of its own, a server on it, the browser."""

import os
import shutil
from collections.abc import Iterator
from uuid import uuid4

import pytest

os.environ["PORTAL_ENV"] = "test"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Tests do not wait for the disk: their sessions give up what they would lose in a power cut."""
    from django.conf import settings

    settings.DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A copy of the test database for one test, where commits, threads and triggers are real; dropped afterwards.

    To use instead of `transactional_db`, whose flush the history tables refuse.
    """
    from django.db import connection, connections

    from tests.ground.clones import clone_database, drop_database

    with django_db_blocker.unblock():
        template = connection.settings_dict["NAME"]
        clone = f"{template[:40]}_{uuid4().hex[:12]}"
        connection.close()  # a template must have no other session
        clone_database(template, clone)
        connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = clone
        try:
            yield clone
        finally:
            connection.close()
            connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = template
            drop_database(clone)


@pytest.fixture
def own_server(own_database: str) -> Iterator[str]:
    """The address of a live server on a database of its own."""
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("localhost")
    try:
        yield server.url
    finally:
        server.stop()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium; the tests that need it are skipped where it is absent."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed")
    return path
