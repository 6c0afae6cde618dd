"""What is made once for many tests: made once indeed, found as it was made, and only by those who ask for it."""

from itertools import groupby

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection

from regions.models import Region
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.ground.laid_once import GROUND, asked_by, laid_once

pytestmark = pytest.mark.django_db
MADE: list[str] = []


@laid_once
def officer() -> User:
    MADE.append("officer")
    default_storage.save("note.txt", ContentFile("Écrite par l’agent"))
    return user_with(Role.PROGRAMME_OFFICER, name="Étienne Sangaré")


@laid_once
def team(officer) -> list[User]:
    MADE.append("team")
    return [officer, user_with(Role.FINANCE_OFFICER)]


@laid_once
def finance() -> User:
    return user_with(Role.FINANCE_OFFICER)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("time", [1, 2])
def test_a_test_finds_what_was_made_whatever_the_one_before_did_to_it(officer, time):
    assert User.objects.get() == officer
    assert (officer.name, Region.objects.filter(name="").count()) == ("Étienne Sangaré", 0)
    assert default_storage.open("note.txt").read().decode() == "Écrite par l’agent"

    officer.name = "Quelqu’un d’autre"
    officer.save()
    Region.objects.filter(code="ML-7").update(name="")
    user_with(Role.AUDITOR)
    default_storage.delete("note.txt")


@pytest.mark.parametrize("time", [1, 2])
def test_what_is_made_of_it_shares_its_objects(officer, team, time):
    assert User.objects.count() == 2
    assert team[0] is officer
    team.clear()


def test_what_lies_there_is_not_laid_again(officer, team, request):
    MADE.clear()
    GROUND.lay(asked_by(request.node))
    assert MADE == []
    assert User.objects.count() == 2


def test_tests_that_ask_for_the_same_follow_each_other(request):
    asked = [tuple(asked_by(item)) for item in request.session.items if item.path == request.node.path]
    runs = [key for key, _those in groupby(asked)]
    assert len(runs) == len(set(asked)) == 4


def test_who_asks_for_nothing_finds_nothing():
    assert not User.objects.exists()


@pytest.mark.parametrize("time", [1, 2])
def test_a_session_that_a_test_lost_is_made_good(finance, time):
    assert User.objects.get() == finance
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
