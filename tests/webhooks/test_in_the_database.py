"""What PostgreSQL holds of webhooks and of their messages, rule by rule, whoever writes."""

import pytest

from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from sr_portal.webhooks.models import Delivery, Endpoint
from tests.factories.accounts import user_with
from tests.factories.refusals import refuses, sql

from .making import message, webhook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def local(settings):
    settings.WEBHOOK_LOCAL_RECEIVERS = True


@pytest.fixture
def partner(db) -> User:
    return user_with(Role.PARTNER)


@pytest.mark.parametrize(
    ("rule", "assignment"),
    [
        ("webhook_https", "url = 'http://recepteur.example/'"),
        ("webhook_https", "url = 'http://localhost.example/'"),
        ("webhook_https", "url = 'ftp://127.0.0.1/'"),
        ("webhook_asks_something", "kinds = '{}'"),
        ("webhook_scope_known", "scope = 'everything'"),
        ("webhook_has_secret", "key_sealed = ''"),
        ("webhook_paused_why", "paused_at = now()"),
        ("webhook_paused_why", "paused_why = 'gone'"),
        ("webhook_paused_why", "paused_at = now(), paused_why = 'because'"),
        ("webhook_old_secret_ends", "previous_until = now()"),
        ("webhook_old_secret_ends", "previous_sealed = 'old'"),
    ],
)
def test_a_webhook_that_breaks_a_rule_is_refused(partner, rule, assignment):
    webhook(partner)
    refuses(rule, lambda: sql(f"UPDATE webhooks_endpoint SET {assignment}"))


def test_an_address_is_told_once_by_its_owner_and_each_kind_has_one_place(partner):
    one, other = webhook(partner), webhook(partner, "http://127.0.0.1:10/")
    refuses("webhook_once_an_address", lambda: Endpoint.objects.filter(pk=other.pk).update(url=one.url))
    again = "INSERT INTO webhooks_place (endpoint_id, kind, position, key) SELECT endpoint_id, kind, 0, 0 FROM webhooks_place"
    refuses("webhook_place_once", lambda: sql(again))


@pytest.mark.parametrize(
    ("rule", "assignment"),
    [
        ("Invalid transition", "state = 'sent', finished_at = now()"),
        ("Invalid transition", "state = 'failed', finished_at = now(), error = 'Non'"),
        ("delivery_leased_while_sending", "state = 'sending'"),
        ("delivery_leased_while_sending", "leased_until = now()"),
        ("delivery_finished_when", "finished_at = now()"),
        ("delivery_finished_when", "state = 'dropped'"),
        ("Cannot update", "kind = 'project'"),
        ("Cannot update", "changes = '[]'"),
        ("Cannot update", "created_at = now() - interval '1 day'"),
        ("Cannot update", "endpoint_id = endpoint_id + 1"),
    ],
)
def test_a_message_meets_no_other_fate_and_says_nothing_else(partner, rule, assignment):
    message(webhook(partner, kinds=["region"]))
    refuses(rule, lambda: sql(f"UPDATE webhooks_delivery SET {assignment}"))


@pytest.mark.parametrize(
    ("rule", "kind", "state"),
    [
        ("delivery_test_asked", "test", "queued"),
        ("delivery_failed_why", "region", "failed"),
    ],
)
def test_a_message_that_breaks_a_rule_is_not_written(partner, rule, kind, state):
    endpoint = webhook(partner, kinds=["region"])
    ended = None if state == "queued" else clock.now()
    written = {"endpoint": endpoint, "kind": kind, "state": state, "finished_at": ended}
    refuses(rule, lambda: Delivery.objects.create(**written))
