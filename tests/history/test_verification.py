"""Tampering with the triggers off, as a superuser could, is found and named."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.history import verification
from sr_portal.history.models import Seal
from sr_portal.history.verification import Kind
from tests.factories.accounts import UserFactory, user_with

pytestmark = pytest.mark.django_db


def tamper(statement: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, params)
        assert cursor.rowcount > 0
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def person() -> User:
    """Somebody with three events."""
    person = UserFactory(name="Kadiatou Keïta")
    for title in ("Ingénieure", "Cheffe d’équipe"):
        person.job_title = title
        person.save()
    return person


def found() -> list[tuple[Kind, str, str]]:
    return [(fault.kind, fault.table, fault.object_id) for fault in verification.faults()]


def test_untouched_history_is_intact(person):
    user_with(Role.AUDITOR)
    assert found() == []
    assert "intact" in verify()


def test_rows_of_the_data_migrations_are_sealed_too():
    assert Seal.objects.filter(event_table="regions_regionevent").exists()


def test_each_seal_follows_the_previous_one_of_its_object(person):
    first, second, third = Seal.objects.filter(event_table="accounts_userevent", object_id=person.pk).order_by(
        "position"
    )
    assert (first.position, first.previous_sha256) == (1, None)
    assert bytes(second.previous_sha256) == bytes(first.sha256)
    assert bytes(third.previous_sha256) == bytes(second.sha256)


def test_a_changed_event_is_named(person):
    tamper(
        "UPDATE accounts_userevent SET job_title = 'x' WHERE pgh_obj_id = %s AND job_title = 'Ingénieure'", person.pk
    )
    assert found() == [(Kind.CHANGED, "accounts_userevent", str(person.pk))]


def test_a_changed_author_of_a_change_is_named(person):
    tamper("UPDATE accounts_userevent SET pgh_context = '{\"user\": 1}' WHERE pgh_obj_id = %s", person.pk)
    assert {kind for kind, *_ in found()} == {Kind.CHANGED}


def test_a_removed_event_is_named(person):
    tamper("DELETE FROM accounts_userevent WHERE pgh_obj_id = %s AND job_title = 'Ingénieure'", person.pk)
    assert found() == [(Kind.REMOVED, "accounts_userevent", str(person.pk))]


def test_an_event_removed_with_its_seal_breaks_the_chain(person):
    event = User.pgh_event_model.objects.get(pgh_obj_id=person.pk, job_title="Ingénieure").pgh_id
    tamper("DELETE FROM accounts_userevent WHERE pgh_id = %s", event)
    tamper("DELETE FROM history_seal WHERE event_table = 'accounts_userevent' AND event_id = %s", event)
    assert found() == [(Kind.CHAIN, "accounts_userevent", str(person.pk))]


def test_a_last_event_removed_with_its_seal_no_longer_fits_the_record(person):
    event = User.pgh_event_model.objects.filter(pgh_obj_id=person.pk).latest("pgh_id").pgh_id
    tamper("DELETE FROM accounts_userevent WHERE pgh_id = %s", event)
    tamper("DELETE FROM history_seal WHERE event_table = 'accounts_userevent' AND event_id = %s", event)
    assert found() == [(Kind.RECORD, "accounts_user", str(person.pk))]


def test_an_event_slipped_in_is_named(person):
    tamper(
        "INSERT INTO accounts_userevent (SELECT (jsonb_populate_record(e, '{\"pgh_id\": 999999}')).*"
        " FROM accounts_userevent e WHERE pgh_obj_id = %s ORDER BY e.pgh_id DESC LIMIT 1)",
        person.pk,
    )
    assert found() == [(Kind.ADDED, "accounts_userevent", str(person.pk))]


def test_a_record_written_with_the_triggers_off_is_named(person):
    tamper("UPDATE accounts_user SET name = 'Quelqu’un d’autre' WHERE id = %s", person.pk)
    assert found() == [(Kind.RECORD, "accounts_user", str(person.pk))]


def test_a_record_deleted_with_the_triggers_off_is_named(person):
    tamper("DELETE FROM accounts_user WHERE id = %s", person.pk)
    assert found() == [(Kind.VANISHED, "accounts_user", str(person.pk))]


def test_the_command_names_the_row_and_fails(person):
    tamper("UPDATE accounts_userevent SET name = 'x' WHERE pgh_obj_id = %s", person.pk)
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("verify_history", stdout=out)
    assert stop.value.code == 1
    assert f"(objet {person.pk})" in out.getvalue() and "accounts_userevent" in out.getvalue()


def test_a_receipt_kept_elsewhere_tells_of_an_object_erased_whole(person):
    kept = verification.receipt()
    UserFactory()
    assert verification.matches(kept)
    tamper("DELETE FROM accounts_user WHERE id = %s", person.pk)
    tamper("DELETE FROM accounts_userevent WHERE pgh_obj_id = %s", person.pk)
    tamper("DELETE FROM history_seal WHERE event_table = 'accounts_userevent' AND object_id = %s", str(person.pk))
    assert found() == []
    assert not verification.matches(kept)
    with pytest.raises(SystemExit):
        verify("--against", kept)


def test_a_column_added_later_leaves_old_seals_good(person):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_userevent ADD COLUMN later integer NOT NULL DEFAULT 7")
    UserFactory()
    assert found() == []
    tamper(
        "UPDATE accounts_userevent SET job_title = 'x' WHERE pgh_obj_id = %s AND job_title = 'Ingénieure'", person.pk
    )
    assert [kind for kind, *_ in found()] == [Kind.CHANGED]


def test_a_session_in_another_time_zone_seals_the_same(person):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'Asia/Tokyo'")
        cursor.execute("UPDATE accounts_user SET job_title = 'Autre' WHERE id = %s", [person.pk])
    assert found() == []


def verify(*options: str) -> str:
    out = StringIO()
    call_command("verify_history", *options, stdout=out)
    return out.getvalue()
