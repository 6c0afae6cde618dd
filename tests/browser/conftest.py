"""A portal of its own for each test that drives a browser, with people, partners, committees and a few projects."""

import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Browser

from tests.ground.clones import connected_to, copy_of
from tests.ground.migrated import MADE_OF, fingerprint, made_once
from tests.ground.serving import served

from .portal import Portal

APPS = ("sr_portal", "regions", "funds", "projects")
TOLD_OF = (*MADE_OF, *(f"{app}/**/*.py" for app in APPS), "templates/pdf/**/*")


@pytest.fixture(scope="session")
def told_database(migrated_database: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """One with the sample data, told once and copied for each test; their files lie beside the other tests'."""
    told = fingerprint(TOLD_OF)
    files = Path(settings.VAR_DIR, "told", told)

    def tell() -> None:
        shutil.rmtree(files.parent, ignore_errors=True)
        call_command("seed_demo", projects=24, verbosity=0)

    # Of the folder too: another checkout on the same server has files of its own.
    state = f"{told}_{zlib.crc32(bytes(files)):x}"
    with override_settings(MEDIA_ROOT=files), django_db_blocker.unblock():
        yield made_once("portal_told_", state, migrated_database, tell)


@pytest.fixture
def portal(told_database: str, browser: Browser, django_db_blocker: pytest.FixtureRequest) -> Iterator[Portal]:
    with (
        django_db_blocker.unblock(),
        copy_of(told_database) as clone,
        connected_to(clone),
        served() as address,
    ):
        shown = Portal(browser, address)
        yield shown
    assert shown.faults.seen == []
