"""Payments over HTTP while web workers and PostgreSQL are killed: nothing acknowledged is lost, nothing is doubled.

    PORTAL_ENV=test python -m tests.bench.kill_payments [--kills 20] [--clients 8] [--port 8109] [--minutes 10]

A portal of its own is made in a temporary folder: gunicorn with two workers, the embedded PostgreSQL, projects whose
first instalment is authorised. Clients pay small parts of it, each form with its one-time key and its reference, and
send the same form again until it is answered, as a browser's reader would. Meanwhile SIGKILL falls on all the web
workers at once, then on PostgreSQL: in turn on a session of it, from which it recovers by itself, and on the whole
server, which a supervisor starts again. At the end SQL says what became of each acknowledged payment.
"""

import argparse
import contextlib
import http.client
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

PROJECTS = 8
AMOUNT = "0.25"  # an instalment of 10,000 USD takes 40,000 of them
GIVE_UP_SECONDS = 90
PAUSE_SECONDS = (1.0, 2.5)  # between two kills, once the portal answers again


@dataclass
class Tally:
    """What the clients saw; several threads write, under the lock."""

    acknowledged: list[tuple[float, float, str]] = field(default_factory=list)  # sent at, answered at, reference
    answers: Counter = field(default_factory=Counter)
    given_up: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def first_answer_after(self, moment: float) -> float | None:
        """When a form sent after `moment` was first answered."""
        with self.lock:
            return min((answered for sent, answered, _ref in self.acknowledged if sent >= moment), default=None)


# --- The portal under fire ------------------------------------------------------------------------------------------
def children_of(pid: int) -> list[int]:
    try:
        listing = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(word) for word in listing.split()]


class Portal:
    """Gunicorn and PostgreSQL, both started here and killed by their own ids."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder
        self.log = (folder / "gunicorn.log").open("w")
        self.web: subprocess.Popen | None = None

    def start_web(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "-c", "sr_portal/gunicorn.py"]
        environment = os.environ | {"BIND": f"127.0.0.1:{self.port}", "WEB_CONCURRENCY": "2", "WEB_THREADS": "4"}
        self.web = subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log)

    def kill_workers(self) -> None:
        assert self.web
        for worker in children_of(self.web.pid):
            _kill(worker)

    def kill_session(self) -> None:
        """One session at work: PostgreSQL drops all of them and recovers by itself."""
        from sr_portal import embedded_postgres as server

        postmaster = int(server.find_place().pid_file.read_text().split()[0])
        sessions = [pid for pid in children_of(postmaster) if "portal" in server.process_state(pid)[1]]
        _kill(random.choice(sessions or children_of(postmaster)))

    def kill_server(self) -> None:
        """PostgreSQL itself; this process stands for the supervisor that starts it again."""
        from sr_portal import embedded_postgres as server

        _kill(int(server.find_place().pid_file.read_text().split()[0]))
        server.database_url()

    def stop(self) -> None:
        from sr_portal import embedded_postgres as server

        if self.web:
            self.web.terminate()
            self.web.wait(30)
        server.remove(server.find_place())


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


# --- The clients ----------------------------------------------------------------------------------------------------
@dataclass
class Payer:
    """A finance officer's browser: session, token and the addresses of the forms."""

    port: int
    cookie: str
    addresses: list[str]
    tally: Tally
    stopped: threading.Event
    token: str = ""

    def run(self) -> None:
        while not self.stopped.is_set():
            address = random.choice(self.addresses)
            key, reference = str(uuid.uuid4()), f"VIR-{uuid.uuid4().hex}"
            form = {
                "one_time_key": key, "reference": reference, "paid_on": self.today, "currency": "USD", "amount": AMOUNT,
                "rate": "", "rate_on": "", "note": "",
            }  # fmt: skip
            self.send_until_answered(address, form)

    def send_until_answered(self, address: str, form: dict[str, str]) -> None:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            sent = time.monotonic()
            try:
                status = self.post(address, form)
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
            with self.tally.lock:
                self.tally.answers[status] += 1
                if status == 302:
                    self.tally.acknowledged.append((sent, time.monotonic(), form["reference"]))
                    return
            time.sleep(0.2)
        self.tally.given_up.append(form["reference"])

    def post(self, address: str, form: dict[str, str]) -> int:
        if not self.token:
            page = self.ask("GET", address)[1]
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            if not found:
                return -1
            self.token = found.group(1)
        status, location = self.ask("POST", address, urlencode(form | {"csrfmiddlewaretoken": self.token}))
        if status == 302 and "/argent/" not in location:
            return -302  # sent to sign in: nothing was recorded
        return status

    def ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            link.request(method, address, body, headers)
            answer = link.getresponse()
            text = answer.read().decode(errors="replace")
            for value in answer.headers.get_all("Set-Cookie") or []:
                if "csrf" in value and "csrf" not in self.cookie:
                    self.cookie += f"; {value.split(';')[0]}"
            return answer.status, answer.headers.get("Location", "") if method == "POST" else text
        finally:
            link.close()

    @property
    def today(self) -> str:
        from sr_portal.web import clock

        return clock.today().isoformat()


# --- The world ------------------------------------------------------------------------------------------------------
def make_world() -> tuple[list[str], list[str]]:
    """Addresses of the payment forms of authorised instalments, and the cookies of the people who may pay them."""
    from django.conf import settings
    from django.test import Client

    from projects.states import State
    from sr_portal.accounts.roles import Role
    from tests.factories import implementation as made
    from tests.factories.accounts import user_with
    from tests.factories.funds import envelope_of
    from tests.factories.projects import cast

    envelope_of("1000000")
    crew, company = made.Crew(), cast()
    addresses = []
    for _n in range(PROJECTS):
        project = made.in_state(State.AGREED, crew, company)
        made.authorise(made.instalment_of(project), crew)
        addresses.append(f"/projets/{project.pk}/argent/tranches/1/paiement/")
    cookies = []
    for _n in range(4):
        client = Client()
        client.force_login(user_with(Role.FINANCE_OFFICER))
        name = settings.SESSION_COOKIE_NAME
        cookies.append(f"{name}={client.cookies[name].value}")
    return addresses, cookies


def verdict(tally: Tally) -> dict[str, int]:
    """What SQL says of the acknowledged payments, and of everything else."""
    from django.db import connection

    from projects.models import Payment, Project
    from sr_portal.web.models import OneTimeKey
    from tests.projects.life_invariants import broken

    connection.close()
    kept = Counter(Payment.objects.values_list("reference", flat=True))
    acknowledged = {reference for _sent, _answered, reference in tally.acknowledged}
    keys = OneTimeKey.objects.filter(path__endswith="/paiement/")
    starts = Project.objects.filter(changes__transition="start").distinct().count()
    return {
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - set(kept)),
        "doubled": sum(count - 1 for count in kept.values()) + max(0, len(kept) - keys.count()),
        "half done": keys.filter(result="").count() + abs(keys.count() - sum(kept.values())),
        "recorded, answer never seen": len(set(kept) - acknowledged),
        "broken invariants": len(broken()),
        "projects started twice": Project.objects.filter(changes__transition="start").count() - starts,
    }


# --- The run --------------------------------------------------------------------------------------------------------
def wait_for_answer(tally: Tally, moment: float) -> float:
    """Seconds from a kill until a form sent after it is answered. Raises `TimeoutError`."""
    while time.monotonic() - moment < GIVE_UP_SECONDS:
        answered = tally.first_answer_after(moment)
        if answered is not None:
            return answered - moment
        time.sleep(0.02)
    raise TimeoutError("the portal does not come back")


def kills(portal: Portal, count: int) -> list[tuple[str, object]]:
    shots = [("web workers", portal.kill_workers)] * count
    shots += [("PostgreSQL session", portal.kill_session), ("PostgreSQL server", portal.kill_server)] * (count // 2)
    random.shuffle(shots)  # so that a run cut short has killed some of each
    return shots


def run(arguments: argparse.Namespace, folder: Path) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("prepare", verbosity=0)
    addresses, cookies = make_world()
    connection.close()
    portal, tally, stopped = Portal(arguments.port, folder), Tally(), threading.Event()
    recovery: dict[str, list[float]] = {}
    portal.start_web()
    clients = [
        threading.Thread(
            target=Payer(arguments.port, cookies[rank % len(cookies)], addresses, tally, stopped).run, daemon=True
        )
        for rank in range(arguments.clients)
    ]
    try:
        for client in clients:
            client.start()
        wait_for_answer(tally, time.monotonic())
        latest = time.monotonic() + arguments.minutes * 60
        for name, kill in kills(portal, arguments.kills):
            if time.monotonic() > latest:
                print(f"Stopped after {arguments.minutes} minutes: the table says how many kills there were.")
                break
            time.sleep(random.uniform(*PAUSE_SECONDS))
            moment = time.monotonic()
            kill()
            recovery.setdefault(name, []).append(wait_for_answer(tally, moment))
        time.sleep(2)
        stopped.set()
        for client in clients:
            client.join(GIVE_UP_SECONDS)
        found = verdict(tally)
    finally:
        stopped.set()
        portal.stop()
    report(tally, recovery, found)
    return int(any(found[name] for name in ("lost", "doubled", "half done", "broken invariants")))


def report(tally: Tally, recovery: dict[str, list[float]], found: dict[str, int]) -> None:
    print(f"\n{'killed':22}{'times':>7}{'back in, median s':>20}{'p95 s':>9}{'worst s':>10}")
    for name, seconds in recovery.items():
        kept = sorted(seconds)
        p95 = kept[min(len(kept) - 1, int(len(kept) * 0.95))]
        print(f"{name:22}{len(kept):7}{statistics.median(kept):20.2f}{p95:9.2f}{kept[-1]:10.2f}")
    print("\nanswers: " + ", ".join(f"{status} × {count}" for status, count in tally.answers.most_common()))
    for name, count in found.items():
        print(f"{name:30}{count:8}")
    print(f"{'given up':30}{len(tally.given_up):8}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20, help="of the web workers, and as many of PostgreSQL")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--port", type=int, default=8109)
    parser.add_argument(
        "--minutes", type=float, default=10, help="no kill later than this; the verdict comes all the same"
    )
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kill-payments-"))
    os.environ |= {
        "VAR_DIR": str(folder), "PORTAL_ENV": "test", "DJANGO_SETTINGS_MODULE": "sr_portal.settings",
        "GUNICORN_LOG_LEVEL": "error",
    }  # fmt: skip
    os.environ.pop("DATABASE_URL", None)
    try:
        return run(arguments, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
