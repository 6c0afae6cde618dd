"""A portal of its own for each test that drives a browser, with people, partners, committees and a few projects."""

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser

from .portal import Portal


@pytest.fixture
def portal(own_server: str, browser: Browser, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("seed_demo", projects=24, verbosity=0)
        shown = Portal(browser, own_server)
        yield shown
    assert shown.faults.seen == []
