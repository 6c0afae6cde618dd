"""Webhooks with real commits: what follows the log of changes, in its order, by many at once; nothing missed."""

import random
import threading

import orjson
import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from projects.models import Project
from projects.states import State as Stage
from regions.models import Region
from sr_portal.accounts.models import RoleAssignment
from sr_portal.accounts.roles import Role
from sr_portal.webhooks import delivering, services, spreading
from sr_portal.webhooks.models import Endpoint
from sr_portal.webhooks.spreading import spread
from tests.api.test_changes import in_thread, rename
from tests.factories.accounts import user_with
from tests.factories.funds import envelope_of
from tests.factories.implementation import in_state
from tests.factories.many import many_projects
from tests.factories.projects import region
from tests.notices.smtp import work
from tests.notices.test_at_once import together

from .making import fate, message, told, webhook, work_at_any_time
from .receiver import receiver, say


@pytest.fixture(autouse=True)
def local(settings):
    settings.WEBHOOK_LOCAL_RECEIVERS = True
    settings.PORTAL_URL = "https://portail.example/"


FEW = 13  # for one kind, from none to a hundred changes


def published() -> int:
    """The key of a project that was approved just now."""
    envelope_of("500000")
    return in_state(Stage.APPROVED).pk


# --- What is told ----------------------------------------------------------------------------------------------------
def test_a_webhook_is_told_of_what_changes_from_then_on_each_record_at_its_last_place(own_database):
    before = many_projects(3)
    head = user_with(Role.SECTION_HEAD)
    with receiver() as desk:
        webhook(head, desk.url, ["project", "region"], scope="visible")
        assert spread() == 0
        first, second, third = many_projects(3)
        rename(second, "Autre forage")
        rename(first, "Encore un autre")
        rename(before[0], "Un ancien")
        Region.objects.filter(code="ML-7").update(capital="Gao-ville")
        assert spread() == 2, "one message for each kind"
        work()
        assert spread() == 0
    heard = told(desk)
    assert [one for one in heard if one[0] == "project"] == [
        ("project", key, "updated") for key in (third, second, first, before[0])
    ]  # fmt: skip
    assert [one for one in heard if one[0] == "region"] == [("region", region().pk, "updated")]


def test_what_another_kind_of_record_went_through_is_not_told(own_database):
    with receiver() as desk:
        webhook(user_with(Role.SECTION_HEAD), desk.url, ["region"], scope="visible")
        many_projects(2)
        assert spread() == 0


def test_what_is_not_committed_is_not_told_and_what_commits_late_is_not_missed(own_database):
    slow, fast = many_projects(2)
    with receiver() as desk:
        webhook(user_with(Role.SECTION_HEAD), desk.url, ["project"], scope="visible")
        with transaction.atomic():
            rename(slow, "Écrit d’abord, validé ensuite")
            in_thread(lambda: rename(fast, "Écrit ensuite, validé d’abord"))
            in_thread(spread)
            in_thread(work)
            assert ("project", slow, "updated") not in told(desk)
        spread()
        work()
    assert sorted(told(desk)) == sorted([("project", slow, "updated"), ("project", fast, "updated")])


def test_a_partner_hears_of_published_projects_only_and_a_narrow_webhook_of_the_mission_as_well(own_database):
    partner, head = user_with(Role.PARTNER), user_with(Role.SECTION_HEAD)
    with receiver() as of_partner, receiver() as narrow, receiver() as wide:
        webhook(partner, of_partner.url)
        webhook(head, narrow.url)
        webhook(head, wide.url, scope="visible")
        (draft,), open_one = many_projects(1), published()
        spread()
        work()
    assert told(of_partner) == told(narrow) == [("project", open_one, "updated")]
    assert sorted(told(wide)) == sorted([("project", draft, "updated"), ("project", open_one, "updated")])


def test_of_the_mission_somebody_hears_of_what_they_read_in_the_browser(own_database):
    gao, kidal = region("ML-7"), region("ML-8")
    manager = user_with(Role.REGIONAL_MANAGER, region=gao)
    with receiver() as desk:
        webhook(manager, desk.url, scope="visible")
        keys = many_projects(2, region=gao) + many_projects(2, region=kidal)
        spread()
        work()
    visible = set(Project.objects.visible_to(manager).filter(pk__in=keys).values_list("pk", flat=True))
    assert {key for _kind, key, _change in told(desk)} == visible


def test_what_is_hidden_before_it_leaves_is_told_as_removed_and_what_is_forbidden_not_at_all(own_database):
    head = user_with(Role.SECTION_HEAD)
    with receiver() as desk:
        endpoint = webhook(head, desk.url, scope="visible")
        many_projects(1)
        assert spread() == 1
        head.role_assignments.all().delete()
        RoleAssignment.objects.create(user=head, group=Group.objects.get(name=Role.PARTNER))
        work()
        assert not desk.got and fate(endpoint.deliveries.get())[0] == "dropped"

        key = published()
        assert spread() == 1
        Project.objects.filter(pk=key).update(
            disclosure="hidden", disclosure_reason="Menacé.", disclosed_at=timezone.now(), disclosed_by=head
        )
        work()
    assert told(desk) == [("project", key, "removed")]


@pytest.mark.parametrize("how", ["closed", "no role", "paused"])
def test_nothing_is_written_for_who_may_not_hear_and_nothing_is_lost_when_they_may_again(own_database, how):
    user = user_with(Role.SECTION_HEAD)
    with receiver() as desk:
        endpoint = webhook(user, desk.url, scope="visible")
        held = list(user.role_assignments.all())
        if how == "closed":
            user.is_active = False
            user.save()
        elif how == "no role":
            user.role_assignments.all().delete()
        else:
            services.pause(endpoint, by=user)
        keys = many_projects(3)
        assert spread() == 0
        if how == "closed":
            user.is_active = True
            user.save()
        elif how == "no role":
            user.role_assignments.create(group=held[0].group)
        else:
            services.resume(endpoint, by=user)
        assert spread() == 1
        work()
    assert [key for _kind, key, _change in told(desk)] == keys


def test_a_webhook_that_does_not_answer_is_not_written_to_without_end(own_database, monkeypatch):
    monkeypatch.setattr(spreading, "MOST_WAITING", 2)
    user = user_with(Role.SECTION_HEAD)
    with receiver() as desk:
        endpoint = webhook(user, "http://127.0.0.1:9/", scope="visible")
        for _time in range(4):
            keys = many_projects(2)
            spread()
        assert endpoint.deliveries.count() == 2
        rename(keys[0], "Le dernier")
        Endpoint.objects.update(url=desk.url)
        work()
        assert spread() == 1, "all that waited in the log, in one message"
        work()
    heard = [key for _kind, key, _change in told(desk)]
    assert len(heard) == len(set(heard)) == 8 and heard[-1] == keys[0]


def test_a_message_holds_a_hundred_changes_and_stays_below_20_kilobytes(own_database):
    with receiver() as desk:
        webhook(user_with(Role.SECTION_HEAD), desk.url, scope="visible")
        keys = many_projects(230)
        assert spread() == 3
        work()
    assert sorted(key for _kind, key, _change in told(desk)) == keys
    assert [len(orjson.loads(got.body)["data"]["changes"]) for got in desk.got] == [100, 100, 30]
    assert max(len(got.body) for got in desk.got) < 20_000


def test_run_due_and_the_command_write_what_is_due(own_database):
    with receiver() as desk:
        webhook(user_with(Role.SECTION_HEAD), desk.url, scope="visible")
        first = many_projects(1)
        call_command("run_due", verbosity=0)
        second = many_projects(1)
        call_command("send_webhooks", verbosity=0)
        work()
    assert [key for _kind, key, _change in told(desk)] == first + second


def test_the_queries_of_a_run_do_not_grow_with_what_changed(own_database, django_assert_num_queries):
    webhook(user_with(Role.SECTION_HEAD), kinds=["project"], scope="visible")
    many_projects(3)
    with django_assert_num_queries(FEW):
        spread()
    many_projects(90)
    with django_assert_num_queries(FEW):
        spread()


# --- Many at once ----------------------------------------------------------------------------------------------------
def test_while_writers_write_and_six_runs_spread_everything_arrives_and_nothing_twice(own_database):
    """Each project is renamed in one transaction; at the end each was told at its last change, or later."""
    keys = many_projects(40)
    user = user_with(Role.SECTION_HEAD)
    over = threading.Event()

    def run() -> None:
        try:
            while not over.is_set():
                spread()
        finally:
            connection.close()

    with receiver() as desk:
        endpoint = webhook(user, desk.url, scope="visible")
        runs = [threading.Thread(target=run) for _ in range(3)]
        for thread in runs:
            thread.start()
        order = random.Random(7).sample(keys, len(keys))

        def write() -> None:
            while order:
                with transaction.atomic():
                    try:
                        key = order.pop()
                    except IndexError:
                        return
                    rename(key, f"Renommé {key}")

        together(write, 4)
        over.set()
        for thread in runs:
            thread.join()
        Endpoint.objects.update(failures=0)
        while spread() or endpoint.deliveries.unfinished().exists():
            work()
    heard = [key for _kind, key, _change in told(desk)]
    assert sorted(heard) == sorted(keys)


def test_six_workers_send_one_message_once(own_database):
    user = user_with(Role.PARTNER)
    with receiver() as desk:
        delivery = message(webhook(user, desk.url, ["region"]))
        together(lambda: delivering.deliver_one(delivery.pk))
    assert fate(delivery) == ("sent", 1) and len(desk.got) == 1


def test_while_the_receiver_is_waited_for_no_transaction_is_open(own_database):
    """It would hold back the change feed of everybody, and lock the row of who wants to pause."""
    user, seen = user_with(Role.PARTNER), []

    def look(handler) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND xact_start IS NOT NULL AND backend_type = 'client backend'"
            )
            seen.append(cursor.fetchone()[0])
        connection.close()
        say(handler, 204)

    with receiver() as desk:
        desk.answers = [look]
        delivery = message(webhook(user, desk.url, ["region"]))
        delivering.deliver_one(delivery.pk)
    assert seen == [0] and fate(delivery) == ("sent", 1)


def test_what_is_rolled_back_is_never_sent(own_database):
    user = user_with(Role.PARTNER)
    with receiver() as desk:
        endpoint = webhook(user, desk.url, ["region"])
        with pytest.raises(DatabaseError), transaction.atomic():
            message(endpoint)
            raise DatabaseError
        work_at_any_time()
    assert not desk.got
