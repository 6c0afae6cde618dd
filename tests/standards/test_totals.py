"""Whatever the portfolio: the same totals on dashboards, in the list, in every file, from the API and in SQL, to the cent.

A handful of portfolios, the same at each run; TOTALS_EXAMPLES=500 draws as many, anew each time.
"""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
import python_calamine
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from lxml import etree

from projects.exports.project_table import PROJECTS, STAFF_PROJECTS
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web.templatetags.portal import number, usd
from tests.api.asking import Program
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.implementation import pdf_of
from tests.factories.portfolios import FUNDS, SECTORS, YEARS, Drawn, Ground, portfolios, write

EXAMPLES = int(os.environ.get("TOTALS_EXAMPLES", "5"))
SIZE = (6, 14)  # projects of one portfolio
REGIONS = ("ML-7", "ML-BKO")
MONEY = ("approved_usd", "obligated_usd", "paid_usd", "refunded_usd", "justified_usd")
Sums = dict[str, Decimal]
several = profile(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None,
    derandomize="TOTALS_EXAMPLES" not in os.environ, print_blob=True,
    phases=tuple(phase for phase in Phase if phase.name in ("explicit", "generate")),
)  # fmt: skip


@dataclass
class World:
    ground: Ground
    head: User
    staff: Program
    partner: Program

    @property
    def browser(self) -> Client:
        client = Client()
        client.force_login(self.head)
        return client


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    from django.conf import settings

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        patch.setattr(settings, "API_REQUESTS_PER_MINUTE", 10**9)
        patch.setattr(settings, "PUBLIC_PAGE", True)
        author, head = user_with(Role.PROPOSER), user_with(Role.SECTION_HEAD)
        partners = [PartnerFactory(kind=kind).pk for kind in ("ngo_national", "company", "un_agency")]
        ground = Ground(author, partners, pdf_of(author))
        yield World(ground, head, Program(user=head), Program(Role.PARTNER))
        transaction.set_rollback(True)


@pytest.fixture
def held(world, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        yield world


class Holding:
    """A portfolio that is there for one example, and gone after it."""

    def __init__(self, drawn: list[Drawn], world: World) -> None:
        self.drawn, self.world = drawn, world

    def __enter__(self) -> dict[int, int]:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        return write(self.drawn, self.world.ground)

    def __exit__(self, *told) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(*told)


# --- What is true -----------------------------------------------------------------------------------------------------
def summed(drawn: Iterable[Drawn]) -> Sums:
    total = dict.fromkeys(MONEY, Decimal(0))
    for one in drawn:
        for name in MONEY:
            total[name] += getattr(one, name.removesuffix("_usd"))
    return total


def in_sql(keys: Iterable[int]) -> Sums:
    with connection.cursor() as cursor:
        columns = ", ".join(f"coalesce(sum({name}), 0)" for name in MONEY)
        cursor.execute(f"SELECT {columns} FROM projects_project WHERE id = ANY(%s)", [list(keys)])
        return dict(zip(MONEY, cursor.fetchone(), strict=True))


def at_most(number: int, **values: st.SearchStrategy) -> st.SearchStrategy[dict]:
    """Some of these filters: with all of them at once nothing would be left to add up."""
    names = st.lists(st.sampled_from(sorted(values)), max_size=number, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: values[name] for name in chosen}))


NARROWING = at_most(
    2, region=st.sampled_from(REGIONS), mecanisme=st.sampled_from(sorted(FUNDS)), exercice=st.sampled_from(YEARS),
    secteur=st.sampled_from([code for code in SECTORS if code]),
)  # fmt: skip
FURTHER = at_most(
    1, etat=st.lists(st.sampled_from([state.value for state in State]), min_size=6, unique=True),
    montant_min=st.integers(0, 30_000), montant_max=st.integers(20_000, 50_000),
    type_partenaire=st.sampled_from(["ngo_national", "company", "aucun"]),
)  # fmt: skip
KINDS = {"ngo_national": 0, "company": 1, "aucun": None}


def matches(one: Drawn, asked: dict) -> bool:
    """Whether the filters of an address let the project through: said here once more, and in other words."""
    return all(
        (
            asked.get("region") in (None, one.region),
            asked.get("mecanisme") in (None, one.fund),
            asked.get("exercice") in (None, one.year),
            asked.get("secteur") in (None, one.sector),
            one.state.value in asked.get("etat", [one.state.value]),
            asked.get("montant_min", 0) <= one.budget <= asked.get("montant_max", 10**9),
            "type_partenaire" not in asked or one.partner == KINDS[asked["type_partenaire"]],
        )
    )


# --- What each format says --------------------------------------------------------------------------------------------
def query(asked: dict, **more) -> str:
    from urllib.parse import urlencode

    return urlencode({**asked, **more}, doseq=True)


def body(answer) -> bytes:
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content)


def of_csv(content: bytes, columns: dict[str, str]) -> Sums:
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return {name: sum((Decimal(row[column] or 0) for row in rows), Decimal(0)) for name, column in columns.items()}


def of_xlsx(content: bytes, columns: dict[str, str]) -> Sums:
    heading, *rows = python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    places = {name: heading.index(column) for name, column in columns.items()}
    return {name: sum((cent(row[at] or 0) for row in rows), Decimal(0)) for name, at in places.items()}


def cent(value: float | int | None) -> Decimal:
    return round(Decimal(str(value or 0)), 2)


def of_json(rows: Iterable[dict]) -> Sums:
    rows = list(rows)
    return {name: sum((cent(row[name]) for row in rows), Decimal(0)) for name in MONEY}


def pages(program: Program, path: str) -> Iterator[dict]:
    """The rows of all pages of a list, of few rows each."""
    address = path
    while address:
        answer = program.get(address)
        assert answer.status_code == 200, answer.content
        told = answer.json()
        yield from told["results"]
        address = told["next"] and told["next"].removeprefix("http://testserver")


def of_iati(activity: etree._Element) -> tuple[Decimal, Decimal, Decimal]:
    """The sums of budgets, of commitments, of payments less refunds."""

    def total(path: str) -> Decimal:
        return sum((Decimal(one.text) for one in activity.xpath(path)), Decimal(0))

    of_kind = "transaction[transaction-type/@code='{}']/value"
    return total("budget/value"), total(of_kind.format(2)), total(of_kind.format(3))


LABELS = {field.name: str(field.label) for field in (*PROJECTS.fields, *STAFF_PROJECTS.fields)}
BY_NAME, BY_LABEL = {name: name for name in MONEY}, {name: LABELS[name] for name in MONEY}


# --- The property -----------------------------------------------------------------------------------------------------
@several
@given(drawn=portfolios(REGIONS, 3, *SIZE), asked=NARROWING)
def test_a_dashboard_is_the_list_that_it_opens_and_the_files_of_that_list(held, drawn, asked):
    with Holding(drawn, held) as keys:
        browser = held.browser
        filed = [one for one in drawn if matches(one, asked) and one.state != State.DRAFT]
        granted = [one for one in filed if one.granted]
        truth = summed(granted)
        assert in_sql(keys[one.number] for one in granted) == truth

        for address in dashboards(asked):
            board = browser.get(address).context["board"]
            total = board.figures.total
            assert {name: total[name] for name in MONEY} == truth, address
            assert (total["filed"], total["granted"]) == (len(filed), len(granted)), address
            assert total["requested_usd"] == sum(one.budget for one in filed)
            assert [tile.note for tile in board.tiles[:2]] == [usd(total["requested_usd"]), usd(truth["approved_usd"])]
            assert total["direct_women"] == sum(one.people[0] for one in granted)

        assert_list_and_its_files(held, browser, query(asked, etape="accordes"), truth, granted)
        if "secteur" not in asked:
            rows = held.staff.rows(f"summary?{query(asked)}")
            assert of_json(rows) == truth and sum(row["projects"] for row in rows) == len(granted)


def dashboards(asked: dict) -> Iterator[str]:
    """Every dashboard that tells of what is asked."""
    yield f"/tableau-de-bord/?{query(asked)}"
    for name, path in (("region", "regions"), ("mecanisme", "fonds")):
        if name in asked:
            rest = {key: value for key, value in asked.items() if key != name}
            yield f"/tableau-de-bord/{path}/{asked[name]}/?{query(rest)}"


def assert_list_and_its_files(world: World, browser: Client, asked: str, truth: Sums, listed: list[Drawn]) -> None:
    totals = browser.get(f"/projets/?{asked}").context["totals"]
    assert totals.count.number == len(listed)
    assert {name: getattr(totals, name) for name in ("approved_usd", "paid_usd", "justified_usd")} == {
        name: truth[name] for name in ("approved_usd", "paid_usd", "justified_usd")
    }
    budget = LABELS["budget_usd"]
    table = of_csv(body(browser.get(f"/projets/export.csv?{asked}")), {**BY_LABEL, "budget_usd": budget})
    sheet = of_xlsx(body(browser.get(f"/projets/export.xlsx?{asked}")), {**BY_LABEL, "budget_usd": budget})
    asking_for = sum((one.budget for one in listed), Decimal(0))
    assert table == sheet == {**truth, "budget_usd": asking_for}
    assert totals.budget_usd == asking_for
    rows = list(pages(world.staff, f"projects?page_size=5&{asked}"))
    assert of_json(rows) == truth and sum(cent(row["budget_usd"]) for row in rows) == asking_for


@several
@given(drawn=portfolios(REGIONS, 3, *SIZE), asked=NARROWING, further=FURTHER)
def test_a_list_is_its_files_and_its_api_whatever_it_is_filtered_by(held, drawn, asked, further):
    with Holding(drawn, held) as keys:
        listed = [one for one in drawn if matches(one, {**asked, **further})]
        assert in_sql(keys[one.number] for one in listed) == summed(listed)
        assert_list_and_its_files(held, held.browser, query({**asked, **further}), summed(listed), listed)


@several
@given(drawn=portfolios(REGIONS, 3, *SIZE))
def test_what_partners_are_told_is_the_same_in_every_open_file_and_from_the_api(held, drawn):
    with Holding(drawn, held) as keys:
        shown = [one for one in drawn if one.is_open]
        truth = summed(shown)
        assert in_sql(keys[one.number] for one in shown) == truth

        def file(name: str) -> bytes:
            return body(held.browser.get(f"/donnees/{name}"))

        assert of_csv(file("projets.csv"), BY_NAME) == of_xlsx(file("projets.xlsx"), BY_LABEL) == truth
        assert of_json(one["properties"] for one in json.loads(file("projets.geojson"))["features"]) == truth
        ours = list(csv.DictReader(io.StringIO(file("4w.csv").decode("utf-8-sig"), newline="")))
        assert sum(Decimal(row["amount_usd"]) for row in ours) == truth["approved_usd"]
        assert of_json(pages(held.partner, "projects?page_size=4")) == truth
        summary = held.partner.rows("summary")
        assert of_json(summary) == truth and sum(row["projects"] for row in summary) == len(shown)
        assert_iati(etree.fromstring(file("iati-activites.xml")), drawn)
        assert_public(Client().get("/public/").context["figures"], drawn)


def assert_iati(root: etree._Element, drawn: list[Drawn]) -> None:
    """Of each project, not of all together: what one lacks no other may make up for."""
    told = {one.findtext("iati-identifier"): one for one in root.iter("iati-activity")}
    for one in drawn:
        activity = told.get(f"XM-DAC-41310-{one.number}")
        assert (activity is not None) == one.granted
        if one.is_open:
            assert of_iati(activity) == (one.approved, one.obligated, one.paid - one.refunded), one
        elif activity is not None:
            assert of_iati(activity) == (0, 0, 0)


def assert_public(figures, drawn: list[Drawn]) -> None:
    """Of those that are told in full: amounts of the others are told rounded, or not at all."""
    full = [one for one in drawn if one.granted and one.disclosure == "full"]
    assert figures.usd == sum(one.approved for one in full)
    assert figures.paid == sum(one.paid - one.refunded for one in full)
    assert figures.projects == sum(one.is_open for one in drawn)
    assert number(figures.people) == number(sum(sum(one.people) for one in full))
