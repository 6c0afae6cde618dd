"""Copies of the test database, made by PostgreSQL itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg2
from django.db import connection, connections
from psycopg2 import sql
from psycopg2.extensions import cursor


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django speak with another database of the server for a while."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = usual


@contextmanager
def copy_of(template: str) -> Iterator[str]:
    """The name of a copy, dropped afterwards."""
    clone = f"{template[:40]}_{uuid4().hex[:12]}"
    connection.close()  # a template must have no other session
    clone_database(template, clone)
    try:
        yield clone
    finally:
        drop_database(clone)


def clone_database(template: str, name: str) -> None:
    execute_outside(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)),
    )


def drop_database(name: str) -> None:
    """Drop it with the sessions that threads left open."""
    execute_outside(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def execute_outside(statement: sql.Composed) -> None:
    with outside() as cursor:
        cursor.execute(statement)


@contextmanager
def outside() -> Iterator[cursor]:
    """A session in the maintenance database and without a transaction, as CREATE DATABASE demands."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    for unknown in ("cursor_factory", "client_encoding"):
        parameters.pop(unknown, None)
    session = psycopg2.connect(**parameters)
    try:
        session.autocommit = True
        with session.cursor() as opened:
            yield opened
    finally:
        session.close()
