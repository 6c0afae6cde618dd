"""The body of a dashboard is kept as long as nothing that it says has changed, and not a moment longer."""

import datetime as dt
import json

import pytest
from django.core.cache import caches
from django.test import Client

from funds.models import Envelope, Mechanism, Sector
from projects.models import Deadline, Project
from projects.references import _kept as references_kept
from projects.references import reference_choices, references
from projects.summary import reading
from regions.models import Region
from sr_portal.accounts.models import RoleAssignment
from sr_portal.accounts.roles import Role
from sr_portal.dashboards import boards, pages, region_map
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import envelope_of
from tests.factories.many import many_projects
from tests.factories.mechanisms import marker_of
from tests.factories.projects import region

pytestmark = pytest.mark.django_db
PATHS = (
    "/tableau-de-bord/",
    "/tableau-de-bord/regions/ML-7/",
    "/tableau-de-bord/fonds/QIP/",
    "/tableau-de-bord/?exercice=2026",
)


@pytest.fixture
def client() -> Client:
    envelope_of("100000")
    many_projects(6, sector_id="14031")
    client = Client()
    client.force_login(user_with(Role.SECTION_HEAD))
    return client


def bodies(client: Client) -> list[str]:
    return [body(client, path) for path in PATHS]


def body(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode().partition('class="page-content"')[2].partition("<footer")[0]


def anew(client: Client) -> list[str]:
    """As a worker makes them that has just begun."""
    caches["fragments"].clear()
    references_kept.clear()
    region_map.drawn.cache_clear()
    return bodies(client)


CHANGES = {
    "one project more": lambda: many_projects(1, region=region("ML-8")),
    "a project's state": lambda: Project.objects.filter(pk=Project.objects.first().pk).update(state="screening"),
    "a project's sector": lambda: Project.objects.update(sector=Sector.objects.last()),
    "a day": lambda: Deadline.objects.update(due_on=dt.date(2020, 1, 1)),
    "an envelope": lambda: Envelope.objects.update(amount_usd="98765"),
    "an envelope's use": lambda: Envelope.objects.update(reserved_usd="43210"),
    "an envelope more": lambda: envelope_of("50000", "PBF"),
    "a mechanism's first month": lambda: Mechanism.objects.filter(code="QIP").update(fiscal_year_first_month=1),
    "an outline": lambda: Region.objects.filter(code="ML-6").update(outline=Region.objects.get(code="ML-8").outline),
    "a mechanism's name": lambda: Mechanism.objects.filter(code="QIP").update(name_fr="Mécanisme de nom nouveau"),
    "a sector's name": lambda: Sector.objects.update(name_fr="Secteur de nom nouveau"),
    "the place of a region's name": lambda: Region.objects.filter(code="ML-6").update(label_lat=17.5),
    "a region's name": lambda: Region.objects.filter(code="ML-6").update(name="Région de nom nouveau"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_is_on_the_next_page(client, change):
    before = bodies(client)
    assert bodies(client) == before
    change()
    after = bodies(client)
    assert after != before
    assert after == anew(client)


def test_a_page_of_which_nothing_has_changed_is_not_made_again(client, monkeypatch):
    before = bodies(client)
    monkeypatch.setattr(boards.Board, "tiles", property(lambda board: pytest.fail("made again")))
    assert bodies(client) == before


def test_the_day_and_the_reader_s_language_are_part_of_it(client, monkeypatch):
    Deadline.objects.update(
        due_on=dt.date(2020, 1, 1)
    )  # so that no number changes overnight, but the time that has passed
    before = bodies(client)
    english = Client()
    english.force_login(user_with(Role.SECTION_HEAD, language="en"))
    assert bodies(english) != before and bodies(english) == anew(english)
    assert bodies(client) == before
    tomorrow = clock.today() + dt.timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    assert bodies(client) == anew(client) != before


def test_who_reads_every_region_is_not_who_reads_the_whole_mission(client):
    """The numbers are the same; the lists behind them are asked for « in my area »."""
    path = f"/tableau-de-bord/?secteur={Project.objects.first().sector_id or Sector.objects.first().code}"
    everywhere = body(client, path)
    manager = user_with(Role.SECTION_HEAD, region=region("ML-7"))
    assignment = manager.role_assignments.get()
    for place in Region.objects.exclude(code="ML-7"):
        RoleAssignment.objects.create(user=manager, group=assignment.group, region=place)
    client = Client()
    client.force_login(manager)
    assert body(client, path) != everywhere and "perimetre=1" in body(client, path)


def test_what_is_asked_is_part_of_it(client):
    """Another measure of the map: not a number that is read differs."""
    assert (
        body(client, "/tableau-de-bord/")
        != body(client, "/tableau-de-bord/?mesure=accordes")
        == body(client, "/tableau-de-bord/?mesure=accordes")
    )


def test_who_may_not_read_money_is_not_given_the_page_of_somebody_who_may(client, monkeypatch):
    """Today whoever reads dashboards reads money; that is the table of roles, not this page."""
    monkeypatch.setattr(pages, "MONEY_READERS", frozenset({Role.SECTION_HEAD}))
    told = "board-envelopes"
    assert told in body(client, "/tableau-de-bord/")
    client.force_login(user_with(Role.AUDITOR))
    assert told not in body(client, "/tableau-de-bord/")


def test_the_map_of_a_regional_reader_follows_the_regions_around(client):
    many_projects(1, region=region("ML-7"))
    client.force_login(user_with(Role.SECTION_HEAD, region=region("ML-7")))
    before = body(client, "/tableau-de-bord/")
    outline = Region.objects.get(code="ML-8").outline
    Region.objects.filter(code="ML-6").update(outline=outline)
    assert body(client, "/tableau-de-bord/") != before


def test_a_version_that_was_left_never_returns():
    """What was read beside it in between may be newer than it: nobody is to be shown that later."""
    envelope_of("100000")

    def told() -> tuple[str, str]:
        said = json.loads(reading.answer(reading.Question(), ("filed",), clock.today()))
        return references().version, said["envelopes"]

    seen = {told()}
    mechanism, envelope = Mechanism.objects.filter(code="QIP"), Envelope.objects.all()
    before, amount = mechanism.get().name_fr, envelope.get().amount_usd
    for name, usd in (("Autre", 5), (before, amount)):
        mechanism.update(name_fr=name)
        envelope.update(amount_usd=usd)
        seen.add(told())
    assert len({version for version, _mark in seen}) == len({mark for _version, mark in seen}) == 3


def test_what_a_filter_offers_follows_its_tables():
    assert dict(reference_choices()["region"])["ML-6"] == "Tombouctou"
    Region.objects.filter(code="ML-6").update(name="Autre nom")
    assert dict(reference_choices()["region"])["ML-6"] == "Autre nom"
    marker_of(Mechanism.objects.get(code="QIP"))
    (family, levels) = reference_choices()["marqueur"][-1]
    assert "Marqueur gender" in family and len(levels) == 4
