"""The API's list of projects among 1,000 and 1,000,000 (`BENCH_SIZES`): pages near and far, filters, what changed since.

Each size prints milliseconds and queries beside the same page as one `json_agg` in a bare view, and beside a plain
ModelSerializer; asked in turn, so that a slower moment of the machine weighs on all alike. Judges nothing.
"""

import os
import statistics
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from rest_framework.renderers import JSONRenderer

from projects.api.projects import PROJECTS
from projects.models import Project
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.api.asking import seal_cursor
from sr_portal.api.reader import Reader
from tests.api.asking import secret_of
from tests.bench.million import load
from tests.bench.test_api import PlainProject, milliseconds
from tests.factories.accounts import user_with

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "1000,1000000").split(",")]
ROUNDS = int(os.environ.get("API_BENCH_ROUNDS", "25"))
FAR = 10_000  # the page of a hundred that is asked for, or the last


def cases_of(user: User) -> dict[str, Callable[[], object]]:
    """What is asked, by its name: the floor first."""
    client, size = Client(), Project.objects.count()
    headers = {"Authorization": f"Token {secret_of(user)}", "Accept-Encoding": "identity"}
    rows = Project.objects.order_by("-updated_at", "-pk").values_list("updated_at", "pk")
    far = min(FAR, size // 100 - 1) * 100
    cursor = seal_cursor("projects", "-updated_at", QueryDict(), rows[far])
    plain = Project.objects.visible_to(user).select_related("mechanism", "sector", "region", "cercle", "partner")
    plain = plain.prefetch_related("results").defer("region__outline", "search").order_by("-updated_at", "-pk")
    table, _line, joined = PROJECTS.source.partition("\n")
    sql = f"""WITH page AS (SELECT id AS k FROM projects_project ORDER BY updated_at DESC, id DESC LIMIT 100)
        SELECT json_agg(r)::text FROM (SELECT {PROJECTS.select(Reader(user))}
        FROM page JOIN {table} ON p.id = page.k {joined} ORDER BY p.updated_at DESC, p.id DESC) AS r"""

    def floor() -> HttpResponse:
        with connection.cursor() as opened:
            opened.execute(sql)
            return HttpResponse(opened.fetchone()[0].encode(), content_type="application/json")

    def ask(path: str, **more: str) -> Callable[[], HttpResponse]:
        def act() -> HttpResponse:
            answer = client.get(f"/api/v1/{path}", headers={**headers, **more})
            assert answer.status_code in (200, 304), answer.content
            return answer

        return act

    first = ask("projects?page_size=100")
    mark = client.get("/api/v1/projects?updated_since=start&page_size=100", headers=headers).json()["next"]
    return {
        "floor: json_agg, bare view": floor,
        "first page of 100": first,
        f"page {far // 100 + 1:,}": ask(f"projects?page_size=100&cursor={cursor}"),
        "one region": ask("projects?page_size=100&region=ML-7"),
        "region, state, sector": ask("projects?page_size=100&region=ML-7&etat=active&secteur=14031"),
        "search": ask("projects?page_size=100&q=forage"),
        "changed since, from the start": ask("projects?page_size=100&updated_since=start"),
        "changed since, next page": ask(mark.partition("/api/v1/")[2]) if mark else first,
        "not changed (304)": ask("projects?page_size=100", **{"If-None-Match": first()["ETag"]}),
        "one project": ask(f"projects/{rows[far][1]}"),
        "ModelSerializer": lambda: JSONRenderer().render(PlainProject(plain[:100], many=True).data),
    }


def compare(cases: dict[str, Callable[[], object]]) -> None:
    times: dict[str, list[float]] = {name: [] for name in cases}
    queries = {}
    for name, act in cases.items():
        act()
        with CaptureQueriesContext(connection) as asked:
            act()
        queries[name] = len(asked)
    for _round in range(ROUNDS):
        for name, act in cases.items():
            times[name].append(milliseconds(act))
    base = statistics.median(next(iter(times.values())))
    print(f"{'':32}{'best':>9}{'p50':>9}{'p95':>9}{'x floor':>9}{'queries':>9}")
    for name, measured in times.items():
        kept = sorted(measured)
        middle = statistics.median(kept)
        print(
            f"{name:32}{kept[0]:9.2f}{middle:9.2f}{kept[int(len(kept) * 0.95)]:9.2f}{middle / base:9.2f}{queries[name]:9}"
        )


@pytest.mark.parametrize("size", SIZES)
@override_settings(API_REQUESTS_PER_MINUTE=10**9)
def test_the_list_of_the_api(size):
    load(size)
    print(f"\n{size:,} projects")
    compare(cases_of(user_with(Role.SECTION_HEAD)))
