"""A form that decides or moves money has one effect, however often it is sent."""

import threading

import pytest
from django.db import connections
from django.test import Client

from sr_portal.accounts.models import User
from sr_portal.web.models import OneTimeKey
from sr_portal.web.once import new_key
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.urls("tests.web.urls")
in_a_transaction = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(UserFactory())
    return client


def effects() -> int:
    return User.objects.filter(name="Effet").count()


@in_a_transaction
def test_a_replay_leads_to_the_first_result_and_does_nothing(signed_in):
    key = new_key()
    first = signed_in.post("/depenser/", {"one_time_key": key})
    again = signed_in.post("/depenser/", {"one_time_key": key})
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    assert effects() == 1


@in_a_transaction
@pytest.mark.parametrize("key", ["", "not a key", None])
def test_a_form_without_a_key_is_refused_and_says_so(signed_in, key):
    answer = signed_in.post("/depenser/", {"one_time_key": key} if key is not None else {})
    assert answer.status_code == 400
    assert "rien n’a été enregistré" in answer.content.decode()
    assert effects() == 0


@in_a_transaction
def test_the_key_of_somebody_else_is_refused_and_tells_nothing(signed_in):
    key = new_key()
    result = signed_in.post("/depenser/", {"one_time_key": key})["Location"]
    stranger = Client()
    stranger.force_login(UserFactory())
    answer = stranger.post("/depenser/", {"one_time_key": key})
    assert answer.status_code == 400
    assert result not in answer.content.decode()


@in_a_transaction
def test_a_key_serves_one_form_only(signed_in):
    key = new_key()
    signed_in.post("/depenser/", {"one_time_key": key})
    assert signed_in.post("/depenser-ailleurs/", {"one_time_key": key}).status_code == 400
    assert effects() == 1


@in_a_transaction
def test_a_failed_effect_frees_its_key(signed_in):
    key = new_key()
    with pytest.raises(ValueError, match="the effect fails"):
        signed_in.post("/depenser/", {"one_time_key": key, "fail": "1"})
    assert not OneTimeKey.objects.exists()
    assert signed_in.post("/depenser/", {"one_time_key": key}).status_code == 302


def test_eight_clicks_at_once_have_one_effect(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        user = UserFactory()
        clients = [Client() for _ in range(8)]
        for one in clients:
            one.force_login(user)
        key, places, gate = new_key(), [], threading.Barrier(8)

        def click(one: Client) -> None:
            try:
                gate.wait()
                places.append(one.post("/depenser/", {"one_time_key": key}).headers.get("Location"))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=click, args=(one,)) for one in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(places) == 8
        assert len(set(places)) == 1
        assert effects() == 1
