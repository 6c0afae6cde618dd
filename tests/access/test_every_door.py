"""Every route × method × role × state of the object, walked from the URL resolver against the table of doors."""

import gc
import logging
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access import walking

from .doors import Door, Outcome
from .people import EVERYBODY, Actor
from .table import ADMIN_DOORS, DOORS, UNNAMED
from .walking import METHODS, ask, walk
from .world import World, make_world, rows_written


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Made once for all the doors: every request of theirs is undone. A signed cookie is a session without a query."""
    settings = override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("files"),
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        PUBLIC_PAGE=True,  # that it is 404 while it is closed: tests/projects/test_public.py
    )
    logging.disable(logging.ERROR)  # thousands of refusals are no news
    with settings, django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


@pytest.fixture
def undone(world: World, django_db_blocker) -> Iterator[World]:
    gc.collect()
    gc.freeze()  # what is there already is not looked through after each door
    with django_db_blocker.unblock(), transaction.atomic(), walking.without_collector():
        yield world
        transaction.set_rollback(True)
    gc.unfreeze()


def routes(patterns=None, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The full name of every route that the portal answers."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from routes(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or f"unnamed {entry.pattern}"))


def test_every_route_is_declared_and_every_declared_route_exists():
    declared = {door.route for door in DOORS} | set(ADMIN_DOORS) | set(UNNAMED)
    answered = set(routes())

    assert answered - declared == set(), "undeclared: add them to tests/access/table.py"
    assert declared - answered == set(), "declared, but no longer there"


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_who_passes_and_who_does_not(undone, door):
    deviations = [deviation for state in door.states for deviation in walk(undone, door, state)]

    assert not deviations, "\n".join(deviations)


@pytest.mark.parametrize("route", ADMIN_DOORS)
def test_the_reference_data_open_to_administrators_only(undone, route):
    address = reverse(route, kwargs=ADMIN_DOORS[route])
    before = rows_written()
    found = {actor: ask(undone, actor, "GET", address) for actor in Actor if actor is not Actor.ADMINISTRATOR}

    assert set(found.values()) <= {Outcome.SIGN_IN, Outcome.FORBIDDEN, Outcome.NOT_FOUND}, found
    assert rows_written() == before


# --- The walk itself can fail ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["first", "another"])
def test_a_deviation_is_seen(undone, state):
    """A table that lets everybody into the people's pages is contradicted."""
    wrong = Door("accounts:people", get=EVERYBODY, states=("first", "another"))

    found = walk(undone, wrong, state)
    assert any("forbidden, not open" in deviation and Actor.PARTNER in deviation for deviation in found)


@pytest.mark.parametrize("state", ["first", "another"])
def test_an_unexpected_entry_is_seen(undone, state):
    """A table that lets nobody in is contradicted by those who enter."""
    wrong = Door("accounts:people", get=frozenset(), states=("first", "another"))

    found = walk(undone, wrong, state)
    assert any("open, not forbidden" in deviation and Actor.ADMINISTRATOR in deviation for deviation in found)


@pytest.mark.parametrize("undone_by_the_view", [False, True])
def test_a_write_by_a_refused_request_is_seen(undone, monkeypatch, undone_by_the_view):
    def writing(_world, actor, *_anything):
        if actor is Actor.PARTNER:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE projects_committee SET name = md5(name)")
                transaction.set_rollback(undone_by_the_view)
        return Outcome.NOT_FOUND

    monkeypatch.setattr(walking, "ask", writing)
    nobody = Door("accounts:people", get=frozenset())

    seen = [deviation for deviation in walk(undone, nobody, "") if "a refused request wrote" in deviation]
    assert len(seen) == (0 if undone_by_the_view else len(METHODS))
    assert all("projects_committee" in deviation and deviation.endswith("by partner") for deviation in seen)
