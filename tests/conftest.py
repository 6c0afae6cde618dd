"""What every test may ask for: a database of its own, a server on it, the browser."""

import gc
import os
import shutil
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import settings
from pytest_django.plugin import blocking_manager_key

os.environ["PORTAL_ENV"] = "test"
settings.register_profile("portal", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("portal")


def pytest_collection_finish() -> None:
    """What is there once all tests are known stays until the end: the collector need not look through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from tests.ground.laid_once import in_an_order_that_spares

    items[:] = in_an_order_that_spares(items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    from tests.ground.laid_once import GROUND, asked_by

    if GROUND.layers and not asked_by(item):
        with item.config.stash[blocking_manager_key].unblock():
            GROUND.take_up()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Tests do not wait for the disk: their sessions give up what they would lose in a power cut."""
    from django.conf import settings

    settings.DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: pytest.FixtureRequest,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The test database, whoever asks: pytest-django's own makes none when all tests chosen use `own_database`.

    A copy of the migrated one; Django then finds it there, and has nothing left to migrate.
    """
    from django.db import connection, connections
    from django.test.utils import setup_databases, teardown_databases

    from tests.ground.laid_once import GROUND
    from tests.ground.migrated import copy_migrated

    with django_db_blocker.unblock():
        copy_migrated(connection.creation._get_test_db_name(), keep=django_db_keepdb and not django_db_createdb)
        made = setup_databases(
            verbosity=0, interactive=False, aliases={"default"}, keepdb=True, serialized_aliases=set()
        )
        connections.close_all()  # what an event loop could no longer reach would keep the database from being copied
    yield
    with django_db_blocker.unblock():
        GROUND.take_up()
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture
def what_is_laid_once(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker) -> None:
    from tests.ground.laid_once import GROUND, asked_by

    with django_db_blocker.unblock():
        GROUND.lay(asked_by(request.node))


@pytest.fixture
def _django_db_helper(what_is_laid_once: None, _django_db_helper: None) -> None:
    """pytest-django's transaction of one test, as a savepoint in what is made once for many."""


@pytest.fixture(autouse=True)
def in_french() -> Iterator[None]:
    """A test starts in the portal's language, whatever page the one before it read last."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_listed_once() -> Iterator[None]:
    """Each test client has a chain of middleware of its own, which would look for all static files again."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    listed: dict = {}
    find = WhiteNoiseMiddleware.add_files_from_finders

    def add_what_was_found(middleware: WhiteNoiseMiddleware) -> None:
        if not listed:
            find(middleware)
            listed.update(middleware.files)
        middleware.files.update(listed)

    with mock.patch.object(WhiteNoiseMiddleware, "add_files_from_finders", add_what_was_found):
        yield


@pytest.fixture(scope="session")
def migrated_database(django_db_setup: None) -> str:
    """The name of the test database: migrated, without anything in it but what the migrations load."""
    from django.db import connection

    return connection.settings_dict["NAME"]


@pytest.fixture
def own_database(migrated_database: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A copy of the test database for one test, where commits, threads and triggers are real; dropped afterwards.

    To use instead of `transactional_db`, whose flush the history tables refuse.
    """
    from tests.ground.clones import connected_to, copy_of

    with django_db_blocker.unblock(), copy_of(migrated_database) as clone, connected_to(clone):
        yield clone


@pytest.fixture
def own_server(own_database: str) -> Iterator[str]:
    """The address of a live server on a database of its own."""
    from tests.ground.serving import served

    with served() as address:
        yield address


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> str:
    """The path of Debian's Chromium; the tests that need it are skipped where it is absent.

    The test database comes first: once a browser runs, so does an event loop, in which Django makes none.
    """
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed")
    # Playwright leaves an event loop in the thread, where Django would refuse the test's own queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: str) -> dict[str, object]:
    """What pytest-playwright's `browser` and `page` start: Chromium without sandbox, for root, and without network."""
    quiet = ["background-networking", "component-update", "sync", "gpu", "quic"]
    return {"executable_path": chromium, "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{q}" for q in quiet)]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """A reader of French, as the section's browsers are."""
    return {**browser_context_args, "locale": "fr-FR"}
