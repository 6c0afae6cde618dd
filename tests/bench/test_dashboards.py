"""A region's dashboard among 1,000, 100,000 and 1,000,000 projects beside a plain GROUP BY, and what a write costs.

`BENCH_SIZES=1000,100000` takes fewer. Prints, judges nothing. « anew » is a page after a project that it counts was
written; otherwise its body is kept (`dashboards.pages.asked_here`).
"""

import gc
import itertools
import os
import statistics
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from projects.models import Project
from regions.models import Region
from sr_portal.accounts.roles import Role, Scope
from sr_portal.dashboards import figures
from sr_portal.dashboards.asked import Asked
from sr_portal.web import clock
from tests.bench.million import load
from tests.bench.served import Served
from tests.factories.accounts import user_with

pytestmark = pytest.mark.bench
SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "1000,100000,1000000").split(",")]
ROUNDS, WRITES = 40, 200
SUMS = ", ".join(f"sum({name})" for name in ("budget_usd", "approved_usd", "paid_usd", "justified_usd", "direct_women"))
PLAIN = (
    f"SELECT state, count(*), {SUMS} FROM projects_project WHERE region_id = %s GROUP BY state",
    f"SELECT sector_id, count(*), {SUMS} FROM projects_project WHERE region_id = %s GROUP BY sector_id",
    f"SELECT o.kind, count(*), {SUMS} FROM projects_project p JOIN funds_organisation o ON o.id = p.partner_id WHERE p.region_id = %s GROUP BY o.kind",
    "SELECT count(DISTINCT project_id) FROM projects_deadline WHERE region_id = %s AND turn IS NOT NULL AND due_on < current_date",
)


def milliseconds(act) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def processor(act) -> float:
    """Milliseconds of this process's own work: what a busy machine does not stretch. The database's are not in it."""
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def ask(statements) -> None:
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute(sql, parameters)
            cursor.fetchall()


def loaded(size: int) -> None:
    """Committed, and tidied as autovacuum would within the minute."""
    with transaction.atomic():
        load(size)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@pytest.mark.parametrize("size", SIZES)
def test_a_dashboard_and_a_plain_group_by(own_database, size):
    print(f"\n{size:,} projects, loaded and counted in {milliseconds(lambda: loaded(size)) / 1000:.1f} s")
    place = Region.objects.defer("outline").get(code="ML-7")
    boards = {
        "region": (Asked(Scope(everywhere=True), region=place), "/tableau-de-bord/regions/ML-7/"),
        "region, year": (Asked(Scope(everywhere=True), region=place, fiscal_year=2026), "/tableau-de-bord/regions/ML-7/?exercice=2026"),
        "region, sector": (Asked(Scope(everywhere=True), region=place, sector="14031"), "/tableau-de-bord/regions/ML-7/?secteur=14031"),
        "portfolio": (Asked(Scope(everywhere=True)), "/tableau-de-bord/"),
        "portfolio, sector": (Asked(Scope(everywhere=True), sector="14031"), "/tableau-de-bord/?secteur=14031"),
    }  # fmt: skip
    client = Served(user_with(Role.SECTION_HEAD))
    plain = [(sql, [place.pk]) for sql in PLAIN]
    floor: list[float] = []
    times: dict[str, tuple[list[float], ...]] = {name: ([], [], [], []) for name in boards}
    statements = {}
    for name, (asked, path) in boards.items():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            figures.read(asked, clock.today())
        statements[name] = [(query["sql"].replace("%", "%%"), ()) for query in queries]
    inside = {"region": place, "sector_id": "14031", "fact__fiscal_year": 2026, "fact__granted": 1}
    written = Project.objects.filter(pk=Project.objects.filter(**inside).values_list("pk")[0][0])
    told = itertools.count(1)
    gc.collect()
    gc.freeze()  # as gunicorn does before its workers are born
    usual = gc.get_threshold()
    gc.set_threshold(700, 10, 10)  # which the suite has raised
    for _round in range(ROUNDS):  # interleaved, so that a slower moment of the machine weighs on all alike
        floor.append(milliseconds(lambda: ask(plain)))
        for name, (_asked, path) in boards.items():
            times[name][0].append(milliseconds(lambda name=name: ask(statements[name])))
            written.update(displaced=next(told))  # which every one of these boards counts
            times[name][3].append(milliseconds(lambda path=path: client.get(path)))
            times[name][1].append(milliseconds(lambda path=path: client.get(path)))
            times[name][2].append(processor(lambda path=path: client.get(path)))
    gc.set_threshold(*usual)
    slow = statistics.median(floor)
    heads = (
        "SQL best",
        "SQL median",
        "SQL p95",
        "page best",
        "page median",
        "page p95",
        "page CPU",
        "anew",
        "anew p95",
        "SQL / plain",
    )
    print(f"{'':18}" + "".join(f"{head:>12}" for head in heads))
    print(f"{'plain GROUP BY':18}{min(floor):12.2f}{slow:12.2f}{p95(floor):12.2f}")
    for name, (sql, page, own, anew) in times.items():
        middle = statistics.median(sql)
        numbers = (min(sql), middle, p95(sql), min(page), statistics.median(page), p95(page), statistics.median(own),
                   statistics.median(anew), p95(anew))  # fmt: skip
        print(f"{name:18}" + "".join(f"{number:12.2f}" for number in numbers) + f"{middle / slow:12.4f}")
    _writes()


def _writes() -> None:
    """The same update of one project, with the triggers of the sums and without."""
    keys = list(Project.objects.order_by("pk").exclude(state="draft").values_list("pk", flat=True)[:WRITES])
    times: dict[str, list[float]] = {"with": [], "without": []}
    for turn, key in enumerate(keys):
        for way in times if turn % 2 else reversed(times):
            change = Project.objects.filter(pk=key)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL session_replication_role = {'origin' if way == 'with' else 'replica'}")
                times[way].append(milliseconds(lambda change=change, turn=turn: change.update(displaced=1000 + turn)))
            change.update(displaced=0)
    counted, bare = (statistics.median(rows) for rows in times.values())
    print(f"a write: {counted:.2f} ms with every trigger of a project, {bare:.2f} ms with none")
    with connection.cursor() as cursor:
        own = [
            milliseconds(lambda key=key: cursor.execute("SELECT refresh_facts(ARRAY[%s]::bigint[])", [key]))
            for key in keys
        ]
    print(f"of which refresh_facts that finds nothing new: {statistics.median(own):.2f} ms")
