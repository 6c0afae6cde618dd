"""What the database refuses, by the name of its rule, whoever writes and whatever the services would have said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction


@contextmanager
def refusal(name: str) -> Iterator[None]:
    """The block is refused by the rule of that name, at the latest at the commit; the test goes on."""
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refuses(name: str, write: Callable[[], object]) -> None:
    with refusal(name):
        write()


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
