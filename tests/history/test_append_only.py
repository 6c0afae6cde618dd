"""History only grows: nobody rewrites it, by whatever road."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from sr_portal.accounts.models import User
from sr_portal.history.models import Seal, Shape
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

EVENTS = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
KEPT = [*EVENTS, Seal, Shape]


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "append_only" in str(error)
    return False


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model._meta.db_table)
def test_raw_sql_cannot_change_delete_or_empty_a_table_of_history(model):
    table, column = model._meta.db_table, model._meta.pk.column
    assert refused(f'UPDATE "{table}" SET "{column}" = "{column}"')
    assert refused(f'DELETE FROM "{table}"')
    assert refused(f'TRUNCATE "{table}" CASCADE')


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model._meta.db_table)
def test_the_setting_that_silences_pgtrigger_does_not_open_history(model):
    names = "{" + ",".join(trigger.get_pgid(model) for trigger in model._meta.triggers) + "}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [names])
    assert refused(f'DELETE FROM "{model._meta.db_table}"')
    assert refused(f'TRUNCATE "{model._meta.db_table}" CASCADE')


@pytest.mark.parametrize("model", EVENTS, ids=lambda model: model._meta.db_table)
def test_every_event_table_seals_its_rows(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgfoid = 'history_seal_event'::regproc"
            " AND tgenabled IN ('O', 'A')",
            [model._meta.db_table],
        )
        assert len(cursor.fetchall()) == 1


def test_the_orm_cannot_change_or_delete_an_event():
    user = UserFactory(name="Oumar Cissé")
    event = User.pgh_event_model.objects.get(pgh_obj_id=user.pk)
    event.name = "Quelqu’un d’autre"
    for act in (
        event.save,
        event.delete,
        User.pgh_event_model.objects.all().delete,
        lambda: User.pgh_event_model.objects.update(name="x"),
        lambda: User.pgh_event_model.objects.bulk_update([event], ["name"]),
    ):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            act()
    assert User.pgh_event_model.objects.get(pgh_obj_id=user.pk).name == "Oumar Cissé"


def test_bulk_writes_and_raw_sql_leave_an_event_for_each_row():
    people = [UserFactory(), UserFactory()]
    User.objects.filter(pk__in=[person.pk for person in people]).update(job_title="Ingénieur")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET job_title = 'Géomètre' WHERE id = %s", [people[0].pk])
    titles = User.pgh_event_model.objects.filter(pgh_obj_id=people[0].pk).order_by("pgh_id")
    assert list(titles.values_list("pgh_label", "job_title")) == [
        ("insert", ""),
        ("update", "Ingénieur"),
        ("update", "Géomètre"),
    ]
    assert User.pgh_event_model.objects.filter(pgh_obj_id=people[1].pk).count() == 2


def test_no_password_enters_history():
    assert "password" not in {field.name for field in User.pgh_event_model._meta.fields}
