"""The `own_database` fixture: real commits, seen by threads, gone afterwards."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def test_threads_see_what_was_committed_in_the_copy(own_database):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE note (text varchar)")
        cursor.execute("INSERT INTO note VALUES ('kept')")

    def read() -> tuple[str, int]:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_database(), count(*) FROM note")
                return cursor.fetchone()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = [future.result() for future in [pool.submit(read) for _ in range(4)]]

    assert answers == [(own_database, 1)] * 4


def test_the_next_test_finds_the_ordinary_database(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), to_regclass('note')")
        name, table = cursor.fetchone()

    assert name == connection.settings_dict["NAME"]
    assert table is None
