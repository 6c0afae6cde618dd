"""Incremental pulls: nothing is missed and nothing comes twice, in whatever order transactions commit."""

import os
import pathlib
import random
import subprocess
import sys
import threading
import time

import httpx
from django.db import connection, transaction
from django.db.models import F

from projects.models import Project
from sr_portal.accounts.roles import Role
from sr_portal.api import changes
from sr_portal.api.models import Change, Timeline
from tests.api.asking import Program, secret_of
from tests.factories.accounts import user_with
from tests.factories.many import many_projects
from tests.ground.clones import outside

ROOT = pathlib.Path(__file__).parents[2]


def rename(key: int, title: str) -> None:
    Project.objects.filter(pk=key).update(title=title)


def pull(program: Program, since: str, **more) -> tuple[list[int], str, list[int]]:
    """All pages of an incremental pull: the keys in order, the mark, what was removed."""
    address, keys, removed = f"projects?updated_since={since}&page_size=4&fields=id,title", [], []
    while address:
        body = program.get(address).json()
        keys += [row["id"] for row in body["results"]]
        removed += body["removed"]
        since, address = body["updated_since"], body["next"] and body["next"].removeprefix("http://testserver")
    return keys, since, removed


def in_thread(act) -> None:
    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_each_record_comes_once_then_only_what_changed(own_database):
    keys = many_projects(10)
    program = Program(Role.SECTION_HEAD)
    first, mark, _removed = pull(program, "start")
    assert sorted(first) == sorted(keys)
    assert pull(program, mark)[0] == []

    rename(keys[3], "Autre forage")
    rename(keys[3], "Encore un autre")
    rename(keys[1], "Un troisième")
    assert pull(program, mark)[0] == [keys[3], keys[1]]
    assert pull(program, "2000-01-01")[0][-2:] == [keys[3], keys[1]]


def test_a_transaction_that_commits_late_is_not_missed(own_database):
    """`updated_at` is set before the commit: who pulled in between with « later than the last I saw » misses the slow one."""
    slow, fast, *_others = many_projects(5)
    program = Program(Role.SECTION_HEAD)
    _all, mark, _removed = pull(program, "start")
    with transaction.atomic():
        rename(slow, "Écrit d’abord, validé ensuite")
        in_thread(lambda: rename(fast, "Écrit ensuite, validé d’abord"))
        found = []
        in_thread(lambda: found.append(pull(program, mark)))
    between, mark_between, _removed = found[0]
    after, mark_after, _removed = pull(program, mark_between)

    assert sorted(between + after) == sorted([slow, fast])  # both, each once
    assert slow not in between and pull(program, mark_after)[0] == []


def test_a_transaction_of_another_database_holds_nothing_back(own_database):
    keys = many_projects(2)
    with outside() as elsewhere:
        elsewhere.execute("BEGIN")
        elsewhere.execute("SELECT pg_current_xact_id()")
        rename(keys[0], "Autre forage")
        found = pull(Program(Role.SECTION_HEAD), "start")[0]
        elsewhere.execute("ROLLBACK")

    assert sorted(found) == sorted(keys)


def test_what_is_no_longer_shown_is_told_as_removed_and_what_never_was_is_not(own_database):
    from projects.states import State
    from tests.factories.funds import envelope_of
    from tests.factories.implementation import in_state

    envelope_of("500000")
    published = in_state(State.APPROVED)
    unknown = many_projects(1)[0]
    program = Program(Role.PARTNER)
    keys, mark, removed = pull(program, "start")
    assert keys == [published.pk] and removed == []
    from django.utils import timezone

    Project.objects.filter(pk=published.pk).update(
        disclosure="hidden", disclosure_reason="Menaces.", disclosed_at=timezone.now(), disclosed_by=published.author
    )
    rename(unknown, "Toujours inconnu")
    keys, mark, removed = pull(program, mark)
    assert keys == [] and removed == [published.pk]
    feed = program.get("changes?kind=project").json()["results"]
    assert [(one["id"], one["change"]) for one in feed] == [(published.pk, "removed")]


def test_after_a_restoration_numbers_go_on_and_marks_of_before_are_refused(own_database):
    keys = many_projects(3)
    program = Program(Role.SECTION_HEAD)
    mark = pull(program, "start")[1]
    assert not changes.go_on()
    Change.objects.update(position=F("position") + 2**40)  # as rows of a server that had lived longer
    assert changes.go_on()

    refused = program.get(f"projects?updated_since={mark}")
    assert refused.status_code == 409 and refused.json()["errors"][0]["nearest"] == ["start"]
    again, mark, _removed = pull(program, "start")
    assert sorted(again) == sorted(keys)
    rename(keys[0], "Après la restauration")
    assert pull(program, mark)[0] == [keys[0]]
    assert Timeline.objects.get().base > 2**39


def test_overtaken_changes_are_forgotten_and_the_last_ones_stay(own_database):
    keys = many_projects(2)
    for n in range(3):
        rename(keys[0], f"Titre {n}")
    Change.objects.update(at="2020-01-01T00:00:00Z")
    before = Change.objects.filter(kind="project").count()
    changes.forget_overtaken()

    assert before > 4 and Change.objects.filter(kind="project").count() == 2
    assert sorted(pull(Program(Role.SECTION_HEAD), "start")[0]) == sorted(keys)


def test_the_log_is_written_by_raw_sql_and_by_what_hangs_on_a_record(own_database):
    from projects.models import ExpectedResult

    keys = many_projects(3)
    program = Program(Role.SECTION_HEAD)
    mark = pull(program, "start")[1]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE projects_project SET locality = 'Gao' WHERE id = %s", [keys[0]])
    ExpectedResult.objects.create(project_id=keys[1], statement="L’eau coule")
    assert pull(program, mark)[0] == [keys[0], keys[1]]
    mark = pull(program, mark)[1]
    from funds.models import Organisation

    Organisation.objects.update(acronym="AKA")
    assert sorted(pull(program, mark)[0]) == sorted(keys)


class Editor(threading.Thread):
    """Renames projects until told to stop, in transactions of several sizes that overlap and sometimes fail."""

    def __init__(self, keys: list[int], seed: int) -> None:
        super().__init__(daemon=True)
        self.keys, self.chance, self.stopped, self.done = keys, random.Random(seed), threading.Event(), 0

    def run(self) -> None:
        try:
            while not self.stopped.is_set():
                chosen = sorted(self.chance.sample(self.keys, self.chance.randint(1, 4)))
                with transaction.atomic():
                    for key in chosen:
                        rename(key, f"Titre {self.chance.random()}")  # never the same twice: a version is known by it
                        time.sleep(self.chance.random() / 200)
                    transaction.set_rollback(self.chance.random() < 0.1)
                self.done += 1
                time.sleep(self.chance.random() / 20)
        finally:
            connection.close()


def test_a_client_that_pulls_while_others_write_ends_with_an_exact_copy(own_server, settings):
    """Written from the document alone: the path, the parameter and the fields of its answers are read there."""
    settings.API_REQUESTS_PER_MINUTE = 10**6
    keys = many_projects(60)
    token = secret_of(user_with(Role.SECTION_HEAD))
    copy: dict[int, dict] = {}
    versions: set[tuple[int, str]] = set()
    with httpx.Client(base_url=own_server, headers={"Authorization": f"Token {token}"}, timeout=30) as client:
        document = client.get("/api/v1/openapi.json").json()
        path = next(path for path, item in document["paths"].items() if item["get"]["operationId"] == "list_projects")
        assert {"$ref": "#/components/parameters/updated_since"} in document["paths"][path]["get"]["parameters"]
        editors = [Editor(keys, seed) for seed in (1, 2, 3)]
        for editor in editors:
            editor.start()
        since, until, doubled = "start", time.monotonic() + 6, []

        def follow(since: str, until: float = float("inf")) -> str:
            """Page after page to the last, or to `until`: writers that outrun us would keep us going without end."""
            address = f"{path}?updated_since={since}&page_size=9"
            while address and time.monotonic() < until:
                page = client.get(address).raise_for_status().json()
                for row in page["results"]:
                    version = (row["id"], row["title"])
                    doubled.extend([version] if version in versions else [])
                    versions.add(version)
                    copy[row["id"]] = row
                for key in page["removed"]:
                    copy.pop(key, None)
                since, address = page["updated_since"], page["next"]
            return since

        while time.monotonic() < until:
            since = follow(since, until)
        for editor in editors:
            editor.stopped.set()
        for editor in editors:
            editor.join()
        assert any(row["title"].startswith("Titre") for row in copy.values())  # seen while they wrote
        follow(since)
        exact = {row["id"]: row for row in client.get(f"{path}?page_size=500").json()["results"]}
    assert sum(editor.done for editor in editors) > 20
    assert copy == exact
    assert doubled == []


def test_the_python_example_of_the_documentation_keeps_an_exact_copy(own_server, tmp_path):
    keys = many_projects(7)
    environment = {
        **os.environ,
        "PORTAIL_API": f"{own_server}/api/v1",
        "PORTAIL_TOKEN": secret_of(user_with(Role.SECTION_HEAD)),
        "PORTAIL_COPY": str(tmp_path / "copy.json"),
    }
    script = ROOT / "docs" / "examples" / "api" / "pull.py"
    for title in ("Avant", "Après"):
        rename(keys[0], title)
        ran = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True)
        assert ran.stdout.startswith("7 rows")
    assert "Après" in (tmp_path / "copy.json").read_text()


def test_the_curl_and_qgis_examples_of_the_documentation_run(own_server, tmp_path):
    import json
    import shutil

    many_projects(2)
    environment = {
        **os.environ,
        "PORTAIL_API": f"{own_server}/api/v1",
        "PORTAIL_TOKEN": secret_of(user_with(Role.SECTION_HEAD)),
    }
    folder = ROOT / "docs" / "examples" / "api"
    if shutil.which("curl"):
        ran = subprocess.run(
            ["sh", str(folder / "pull.sh")], env=environment, capture_output=True, text=True, check=True
        )
        assert json.loads(ran.stdout)["next"] is None
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); import qgis as example; print(example.features())"
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(pathlib.Path(ran.stdout.strip()).read_text())["type"] == "FeatureCollection"
