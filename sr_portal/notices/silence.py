"""Nothing is told while sample data are played or old files are taken in: nobody waits for that mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_silent: ContextVar[bool] = ContextVar("silent", default=False)


def is_silent() -> bool:
    return _silent.get()


@contextmanager
def silence() -> Iterator[None]:
    """Whatever happens in the block is told to nobody, in this thread or task only."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)
