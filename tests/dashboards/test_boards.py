"""Dashboards: every number opens the list that it counts, whoever reads and whatever is asked."""

import datetime as dt
import random
import re
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import caches
from django.db import connection
from django.db.models import CharField, F, Sum, Value
from django.db.models.functions import Cast, Concat
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import Envelope
from projects.attention.table import DETECTORS
from projects.models import Project
from projects.states import GRANTED, State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory, envelope_of
from tests.factories.implementation import Crew, finding, in_state, instalment_of, pay
from tests.factories.many import many_projects
from tests.factories.projects import DraftFactory, add_line, cast, region

pytestmark = pytest.mark.django_db


def signed_in(*roles: Role, **where) -> Client:
    client = Client()
    client.force_login(user_with(*roles, **where))
    return client


def board(client: Client, path: str = "/tableau-de-bord/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.context["board"]


def listed(client: Client, url: str) -> int:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.context["count"].number


def told(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def counted_links(made) -> list[tuple[str, str]]:
    """(text, address) of every number of projects on a dashboard."""
    links = [(tile.text, tile.url) for tile in (*made.tiles, *made.backlog, *made.visits)]
    for chart in (made.road, made.pipeline, made.by_sector, made.by_partner):
        links += [(bar.text, bar.url) for bar in chart]
    return (
        links
        + [(row.now, row.now_url) for row in made.compared[:2]]
        + [(row.before, row.before_url) for row in made.compared[:2]]
    )


def file_all() -> None:
    """As submissions would leave them, without what else they ask for."""
    Project.objects.update(state=State.SUBMITTED, reference=Concat(Value("Q-"), Cast(F("pk"), CharField())))


def varied(seed: int) -> None:
    chance = random.Random(seed)
    partners = [None, *(PartnerFactory(kind=kind) for kind in ("ngo_national", "company", "un_agency"))]
    keys = many_projects(44)
    for key in keys:
        Project.objects.filter(pk=key).update(
            partner=chance.choice(partners), sector=chance.choice([None, "14031", "12230"]),
            submitted_at=f"{chance.choice([2024, 2025, 2026])}-0{chance.randrange(1, 10)}-15T10:00Z",
        )  # fmt: skip
    Project.objects.filter(pk__in=chance.sample(keys, 9)).update(state=State.WITHDRAWN)
    DraftFactory()
    in_state("active", crew=Crew(), people=cast())


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "query", ["", "?exercice=2025", "?secteur=14031", "?mecanisme=QIP&exercice=2026", "?region=ML-7"]
)
def test_every_number_opens_the_list_that_it_counts(seed, query):
    varied(seed)
    client = signed_in(Role.SECTION_HEAD)
    made = board(client, f"/tableau-de-bord/{query}")
    for text, url in counted_links(made):
        assert listed(client, url) == told(text), url


def test_a_reader_of_one_region_counts_it_and_what_they_wrote_elsewhere_is_left_out():
    varied(3)
    reader = user_with(Role.PROGRAMME_OFFICER, region=region())
    DraftFactory(author=reader, region=region("ML-8"))
    client = Client()
    client.force_login(reader)
    made = board(client)
    assert told(made.tiles[0].text) == Project.objects.filter(region=region()).exclude(state="draft").count()
    for text, url in counted_links(made):
        assert listed(client, url) == told(text), url
    assert client.get("/tableau-de-bord/regions/ML-8/").status_code == 404


@pytest.mark.parametrize("measure", ["deposes", "accordes", "retard"])
def test_the_map_and_its_table_count_the_same_lists(measure):
    varied(4)
    client = signed_in(Role.AUDITOR)
    answer = client.get(f"/tableau-de-bord/?mesure={measure}")
    made = answer.context["board"]
    assert len(made.by_region) == len(answer.context["map"]().shapes) == 11
    for bar in made.by_region:
        assert listed(client, bar.url) == told(bar.text)
    noted = {shape.name: shape.note for shape in answer.context["map"]().shapes}
    assert noted == {bar.label: bar.text for bar in made.by_region}


@pytest.mark.parametrize("seed", range(3))
def test_the_money_of_the_dashboard_is_that_of_the_projects(seed):
    varied(seed)
    crew = Crew()
    project = Project.objects.get(state=State.ACTIVE)
    pay(instalment_of(project), crew, Decimal("1234.56"))
    made = board(signed_in(Role.SECTION_HEAD))
    names = ("approved_usd", "paid_usd", "justified_usd", "refunded_usd")
    sql = Project.objects.filter(state__in=sorted(GRANTED)).aggregate(**{f"{name}_": Sum(name) for name in names})
    assert {name: made.figures.total[name] for name in names} == {name: sql[f"{name}_"] for name in names}
    assert made.figures.total["paid_usd"] == Decimal("1234.56")
    client = signed_in(Role.SECTION_HEAD)
    for query, requested in (("etape=deposes", True), ("etape=accordes", False), ("etape=deposes&secteur=14031", True)):
        totals = client.get(f"/projets/?{query}").context["totals"]
        sector = parse_qs(query).get("secteur", [""])[0]
        whole = board(client, f"/tableau-de-bord/?secteur={sector}").figures.total
        assert {name: getattr(totals, name) for name in names[:3]} == {name: whole[name] for name in names[:3]}
        assert not requested or totals.budget_usd == whole["requested_usd"]


def test_the_page_of_a_fund_counts_that_fund():
    varied(5)
    client = signed_in(Role.SECTION_HEAD)
    assert told(board(client, "/tableau-de-bord/fonds/QIP/").tiles[0].text) == 45
    assert board(client, "/tableau-de-bord/fonds/PBF/").is_empty
    assert client.get("/tableau-de-bord/fonds/RIEN/").status_code == 404


def test_filters_stay_in_the_addresses_from_portfolio_to_region_to_list():
    varied(6)
    client = signed_in(Role.SECTION_HEAD)
    page = client.get("/tableau-de-bord/?mecanisme=QIP&exercice=2026").content.decode()
    assert "/tableau-de-bord/regions/ML-7/?mecanisme=QIP&amp;exercice=2026" in page
    late = board(client, "/tableau-de-bord/regions/ML-7/?mecanisme=QIP&exercice=2026").tiles[2].url
    assert parse_qs(urlsplit(late).query) == {
        "region": ["ML-7"], "mecanisme": ["QIP"], "exercice": ["2026"], "delai": ["retard"],
    }  # fmt: skip


def test_a_filter_that_cannot_be_read_is_an_error_of_its_field():
    answer = signed_in(Role.SECTION_HEAD).get("/tableau-de-bord/?exercice=demain")
    assert answer.status_code == 422
    assert "Exercice" in unescape(answer.content.decode())


def test_an_envelope_that_sleeps_is_a_risk():
    envelope = envelope_of("100000")
    many_projects(1)
    Envelope.objects.filter(pk=envelope.pk).update(reserved_usd=0)
    (use,) = [use for use in board(signed_in(Role.SECTION_HEAD)).envelopes if use.envelope.pk == envelope.pk]
    assert use.reserved == 0
    assert bool(use.risk) is (50 <= use.elapsed < 100)


@pytest.mark.parametrize("path", ["/tableau-de-bord/", "/tableau-de-bord/regions/ML-7/", "/tableau-de-bord/attention/"])
def test_a_dashboard_costs_the_same_for_ten_projects_and_a_thousand(path):
    client = signed_in(Role.SECTION_HEAD)
    envelope_of("100000")
    many_projects(11)
    client.get("/tableau-de-bord/")  # the outlines are drawn once a process

    def cost() -> int:
        caches["fragments"].clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    few = cost()
    many_projects(990)
    assert cost() == few <= 12


# --- Attention --------------------------------------------------------------------------------------------------------
def signals(client: Client, query: str = "") -> dict[str, int]:
    answer = client.get(f"/tableau-de-bord/attention/{query}")
    assert answer.status_code == 200
    return {one.detector.code: one.count.number for one, _rows, _url in answer.context["found"]}


def test_each_signal_opens_the_projects_that_it_found():
    varied(7)
    project = Project.objects.get(state=State.ACTIVE)
    finding(project, user_with(Role.PROGRAMME_OFFICER), "blocking")
    client = signed_in(Role.SECTION_HEAD)
    found = client.get("/tableau-de-bord/attention/").context["found"]
    assert {"retard", "constat"} <= {one.detector.code for one, _rows, _url in found}
    for one, rows, url in found:
        assert listed(client, url) == one.count.number
        assert len(rows) == min(5, one.count.number)


def test_what_is_latest_is_shown_first():
    late = []
    for days in (90, 200, 30):
        with clock.at(clock.now() - dt.timedelta(days=days)):
            late += many_projects(1)
    client = signed_in(Role.SECTION_HEAD)
    shown = {one.detector.code: rows for one, rows, _url in client.get("/tableau-de-bord/attention/").context["found"]}
    assert [row.project.pk for row in shown["retard"]] == [late[1], late[0], late[2]]


@pytest.mark.parametrize("code", DETECTORS)
def test_every_detector_can_be_asked_of_the_list(code):
    many_projects(3)
    assert listed(signed_in(Role.SECTION_HEAD), f"/projets/?signal={code}") >= 0


def test_an_unlike_price_is_noticed_and_a_like_one_is_not():
    usual = [DraftFactory() for _rank in range(5)]
    for project in usual:
        add_line(project, "100", label="Ciment", unit="sac")
    dear, fair = DraftFactory(), DraftFactory()
    add_line(dear, "400", label="ciment", unit="sac")
    add_line(fair, "150", label="Ciment", unit="sac")

    file_all()
    client = signed_in(Role.SECTION_HEAD)
    rows = client.get("/projets/?signal=cout").context["rows"]
    assert [row.project.pk for row in rows] == [dear.pk]


def test_splitting_is_noticed_above_the_ceiling_only():
    partner = PartnerFactory()
    for amount in ("30000", "30000"):
        add_line(DraftFactory(partner=partner), amount)
    other = PartnerFactory()
    for amount in ("20000", "20000"):
        add_line(DraftFactory(partner=other), amount)

    file_all()
    rows = signed_in(Role.SECTION_HEAD).get("/projets/?signal=fractionnement").context["rows"]
    assert {row.project.partner_id for row in rows} == {partner.pk}


# --- Plans ------------------------------------------------------------------------------------------------------------
def test_the_coverage_of_plans_is_one_click_away_and_says_when_there_is_none():
    many_projects(1, region=region())
    client = signed_in(Role.REGIONAL_MANAGER, region=region())
    page = client.get("/tableau-de-bord/").content.decode()
    assert 'hx-get="/tableau-de-bord/plans/"' in page and 'href="/tableau-de-bord/plans/"' in page
    assert "Aucun plan régional n’est en vigueur ici." in client.get("/tableau-de-bord/plans/").content.decode()
