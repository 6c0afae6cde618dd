"""The end of a fiscal year: what is approved and not agreed, days left, who must act; print, CSV, and whom it hides from."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Envelope
from projects import year_end
from projects.models import Project
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories import implementation as made
from tests.factories.accounts import user_with
from tests.factories.projects import cast, region
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db


@laid_once
def people():
    return cast()


def client_of(role: Role = Role.FINANCE_OFFICER, **where) -> Client:
    client = Client()
    client.force_login(user_with(role, **where))
    return client


def test_only_what_has_no_agreement_is_to_be_obligated(people):
    made.approved(people, amount="30000", title="Marché de Gao")
    made.agreed(None, people, amount="20000", title="Forage signé")
    (row,) = year_end.envelopes()
    assert (row.to_sign, row.to_obligate_usd) == (1, 30000)
    page = client_of().get(f"/enveloppes/{row.envelope.pk}/fin-d-exercice/").content.decode()
    assert "Marché de Gao" in page and "Forage signé" not in page
    assert "Gestionnaire" in page and "Préparer le protocole" in page


@pytest.mark.parametrize(
    ("day", "left"), [(dt.date(2027, 6, 29), 1), (dt.date(2027, 6, 30), 0), (dt.date(2027, 7, 1), -1)]
)
def test_the_days_are_counted_to_the_thirtieth_of_june(people, day, left):
    with clock.at(dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)):
        made.approved(people)
    with clock.at(dt.datetime.combine(day, dt.time(12), dt.UTC)):
        (row,) = year_end.envelopes()
        assert (row.last, row.days_left) == (dt.date(2027, 6, 30), left)


def test_a_year_that_is_over_stays_until_its_agreements_are_signed(people):
    project = made.approved(people)
    with clock.at(clock.now() + dt.timedelta(days=400)):
        assert [row.to_sign for row in year_end.envelopes()] == [1]
        assert "terminé depuis" in client_of().get("/enveloppes/fin-d-exercice/").content.decode()
    made.sign(project, made.Crew())
    with clock.at(clock.now() + dt.timedelta(days=400)):
        assert year_end.envelopes() == []


def test_the_csv_is_the_page(people):
    project = made.approved(people, amount="30000.50", title="=1+1")
    envelope = Envelope.objects.get()
    answer = client_of().get(f"/enveloppes/{envelope.pk}/fin-d-exercice.csv")
    heading, line = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert len(heading) == len(line)
    assert line[:2] == [project.reference, "'=1+1"] and line[4:6] == ["30000.50", "30000.50"]


def test_what_lies_elsewhere_is_counted_and_not_named(people):
    made.approved(people, title="Marché de Gao")
    envelope = Envelope.objects.get()
    elsewhere = client_of(Role.REGIONAL_MANAGER, region=region("ML-8"))
    page = elsewhere.get(f"/enveloppes/{envelope.pk}/fin-d-exercice/").content.decode()
    assert "Marché de Gao" not in page and "1 projet hors de votre zone" in page
    answer = elsewhere.get(f"/enveloppes/{envelope.pk}/fin-d-exercice.csv")
    assert len(b"".join(answer.streaming_content).splitlines()) == 1


def test_nothing_to_sign_has_its_own_words(people):
    made.agreed(None, people)
    envelope = Envelope.objects.get()
    assert (
        "Tout ce qui est réservé est engagé."
        in client_of().get(f"/enveloppes/{envelope.pk}/fin-d-exercice/").content.decode()
    )


def test_both_pages_cost_the_same_however_many_projects(people):
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    made.approved(people)
    envelope, client = Envelope.objects.get(), client_of()
    addresses = ["/enveloppes/fin-d-exercice/", f"/enveloppes/{envelope.pk}/fin-d-exercice/"]
    few = [cost(address) for address in addresses]
    for _ in range(2):
        made.approved(people)
    assert [cost(address) for address in addresses] == few
    assert few[0] <= 6 and few[1] <= 12
    assert Project.objects.filter(state=State.APPROVED).count() == 3
