"""A prepared statement and what becomes of it in the server meanwhile; on a database where commits are real."""

from django.db import connection

from sr_portal.web import prepared

from .test_prepared import ADDED, ROWS, TYPES, VALUES


def test_a_column_that_changes_its_type_is_read_again(own_database):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE short (word varchar(4)); INSERT INTO short VALUES ('oui')")
        assert prepared.fetch("SELECT word FROM short", (), ()) == [("oui",)]
        cursor.execute("ALTER TABLE short ALTER word TYPE varchar(9)")
    for _time in range(2):
        assert prepared.fetch("SELECT word FROM short", (), ()) == [("oui",)]


def test_what_the_server_let_go_or_has_already_is_no_hindrance(own_database):
    prepared.fetch(ADDED, TYPES, VALUES)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert prepared.fetch(ADDED, TYPES, VALUES) == ROWS
    assert prepared.fetch(ADDED, TYPES, VALUES) == ROWS
    prepared._kept.pop(connection.connection)
    for _time in range(2):
        assert prepared.fetch(ADDED, TYPES, VALUES) == ROWS
