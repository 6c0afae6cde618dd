"""What an ETag is made of: all that an answer shows is followed by the log of changes, or the ETag is of the content."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from projects.api.resources import RESOURCES
from projects.models import Project
from sr_portal.accounts.roles import Role
from sr_portal.api import unchanged
from sr_portal.api.models import Token, Usage
from sr_portal.api.reader import Reader
from sr_portal.api.resources import Resource
from sr_portal.web import clock
from tests.api.asking import Program
from tests.factories.accounts import user_with
from tests.factories.many import many_projects
from tests.factories.projects import region

pytestmark = pytest.mark.django_db
LOGGED = [resource for resource in RESOURCES if resource.kind]
# A value for each filter of which a list relies on the log.
VALUES = {
    "region": "ML-7", "mecanisme": "QIP", "etat": "active", "secteur": "14031", "etape": "accordes", "montant_min": "1",
    "montant_max": "2", "soumis_du": "2026-01-01", "soumis_au": "2026-12-31", "q": "forage", "exercice": "2026",
}  # fmt: skip
# What the database lets nobody change, keys apart: the trigger `filed_for_good` of documents.
FOR_GOOD = {("documents_document", name) for name in ("public_id", "content_type", "size", "sha256")}


def readers() -> Iterator[Reader]:
    yield Reader(user_with(Role.PARTNER))
    yield Reader(user_with(Role.SECTION_HEAD))
    yield Reader(user_with(Role.PROGRAMME_OFFICER, Role.PROPOSER, region=region()))


def columns_read(sql: str, params) -> set[tuple[str, str]]:
    """(table, column) of what a statement reads, as PostgreSQL itself says of a view made of it."""
    with connection.cursor() as cursor:
        whole = cursor.cursor.mogrify(sql, params or None).decode()
        cursor.execute(f"CREATE TEMPORARY VIEW read_by_list AS {whole}")
        cursor.execute(
            "SELECT DISTINCT c.relname, a.attname FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid"
            " JOIN pg_class c ON c.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid"
            " WHERE w.ev_class = 'read_by_list'::regclass AND d.refobjsubid > 0 AND c.relname <> 'read_by_list'"
        )
        found = set(cursor.fetchall())
        cursor.execute("DROP VIEW read_by_list")
    return found


def followed(kind: str) -> dict[str, set[str] | None]:
    """Table → the columns whose change touches the records of `kind`; None: any of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid"
            " AND a.attnum = ANY(t.tgattr)) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_proc p ON p.oid = t.tgfoid WHERE strpos(p.prosrc, %s) > 0",
            [f"api_touch('{kind}'"],
        )
        found: dict[str, set[str] | None] = defaultdict(set)
        for table, name, columns in cursor.fetchall():
            if f"touches_{kind}" in name or not columns:
                found[table] = None
            elif found[table] is not None:
                found[table] |= set(columns)
    return found


def keys_of_tables() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey) WHERE i.indisprimary"
        )
        return set(cursor.fetchall())


def statements(resource: Resource, reader: Reader) -> Iterator[tuple[str, object]]:
    """What the rows show, which are chosen, and by what they may be narrowed while the log stands for them."""
    yield f"SELECT {resource.select(reader)} FROM {resource.source}", None
    given = [QueryDict()] + [QueryDict(f"{name}={VALUES[name]}") for name in sorted(resource.filtering.logged)]
    given += [
        QueryDict(f"tri={word}")
        for word in resource.filtering.words
        if resource.filtering.by_log(QueryDict(f"tri={word}"))
    ]
    for query in given:
        rows = resource.filtering.apply(resource.rows(reader), reader, query)
        rows = rows.order_by(resource.filtering.order(query)).values_list("pk")
        yield rows.query.get_compiler("default", elide_empty=False).as_sql()


@pytest.mark.parametrize("resource", LOGGED, ids=lambda resource: resource.name)
def test_all_that_a_list_reads_is_followed_by_the_log_of_changes(resource):
    kept, keys = followed(resource.kind), keys_of_tables()
    for reader in readers():
        read = {column for sql, params in statements(resource, reader) for column in columns_read(sql, params)}
        assert len(read) > 5
        unfollowed = {
            (table, column)
            for table, column in read - keys - FOR_GOOD
            if kept.get(table, set()) is not None and column not in kept[table]
        }
        assert unfollowed == set(), reader.view


def asked_again(program: Program, path: str, etag: str, **headers: str):
    return program.get(path, **{"If-None-Match": etag, **headers})


def test_the_day_is_part_of_it_for_what_depends_on_it():
    import datetime as dt

    many_projects(1)
    program = Program(Role.SECTION_HEAD)
    etag = program.get("projects")["ETag"]
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert asked_again(program, "projects", etag).status_code == 200


# --- The quick way ---------------------------------------------------------------------------------------------------
@pytest.fixture
def program():
    many_projects(3)
    return Program(Role.SECTION_HEAD)


@pytest.fixture
def slow(monkeypatch):
    """Makes the quick way answer nothing, so that the view does."""

    def stop() -> None:
        monkeypatch.setattr(unchanged, "lists", dict)

    return stop


def headers_of(answer) -> dict[str, object]:
    """All but what counts requests; names in Vary in whatever order."""
    kept = {name: value for name, value in answer.items() if not name.startswith(("RateLimit", "X-Request"))}
    return {**kept, "Vary": frozenset(kept["Vary"].lower().split(", "))}


@pytest.mark.parametrize("path", [*(resource.name for resource in LOGGED), "projects/{}", "projects/{}?fields=title"])
def test_the_quick_answer_is_that_of_the_view_and_costs_one_statement(program, slow, path):
    path = path.format(Project.objects.first().pk)
    etag = program.get(path)["ETag"]
    with CaptureQueriesContext(connection) as queries:
        quick = asked_again(program, path, etag)
    assert len(queries) == 1 and quick.status_code == 304
    slow()
    full = asked_again(program, path, etag)
    assert full.status_code == 304 and headers_of(quick).items() <= headers_of(full).items()
    assert set(full.headers) - set(quick.headers) <= {"Allow", "Content-Language", "Content-Length"}


def test_a_record_that_goes_by_another_name_or_is_none_is_left_to_the_view(program):
    etag = program.get("regions/ML-7")["ETag"]
    assert asked_again(program, "regions/ML-7", etag).status_code == 304
    for path in ("projects/", "projects/999999999999999999", "projects/" + "9" * 30, "projects/x", "rien/1"):
        assert asked_again(program, path, etag).status_code == 404, path


@pytest.mark.parametrize("ranges", [[], ["127.0.0.0/8"]])
def test_an_answer_that_has_changed_counts_once(ranges):
    program = Program(Role.SECTION_HEAD, address_ranges=ranges)
    first = program.get("projects")
    again = asked_again(program, "projects", 'W/"another"')
    assert again.status_code == 200
    assert int(again["RateLimit-Remaining"]) == int(first["RateLimit-Remaining"]) - 1


def test_the_quick_answer_counts_as_a_request_and_stops_at_the_limit(program, settings):
    settings.API_REQUESTS_PER_MINUTE = 4
    etag = program.get("projects")["ETag"]
    for left in (2, 1, 0):
        answer = asked_again(program, "projects", etag)
        assert (answer.status_code, answer["RateLimit-Remaining"]) == (304, str(left))
    assert asked_again(program, "projects", etag).status_code == 429
    assert Usage.objects.get().requests >= 5


@pytest.mark.parametrize(
    "close",
    [
        lambda token: Token.objects.update(revoked_at=clock.now(), revoked_by=token.user),
        lambda token: Token.objects.update(created="2020-01-01T00:00Z", expiry="2020-01-02T00:00Z"),
        lambda token: Token.objects.update(address_ranges=["192.0.2.0/24"]),
        lambda token: type(token.user).objects.filter(pk=token.user_id).update(is_active=False),
    ],
)  # fmt: skip
def test_a_token_that_opens_nothing_gets_no_quick_answer(program, close):
    etag = program.get("projects")["ETag"]
    close(Token.objects.get())
    assert asked_again(program, "projects", etag).status_code == 401


def test_who_lost_the_role_and_who_asks_for_another_format_get_no_quick_answer(program):
    etag = program.get("projects")["ETag"]
    assert asked_again(program, "projects", etag, Accept="text/csv").status_code == 406
    program.user.role_assignments.all().delete()
    assert asked_again(program, "projects", etag).status_code == 403
