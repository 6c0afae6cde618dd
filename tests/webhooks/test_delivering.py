"""Messages on their way: signed, tried again, given up, sent again; by many workers, and by one that dies."""

import datetime as dt

import pytest
from django.db import connection
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from sr_portal.accounts.roles import Role
from sr_portal.encryption import Unreadable
from sr_portal.notices.models import Mail
from sr_portal.web import clock
from sr_portal.webhooks import delivering, posting, secrets_kept, services, upkeep
from sr_portal.webhooks.models import Delivery, Endpoint
from tests.factories.accounts import user_with
from tests.factories.projects import region

from .making import fate, message, webhook, work_at_any_time
from .receiver import receiver, say

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 27, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def local(settings):
    settings.WEBHOOK_LOCAL_RECEIVERS = True
    settings.PORTAL_URL = "https://portail.example/"


@pytest.fixture
def partner(db):
    return user_with(Role.PARTNER)


def secret_of(endpoint: Endpoint) -> str:
    endpoint.refresh_from_db()
    return secrets_kept.in_use(endpoint)[0]


# --- The signature ---------------------------------------------------------------------------------------------------
def test_what_arrives_is_verified_by_the_library_of_the_standard(partner):
    with receiver() as desk:
        endpoint = webhook(partner, desk.url, ["region"])
        delivery = message(endpoint)
        work_at_any_time()
    (got,) = desk.got

    said = Webhook(secret_of(endpoint)).verify(got.body, got.headers)
    assert said["type"] == "region.changed" and fate(delivery) == ("sent", 1)
    (one,) = said["data"]["changes"]
    assert one == {
        "kind": "region", "id": region().pk, "change": "updated", "at": one["at"],
        "url": "https://portail.example/api/v1/regions/ML-7",
    }  # fmt: skip
    assert got.headers["webhook-id"] == f"msg_{delivery.pk.hex}"
    for changed in (got.body + b" ", got.body.replace(b"region", b"projet")):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret_of(endpoint)).verify(changed, got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_of(endpoint)).verify(got.body, {**got.headers, "webhook-id": "msg_autre"})
    with pytest.raises(WebhookVerificationError):  # played again an hour later
        old = str(int(got.headers["webhook-timestamp"]) - 3600)
        Webhook(secret_of(endpoint)).verify(got.body, {**got.headers, "webhook-timestamp": old})


def test_while_a_secret_is_replaced_both_verify_then_only_the_new_one(partner):
    with receiver() as desk:
        endpoint = webhook(partner, desk.url, ["region"])
        before = secret_of(endpoint)
        services.renew_secret(endpoint, by=partner)
        message(endpoint)
        work_at_any_time()
        for secret in (before, secret_of(endpoint)):
            Webhook(secret).verify(desk.got[0].body, desk.got[0].headers)
        assert before != secret_of(endpoint)

        Endpoint.objects.update(previous_until=clock.now() - dt.timedelta(seconds=1))
        message(endpoint)
        work_at_any_time()
        Webhook(secret_of(endpoint)).verify(desk.got[1].body, desk.got[1].headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(before).verify(desk.got[1].body, desk.got[1].headers)
    upkeep.forget_old()
    endpoint.refresh_from_db()
    assert (endpoint.previous_sealed, endpoint.previous_until) == ("", None)


def test_the_secret_is_nowhere_in_clear_in_the_database(partner):
    endpoint = webhook(partner)
    secret = secret_of(endpoint)
    with connection.cursor() as cursor:
        for table in ("webhooks_endpoint", "webhooks_endpointevent"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            assert secret.removeprefix("whsec_") not in cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(t::text, ' ') FROM webhooks_endpointevent t")
        assert endpoint.key_sealed not in cursor.fetchone()[0]


def test_a_secret_moved_to_another_webhook_no_longer_opens(partner):
    one, other = webhook(partner), webhook(partner, "http://127.0.0.1:10/")
    Endpoint.objects.filter(pk=other.pk).update(key_sealed=one.key_sealed)
    with pytest.raises(Unreadable):
        secret_of(other)


def test_after_a_change_of_keys_the_secret_is_the_same(partner, settings):
    endpoint = webhook(partner)
    services.renew_secret(endpoint, by=partner)
    endpoint.refresh_from_db()
    known = secrets_kept.in_use(endpoint)
    settings.FIELD_ENCRYPTION_KEYS = ["n" * 40, *settings.FIELD_ENCRYPTION_KEYS]
    assert [state for _name, state, _why in secrets_kept.rotate_keys()] == ["changed"]
    assert [state for _name, state, _why in secrets_kept.rotate_keys()] == ["current"]
    settings.FIELD_ENCRYPTION_KEYS = ["n" * 40]
    endpoint.refresh_from_db()
    assert secrets_kept.in_use(endpoint) == known and len(known) == 2


# --- Trying again ----------------------------------------------------------------------------------------------------
def test_the_timetable_of_tries_spans_three_days_then_the_message_is_given_up(partner, monkeypatch):
    monkeypatch.setattr(delivering, "JITTER", 0)
    moment, waited = NOW, []
    with receiver() as desk:
        desk.answers = [500] * 10
        endpoint = webhook(partner, desk.url, ["region"])
        with clock.at(NOW):
            delivery = message(endpoint)
        while fate(delivery)[0] == "queued":
            with clock.at(delivery.next_try_at - dt.timedelta(seconds=30)):
                delivering.deliver_one(delivery.pk)  # before its time
            waited.append(delivery.next_try_at - moment)
            moment = delivery.next_try_at
            with clock.at(moment):
                delivering.deliver_one(delivery.pk)

    minutes = [0, 1, 5, 30, 120, 300, 600, 840, 1200, 1440]
    assert [one.total_seconds() / 60 for one in waited] == minutes
    assert fate(delivery) == ("failed", 10) and len(desk.got) == 10
    assert delivery.status == 500 and delivery.error == "Le destinataire a répondu par une erreur (500)."
    assert len({got.headers["webhook-id"] for got in desk.got}) == 1, "the same message for the receiver"
    assert len({got.headers["webhook-timestamp"] for got in desk.got}) == 10, "but signed anew each time"


def test_pauses_are_drawn_apart_and_never_shorter(partner):
    endpoint, pauses = webhook(partner, kinds=["region"]), set()
    for _time in range(8):
        with clock.at(NOW):
            delivery = message(endpoint)
            delivering.deliver_one(delivery.pk)
        delivery.refresh_from_db()
        pauses.add((delivery.next_try_at - NOW).total_seconds())
    assert len(pauses) > 4 and all(60 <= one <= 72 for one in pauses)


def test_a_receiver_that_asks_for_time_gets_it(partner):
    with receiver() as desk:
        desk.answers = [lambda handler: say(handler, 429, Retry_After="7200")]
        delivery = message(webhook(partner, desk.url, ["region"]))
        with clock.at(NOW + dt.timedelta(days=1)):
            delivering.deliver_one(delivery.pk)
            assert fate(delivery)[0] == "queued"
            assert delivery.next_try_at - clock.now() == dt.timedelta(hours=2)


def test_a_try_that_arrives_after_a_failure_is_the_end_of_it(partner):
    with receiver() as desk:
        desk.answers = [503]
        delivery = message(webhook(partner, desk.url, ["region"]))
        work_at_any_time()
        assert fate(delivery) == ("queued", 1)
        with clock.at(delivery.next_try_at):
            work_at_any_time()
            work_at_any_time()
    assert fate(delivery) == ("sent", 2) and delivery.error == "" and len(desk.got) == 2


def test_after_five_messages_given_up_the_webhook_is_paused_and_its_owner_told(partner):
    endpoint = webhook(partner, kinds=["region"])
    for rank in range(5):
        delivery = message(endpoint)
        Delivery.objects.filter(pk=delivery.pk).update(attempts=9)
        assert (endpoint.paused_at is None, endpoint.failures) == (True, rank)
        delivering.deliver_one(delivery.pk)
        assert fate(delivery) == ("failed", 10)
        endpoint.refresh_from_db()
    assert endpoint.paused_why == "failures"
    mail = Mail.objects.get()
    assert mail.recipient == partner and mail.subject == "Le webhook « Entrepôt de données » est en pause"
    assert mail.path == f"/compte/webhooks/{endpoint.pk}/"

    waiting = message(endpoint)
    delivering.deliver_one(waiting.pk)
    assert fate(waiting) == ("queued", 0), "nothing leaves while it sleeps"
    services.resume(endpoint, by=partner)
    endpoint.refresh_from_db()
    assert (endpoint.paused_at, endpoint.failures) == (None, 0)
    with receiver() as desk:
        Endpoint.objects.update(url=desk.url)
        work_at_any_time()
    assert fate(waiting) == ("sent", 1)


def test_one_success_forgives_the_failures_before(partner):
    with receiver() as desk:
        endpoint = webhook(partner, desk.url, ["region"])
        Endpoint.objects.update(failures=4)
        message(endpoint)
        work_at_any_time()
    endpoint.refresh_from_db()
    assert endpoint.failures == 0


def test_a_receiver_that_is_gone_is_asked_no_more(partner):
    with receiver() as desk:
        desk.answers = [410]
        endpoint = webhook(partner, desk.url, ["region"])
        delivery = message(endpoint)
        work_at_any_time()
    endpoint.refresh_from_db()
    assert fate(delivery) == ("failed", 1) and endpoint.paused_why == "gone" and Mail.objects.count() == 1


def test_a_test_tells_nothing_goes_to_a_paused_webhook_and_is_tried_once(partner):
    with receiver() as desk:
        endpoint = webhook(partner, desk.url, ["region"])
        services.pause(endpoint, by=partner)
        desk.answers = [204, 500]
        first = services.send_test(endpoint, by=partner)
        work_at_any_time()
        second = services.send_test(endpoint, by=partner)
        work_at_any_time()
    said = Webhook(secret_of(endpoint)).verify(desk.got[0].body, desk.got[0].headers)
    assert said["type"] == "test" and said["data"] == {"webhook": "Entrepôt de données"}
    assert (fate(first), fate(second)) == (("sent", 1), ("failed", 1))
    endpoint.refresh_from_db()
    assert endpoint.failures == 0, "a test counts for nothing"


# --- Asked for again -------------------------------------------------------------------------------------------------
def test_a_message_sent_again_has_the_same_number_and_a_new_time(partner):
    with receiver() as desk:
        delivery = message(webhook(partner, desk.url, ["region"]))
        work_at_any_time()
        with clock.at(clock.now() + dt.timedelta(hours=1)):
            delivery.refresh_from_db()
            services.replay(delivery, by=partner)
            work_at_any_time()
    first, again = desk.got
    assert first.headers["webhook-id"] == again.headers["webhook-id"] and first.body == again.body
    assert first.headers["webhook-timestamp"] != again.headers["webhook-timestamp"]
    assert fate(delivery) == ("sent", 1) and (delivery.replays, delivery.asked_by) == (1, partner)


def test_all_that_was_given_up_is_sent_again_and_nothing_else(partner):
    with receiver() as desk:
        endpoint = webhook(partner, desk.url, ["region"])
        desk.answers = [410, 204]
        lost, arrived = message(endpoint), message(endpoint)
        work_at_any_time()
        services.resume(endpoint, by=partner)
        work_at_any_time()
        assert (fate(lost)[0], fate(arrived)[0]) == ("failed", "sent")
        assert services.replay_failed(endpoint, by=partner) == 1
        work_at_any_time()
    assert fate(lost)[0] == "sent" and len(desk.got) == 3


# --- Who is told -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["closed", "no role"])
def test_to_somebody_who_lost_the_right_nothing_is_sent_until_they_have_it_again(partner, how):
    with receiver() as desk:
        endpoint = webhook(partner, desk.url, ["region"])
        delivery, test = message(endpoint), services.send_test(endpoint, by=partner)
        (held,) = partner.role_assignments.all()
        if how == "closed":
            partner.is_active = False
            partner.save()
        else:
            held.delete()
        work_at_any_time()
        assert (fate(delivery), fate(test)) == (("queued", 0), ("queued", 0)) and not desk.got

        if how == "closed":
            partner.is_active = True
            partner.save()
        else:
            partner.role_assignments.create(group=held.group)
        with clock.at(clock.now() + dt.timedelta(minutes=20)):
            assert upkeep.queue_again() == 2
            work_at_any_time()
    assert (fate(delivery), fate(test)) == (("sent", 1), ("sent", 1))


# --- A worker that dies ----------------------------------------------------------------------------------------------


def test_a_worker_that_dies_after_it_sent_leaves_a_message_that_is_sent_again(partner, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_args):
        raise Killed

    with receiver() as desk:
        delivery = message(webhook(partner, desk.url, ["region"]))
        with monkeypatch.context() as patched, pytest.raises(Killed):
            patched.setattr(delivering, "settle", die)
            delivering.deliver_one(delivery.pk)
        assert fate(delivery) == ("sending", 1) and upkeep.take_back_lost() == 0, "it may still be speaking"
        with clock.at(clock.now() + dt.timedelta(minutes=2)):
            assert (upkeep.take_back_lost(), upkeep.take_back_lost()) == (1, 0)
        assert fate(delivery) == ("queued", 1) and "il a pu arriver ou non" in delivery.error
        with clock.at(delivery.next_try_at):
            work_at_any_time()
    assert fate(delivery) == ("sent", 2)
    assert len({got.headers["webhook-id"] for got in desk.got}) == 1 and len(desk.got) == 2


def test_an_answer_that_comes_after_another_worker_took_over_changes_nothing(partner):
    delivery = message(webhook(partner, kinds=["region"]))
    slow = delivering.take(delivery.pk)
    with clock.at(clock.now() + dt.timedelta(minutes=2)):
        upkeep.take_back_lost()
    delivering.settle(slow, posting.Answer(status=204))
    assert fate(delivery) == ("queued", 1)


def test_a_message_that_lost_its_task_gets_another(partner):
    from django_tasks_db.models import DBTaskResult

    with receiver() as desk:
        delivery = message(webhook(partner, desk.url, ["region"]))
        DBTaskResult.objects.all().delete()
        assert upkeep.queue_again() == 0
        with clock.at(clock.now() + dt.timedelta(minutes=20)):
            assert (upkeep.queue_again(), upkeep.queue_again()) == (1, 0)
            work_at_any_time()
    assert fate(delivery) == ("sent", 1)


def test_a_webhook_deleted_while_it_is_spoken_to_leaves_nothing(partner):
    endpoint = webhook(partner, kinds=["region"])
    delivery = message(endpoint)
    claim = delivering.take(delivery.pk)
    services.delete(endpoint, by=partner)
    delivering.settle(claim, posting.Answer(status=204))
    delivering.deliver_one(delivery.pk)
    assert not Delivery.objects.exists() and not Endpoint.objects.exists()


# --- The journal --------------------------------------------------------------------------------------------------
def test_the_log_is_kept_as_long_as_the_setting_says(partner, settings):
    settings.WEBHOOK_LOG_DAYS = 7
    with receiver() as desk:
        endpoint = webhook(partner, desk.url, ["region"])
        message(endpoint)
        work_at_any_time()
    waiting = message(endpoint)
    with clock.at(clock.now() + dt.timedelta(days=6)):
        assert upkeep.forget_old() == 0
    with clock.at(clock.now() + dt.timedelta(days=8)):
        assert upkeep.forget_old() == 1
    assert list(Delivery.objects.all()) == [waiting]
