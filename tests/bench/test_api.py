"""The API's list beside its floor and beside a plain ModelSerializer, 304s, and deep pages: numbers, nothing is judged.

`API_BENCH_ROWS` projects (1,000 unless told), committed as they are in life. The floor is one SQL `json_agg` of the same
rows and the same columns in a bare view: it chooses the keys of the page first, as anybody would who writes it for speed,
then makes the JSON of these rows alone. It is also asked behind the same token, since who asks has to be known in any case.
"""

import gc
import os
import statistics
import time

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from funds.models import Mechanism, Organisation, Sector
from projects.api.projects import PROJECTS
from projects.models import ExpectedResult, Project
from regions.models import Cercle, Region
from sr_portal.accounts.roles import Role
from sr_portal.api.authentication import TokenAuthentication
from sr_portal.api.reader import Reader
from sr_portal.api.throttles import count
from tests.api.asking import secret_of
from tests.factories.accounts import user_with
from tests.factories.many import many_projects

pytestmark = pytest.mark.bench
ROUNDS = int(os.environ.get("API_BENCH_ROUNDS", "40"))
ROWS = int(os.environ.get("API_BENCH_ROWS", "1000"))


def plain(of: type, *names: str) -> serializers.ModelSerializer:
    meta = type("Meta", (), {"model": of, "fields": list(names)})
    return type(f"{of.__name__}Plain", (serializers.ModelSerializer,), {"Meta": meta})


class PlainProject(serializers.ModelSerializer):
    fund = plain(Mechanism, "code", "name_fr", "name_en")(source="mechanism")
    sector = plain(Sector, "code", "name_fr", "name_en")()
    region = plain(Region, "code", "name")()
    cercle = plain(Cercle, "id", "name")()
    partner = plain(Organisation, "id", "name", "acronym")()
    results = plain(ExpectedResult, "statement", "indicator", "unit", "baseline", "target")(many=True)

    class Meta:
        model = Project
        fields = [
            "id", "reference", "iati_identifier", "title", "state", "state_since", "fund", "sponsor", "sector", "region",
            "cercle", "locality", "latitude", "longitude", "disclosure", "objective", "partner", "results", "submitted_at",
            "published_on", "starts_on", "duration_months", "ends_on", "budget_usd", "community_usd", "approved_usd",
            "obligated_usd", "paid_usd", "refunded_usd", "justified_usd", "updated_at",
        ]  # fmt: skip


def milliseconds(act) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


@override_settings(API_REQUESTS_PER_MINUTE=10**9)
def test_the_list_beside_its_floor(own_database):
    keys = many_projects(ROWS)
    user = user_with(Role.SECTION_HEAD)
    headers = {"Authorization": f"Token {secret_of(user)}", "Accept-Encoding": "identity"}
    client, factory = Client(), RequestFactory()
    table, _line, joined = PROJECTS.source.partition("\n")
    floor_sql = f"""WITH page AS (SELECT id AS k FROM projects_project ORDER BY updated_at DESC, id DESC LIMIT 100)
        SELECT json_agg(r)::text FROM (SELECT {PROJECTS.select(Reader(user))}
        FROM page JOIN {table} ON p.id = page.k {joined} ORDER BY p.updated_at DESC, p.id DESC) AS r"""

    def who_asks() -> HttpResponse:
        _person, token = TokenAuthentication().authenticate(_Asked(factory.get("/", headers=headers)))
        count(f"token:{token.pk}")
        return HttpResponse(status=304)

    def floor(known: bool = False) -> HttpResponse:
        if known:
            who_asks()
        with connection.cursor() as cursor:
            cursor.execute(floor_sql)
            return HttpResponse(cursor.fetchone()[0].encode(), content_type="application/json")

    def ask(path: str, **more: str) -> HttpResponse:
        answer = client.get(f"/api/v1/{path}", headers={**headers, **more})
        assert answer.status_code in (200, 304), answer.content
        return answer

    def serialized() -> bytes:
        related = ("mechanism", "sector", "region", "cercle", "partner")
        rows = (
            Project.objects.visible_to(user)
            .select_related(*related)
            .prefetch_related("results")
            .defer("region__outline", "search")
        )
        return JSONRenderer().render(PlainProject(rows.order_by("-updated_at", "-pk")[:100], many=True).data)

    def naive() -> bytes:
        return JSONRenderer().render(PlainProject(Project.objects.order_by("-updated_at", "-pk")[:100], many=True).data)

    etag, one = ask("projects")["ETag"], ask(f"projects/{keys[0]}")["ETag"]
    big = ask("projects?page_size=500")["ETag"]
    cases = {
        "who asks and how often, bare view": who_asks,
        "floor: json_agg, bare view": floor,
        "floor behind the same token": lambda: floor(known=True),
        "list of 100": lambda: ask("projects"),
        "list of 100, 304": lambda: ask("projects", **{"If-None-Match": etag}),
        "list of 500": lambda: ask("projects?page_size=500"),
        "list of 500, 304": lambda: ask("projects?page_size=500", **{"If-None-Match": big}),
        "one project": lambda: ask(f"projects/{keys[0]}"),
        "one project, 304": lambda: ask(f"projects/{keys[0]}", **{"If-None-Match": one}),
        "ModelSerializer, related read at once": serialized,
        "ModelSerializer, naive": naive,
    }
    times: dict[str, list[float]] = {name: [] for name in cases}
    gc.collect()
    gc.freeze()  # as gunicorn does before its workers are born
    for _round in range(ROUNDS + 3):  # interleaved: a slower moment of the machine weighs on all alike
        for name, act in cases.items():
            if name.endswith("naive") and _round % 10:
                continue
            times[name].append(milliseconds(act))
    base = statistics.median(times["floor: json_agg, bare view"][3:])
    print(f"\n{ROWS} projects{'':31}{'median ms':>12}{'p95 ms':>10}{'x floor':>10}{'x full':>10}")
    for name, measured in times.items():
        kept = sorted(measured[1:] if name.endswith("naive") else measured[3:])
        median = statistics.median(kept)
        whole = statistics.median(times.get(name.removesuffix(", 304"), [0])[3:] or [0])
        of_full = f"{median / whole:10.2f}" if name.endswith("304") else ""
        print(f"{name:42}{median:12.2f}{kept[int(len(kept) * 0.95)]:10.2f}{median / base:10.2f}{of_full}")


class _Asked:
    """What DRF wraps a request in, as far as authentication looks."""

    def __init__(self, request) -> None:
        self._request, self.META, self.headers = request, request.META, request.headers


@override_settings(API_REQUESTS_PER_MINUTE=10**9)
def test_a_deep_page_beside_the_first(own_database):
    many_projects(ROWS)
    headers = {"Authorization": f"Token {secret_of(user_with(Role.SECTION_HEAD))}"}
    client = Client()
    pages, address = [], "/api/v1/projects?page_size=10&fields=id"
    while address and len(pages) < ROWS // 10 - 1:
        pages.append(address)
        body = client.get(address, headers=headers).json()
        address = body["next"] and body["next"].removeprefix("http://testserver")
    first, deep = pages[0], pages[-1]
    times: dict[str, list[float]] = {"first": [], "deep": []}
    for _round in range(ROUNDS):
        for name, page in (("first", first), ("deep", deep)):
            times[name].append(milliseconds(lambda page=page: client.get(page, headers=headers)))
    first_median, deep_median = (statistics.median(times[name]) for name in ("first", "deep"))
    print(
        f"\npage 1: {first_median:.2f} ms, page {len(pages)}: {deep_median:.2f} ms, ratio {deep_median / first_median:.2f}"
    )
