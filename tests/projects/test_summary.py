"""What dashboards are made of is always what a count of the projects would give, whoever writes and however."""

import datetime as dt
import json
import random
import threading
from decimal import Decimal
from importlib import import_module
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.models import Count, Sum

from funds.models import Organisation
from projects.models import Cell, ClockCell, Deadline, Project, ProjectFact
from projects.states import State
from projects.summary import reading, view
from projects.summary.checking import differences
from projects.summary.table import CLOCKS, GRAINS, LEVELS, MEASURES
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.implementation import Crew, in_state, instalment_of, justify, pay, visit
from tests.factories.many import many_projects
from tests.factories.plans import in_force
from tests.factories.projects import DraftFactory, add_line, complete_draft, region


def drift() -> list[str]:
    return [str(difference) for difference in differences()]


def total(grain: str, measure: str, **where):
    return Cell.objects.filter(grain=grain, **where).aggregate(sum=Sum(measure))["sum"] or 0


def late(clock_name: str = "due_on") -> int:
    rows = json.loads(reading.answer(reading.Question(), ("filed",), clock.today()))["clocks"] or ()
    return sum(late for name, _region, late, _running in rows if name == clock_name)


@pytest.mark.django_db
def test_the_database_holds_the_table_as_it_is_written():
    def laid_down(name: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [name])
            return cursor.fetchone()[0]

    for name, sql in (
        ("refresh_facts", view.refresh()),
        ("fold_cells", view.fold()),
        ("rebuild_facts", view.rebuild()),
    ):
        body = sql.split("$$")[1]
        assert body in laid_down(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef(%s::regclass)", [view.VIEW])
        standing = cursor.fetchone()[0]
        cursor.execute(f"CREATE TEMPORARY VIEW as_written AS {view.facts()}")
        cursor.execute("SELECT pg_get_viewdef('as_written'::regclass)")
        assert cursor.fetchone()[0] == standing


@pytest.mark.django_db
def test_a_life_from_draft_to_closure_is_counted_at_every_step():
    crew = Crew()
    draft = DraftFactory()
    add_line(draft, "7000")
    assert (total("state", "projects", state="draft"), total("state", "requested_usd")) == (1, 0)
    assert not drift()
    draft.delete()
    assert total("state", "projects") == 0
    assert not drift()

    project = in_state("agreed", crew=crew)
    first = instalment_of(project)
    assert total("state", "left_usd") == project.approved_usd
    pay(first, crew)
    justify(first, crew, Decimal("4000"))
    visit(project, crew.officer)
    visit(project, crew.officer, "other", done=False)
    assert not drift()
    cell = {name: total("sector_state", name, sector_id=project.sector_id) for name in MEASURES}
    assert (cell["paid_usd"], cell["justified_usd"], cell["left_usd"]) == (
        first.amount_usd, 4000, project.approved_usd - first.amount_usd,
    )  # fmt: skip
    assert (cell["visits_done"], cell["direct_women"]) == (1, project.direct_women)
    assert cell["visits_planned"] == project.visits.filter(state="planned").count() > 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["closed", "cancelled", "suspended", "completed"])
def test_nothing_drifts_in_any_state(state):
    in_state(state)
    assert not drift()
    assert total("partner", "granted") == 1


@pytest.mark.django_db
def test_what_a_fund_or_a_partner_changes_is_followed():
    from funds.models import Mechanism

    with clock.at(dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)):
        project = DraftFactory(partner=PartnerFactory(kind="ngo_national"))
    assert ProjectFact.objects.get().fiscal_year == 2025
    Mechanism.objects.filter(code="QIP").update(fiscal_year_first_month=1)
    assert ProjectFact.objects.get().fiscal_year == 2026
    Organisation.objects.filter(pk=project.partner_id).update(kind="company")
    assert total("partner", "projects", partner_kind="company") == 1
    assert not drift()


@pytest.mark.django_db
def test_the_priority_that_a_project_serves_is_followed():
    water, roads = in_force(10_000, 5_000)
    project = in_state("active")
    for served in (water, roads, None):
        Project.objects.filter(pk=project.pk).update(priority=served)
        assert not drift()
        held = Cell.objects.filter(grain="priority").summed("priority_id", measures=("projects", "reserved_usd"))
        found = {row["priority_id"]: row["reserved_usd_sum"] for row in held if row["projects_sum"]}
        assert found == {served.pk if served else 0: project.reserved_usd}


@pytest.mark.django_db
def test_the_whole_country_is_the_sum_of_its_regions():
    for code in ("ML-6", "ML-7"):
        many_projects(7, region=region(code))
    for part in ("state", "sector", "partner", "sector_state", "sector_partner"):
        whole = f"whole_{part}"
        for measure in ("projects", "filed"):
            assert total(whole, measure) == total(part, measure) == total("region", measure) > 0
    assert set(Cell.objects.filter(grain__startswith="whole").values_list("region_id", flat=True)) == {0}


@pytest.mark.django_db
def test_being_late_needs_no_write():
    with clock.at(dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)):
        many_projects(5)
        assert late() == 0
    for day, expected in ((12, 0), (13, 5), (31, 5)):
        with clock.at(dt.datetime(2026, 1, day, 12, tzinfo=dt.UTC)):
            assert late() == expected == Project.objects.late().count()
    with clock.at(dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)):
        assert late() == 5
    assert set(Deadline.objects.late().values_list("project_id", flat=True)) == set(
        ProjectFact.objects.filter(due_on__lt=clock.today()).values_list("pk", flat=True)
    )


@pytest.mark.django_db
def test_folding_changes_no_sum():
    many_projects(30)
    in_state("active")
    before = {grain: total(grain, "projects") for grain in GRAINS}
    with connection.cursor() as cursor:
        cursor.execute("SELECT fold_cells()")
    assert {grain: total(grain, "projects") for grain in GRAINS} == before
    assert not Cell.objects.filter(loose=True).exists()
    assert not Cell.objects.filter(projects=0).exists()
    Project.objects.filter(state=State.SUBMITTED).update(direct_women=7)
    assert not drift()


@pytest.mark.django_db
def test_a_planted_error_is_found_named_and_repaired():
    many_projects(3, region=region())
    call_command("check_summaries", stdout=StringIO())
    Cell.objects.filter(grain="state", region=region()).update(projects=77)
    ProjectFact.objects.filter(region=region()).update(direct_boys=5)
    ClockCell.objects.filter(region=region(), level="day").delete()
    said = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("check_summaries", stdout=said, no_color=True)
    assert left.value.code == 1
    for words in ("projects: 77 instead of", "direct_boys: 5 instead of 0", "projects_clockcell due_on day"):
        assert words in said.getvalue()
    call_command("check_summaries", "--repair", stdout=StringIO())
    call_command("check_summaries", stdout=StringIO())


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_random_data_add_up_the_same_by_every_grain(seed):
    chance = random.Random(seed)
    partners = [PartnerFactory(kind=kind) for kind in ("ngo_national", "company", "un_agency")]
    for key in many_projects(60):
        Project.objects.filter(pk=key).update(
            partner=chance.choice([None, *partners]),
            sector=chance.choice([None, "14031", "12230", "15220"]),
            direct_women=chance.randrange(500),
            created_at=clock.now() - dt.timedelta(days=chance.randrange(1200)),
        )
    Project.objects.filter(pk__in=chance.sample(list(Project.objects.values_list("pk", flat=True)), 20)).update(
        state=State.WITHDRAWN
    )
    assert not drift()
    by_state = dict(Project.objects.order_by().values_list("state").annotate(Count("pk")))
    for grain in ("state", "sector_state"):
        cells = Cell.objects.filter(grain=grain).summed("state", measures=("projects",)).filter(projects_sum__gt=0)
        assert {row["state"]: row["projects_sum"] for row in cells} == by_state
    assert {total(grain, "projects") for grain in GRAINS} == {60}


@pytest.mark.django_db
def test_a_sum_is_the_same_by_every_clock_and_level():
    in_state("completed")
    many_projects(3)
    for name in CLOCKS:
        held = ProjectFact.objects.filter(**{f"{name}__isnull": False}).count()
        for level in LEVELS:
            sums = ClockCell.objects.filter(clock=name, level=level).aggregate(sum=Sum("projects"))["sum"]
            assert (sums or 0) == held


def test_sixteen_writers_at_once_leave_nothing_to_find(own_database):
    author = user_with(Role.PROPOSER)
    keys = many_projects(32, author=author)
    partners = [PartnerFactory(kind=kind) for kind in ("ngo_national", "company")]
    wrong: list[BaseException] = []

    def write(rank: int) -> None:
        chance = random.Random(rank)
        try:
            for turn in range(12):
                with transaction.atomic():
                    # Two projects each, in the order of their keys as every service locks them.
                    for key in sorted(chance.sample(keys, 2)):
                        Project.objects.filter(pk=key).update(
                            direct_women=chance.randrange(100), sector=chance.choice(["14031", "12230"]),
                            partner=chance.choice(partners),
                        )  # fmt: skip
                    complete_draft(author=author)
                    if turn % 4 == 3:
                        with connection.cursor() as cursor:
                            cursor.execute("SELECT fold_cells()")
                    if turn % 5 == 4:
                        transaction.set_rollback(True)
        except BaseException as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(rank,)) for rank in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert not drift()
    # Turns 5 and 10 of 12 were undone.
    assert total("state", "projects") == 32 + 16 * 10


@pytest.mark.django_db
def test_clocks_over_all_are_laid_down_among_projects_that_are_there_and_taken_back():
    fill = import_module("projects.migrations.0049_fill_clocks").FILL
    step = import_module("projects.migrations.0048_clocks_over_all_funds")
    over_all = ClockCell.objects.filter(level__in=[level for level, (_unit, is_all) in LEVELS.items() if is_all])
    many_projects(8)
    in_state("completed")
    held = over_all.exists()
    with connection.cursor() as cursor:
        for sql in step.BACKWARD:
            cursor.execute(sql)
        many_projects(3)
        assert held and not over_all.exists() and drift()
        cursor.execute(step.FORWARD)
        cursor.execute(fill)
    assert not drift()
    many_projects(1)
    assert not drift() and over_all.exists()
