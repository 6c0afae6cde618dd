"""The portal on a port of its own, on the database that Django speaks with."""

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_django.live_server_helper import LiveServer


@contextmanager
def served() -> Iterator[str]:
    """The address of a live server, for as long as the context lasts."""
    server = LiveServer("localhost")
    try:
        yield server.url
    finally:
        server.stop()
