"""What the portal's busiest pages cost, against the same rows as bare JSON: `make bench` prints, nothing is judged."""

import json
import statistics
import time

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client

from projects.models import Project
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.many import many_projects

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
ROUNDS = 30


def milliseconds(act) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def bare_rows() -> str:
    rows = Project.objects.order_by("-updated_at").values(
        "pk", "reference", "title", "state", "budget_usd", "region__name", "partner__name"
    )[:50]
    return json.dumps(list(rows), cls=DjangoJSONEncoder)


def test_list_home_and_detail_among_a_thousand_projects():
    keys = many_projects(1000)
    client = Client()
    client.force_login(user_with(Role.PROGRAMME_OFFICER))
    pages = {"list": "/projets/", "home": "/", "detail": f"/projets/{keys[0]}/"}
    times: dict[str, list[float]] = {name: [] for name in ("floor", *pages)}
    for _round in range(ROUNDS + 3):  # interleaved, so that a slower moment of the machine weighs on all alike
        times["floor"].append(milliseconds(bare_rows))
        for name, path in pages.items():
            times[name].append(milliseconds(lambda path=path: client.get(path)))
    floor = statistics.median(times["floor"][3:])
    print(f"\n{'page':10}{'median ms':>12}{'p95 ms':>10}{'x floor':>10}")
    for name, measured in times.items():
        kept = sorted(measured[3:])
        median = statistics.median(kept)
        print(f"{name:10}{median:12.1f}{kept[int(len(kept) * 0.95)]:10.1f}{median / floor:10.1f}")
