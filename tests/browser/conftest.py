"""A portal of its own for each test that drives a browser, with people, partners, committees and a few projects."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser

from tests.ground.clones import connected_to, copy_of

from .portal import Portal


@pytest.fixture(scope="session")
def database_to_copy(database_to_copy: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """One with the sample data, told once and copied for each test."""
    with django_db_blocker.unblock(), copy_of(database_to_copy) as told:
        with connected_to(told):
            call_command("seed_demo", projects=24, verbosity=0)
        yield told


@pytest.fixture
def portal(own_server: str, browser: Browser, django_db_blocker):
    with django_db_blocker.unblock():
        shown = Portal(browser, own_server)
        yield shown
    assert shown.faults.seen == []
