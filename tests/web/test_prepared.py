"""Statements planned once a connection: the same rows as sent whole, kept within bounds, and none lost with its connection."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from sr_portal.web import prepared

pytestmark = pytest.mark.django_db
ADDED = "SELECT a + $2 AS sum, '100 %'::text || ' $' FROM unnest($1) AS a WHERE a <> $2 ORDER BY a"
TYPES, VALUES = ["bigint[]", "bigint"], [[3, 1, 2], 2]
ROWS = [(3, "100 % $"), (5, "100 % $")]


def names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'portal_%'")
        return {name for (name,) in cursor.fetchall()}


def test_the_rows_are_those_of_the_statement_first_and_later(django_assert_num_queries):
    for _time in range(8):  # the plan that does not know the values comes at the sixth
        with django_assert_num_queries(1):
            assert prepared.fetch(ADDED, TYPES, VALUES) == ROWS
    assert prepared.fetch(ADDED, TYPES, [[9], 0]) == [(9, "100 % $")]


def test_a_statement_without_values():
    for _time in range(2):
        assert prepared.fetch("SELECT 'à 100 %'", (), ()) == [("à 100 %",)]


def test_a_statement_is_planned_once():
    before = names()
    for _time in range(3):
        prepared.fetch("SELECT $1 + 1", ["integer"], [1])
    assert len(names() - before) == 1


def test_the_longest_unused_gives_way():
    """Of more statements than are kept, the last are known to the database, and each still answers."""
    for number in range(prepared.MOST_KEPT + 5):
        assert prepared.fetch(f"SELECT $1 + {number}", ["integer"], [1]) == [(1 + number,)]
    assert len(names()) == prepared.MOST_KEPT
    assert prepared.fetch("SELECT $1 + 0", ["integer"], [1]) == [(1,)]


def test_a_statement_that_fails_can_be_asked_again():
    with pytest.raises(DatabaseError), transaction.atomic():
        prepared.fetch("SELECT 1 / $1", ["integer"], [0])
    with pytest.raises(DatabaseError), transaction.atomic():
        prepared.fetch("SELECT 1 / $1", ["integer"], [0])
    assert prepared.fetch("SELECT 1 / $1", ["integer"], [1]) == [(1,)]


def test_in_a_transaction_that_has_failed_nothing_is_remembered():
    with transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            with pytest.raises(DatabaseError):
                cursor.execute("SELECT 1 / 0")
            prepared.fetch("SELECT $1 * 2", ["integer"], [1])
        assert prepared.fetch("SELECT $1 * 2", ["integer"], [1]) == [(2,)]


def test_behind_a_pooler_nothing_is_prepared(monkeypatch):
    before = names()
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert prepared.fetch(ADDED, TYPES, VALUES) == ROWS
    many = ", ".join(f"${number}" for number in range(1, 12))
    assert prepared.fetch(f"SELECT {many}", ["integer"] * 11, range(11)) == [tuple(range(11))]
    assert names() == before


def test_another_connection_knows_nothing_of_it():
    prepared.fetch(ADDED, TYPES, VALUES)
    found = []

    def ask() -> None:
        found.extend(prepared.fetch(ADDED, TYPES, VALUES))
        connection.close()
        found.extend(prepared.fetch(ADDED, TYPES, VALUES))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == ROWS * 2
