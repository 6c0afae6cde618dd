"""Workers are killed while they send: every message arrives, and none more often than workers died."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager

from sr_portal.accounts.roles import Role
from sr_portal.webhooks.models import Delivery, State
from tests.factories.accounts import user_with

from .making import message, webhook
from .receiver import receiver, say

MESSAGES, WORKERS = 60, 2
KILLS = int(os.environ.get("WEBHOOK_KILLS", "3"))
GIVE_UP_SECONDS = 60


@contextmanager
def worker(database: str):
    process = subprocess.Popen([sys.executable, "-m", "tests.webhooks.worker", database])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def slowly(handler) -> None:
    """Heard, and answered a moment later: the moment in which a worker may die."""
    time.sleep(0.03)
    say(handler, 204)


def wait_until(true) -> None:
    end = time.monotonic() + GIVE_UP_SECONDS
    while not true():
        assert time.monotonic() < end, "nothing has moved for a minute"
        time.sleep(0.02)


def test_killed_workers_lose_no_message(own_database, settings):
    settings.WEBHOOK_LOCAL_RECEIVERS = True
    chance, killed = random.Random(11), 0
    with receiver() as desk:
        desk.answers = [slowly] * 10_000
        endpoint = webhook(user_with(Role.PARTNER), desk.url, ["region"])
        keys = [message(endpoint).pk for _number in range(MESSAGES)]
        while killed < KILLS:
            with worker(own_database) as one, worker(own_database) as other:
                heard = len(desk.got)
                if heard < MESSAGES * (killed + 1) // (KILLS + 1):
                    enough = heard + chance.randrange(1, 1 + MESSAGES // (KILLS + 1))
                    wait_until(lambda enough=enough: len(desk.got) >= min(enough, MESSAGES))
                time.sleep(chance.random() * 0.05)
                for process in (one, other):
                    process.send_signal(signal.SIGKILL)
                killed += 1
        with worker(own_database):
            wait_until(lambda: not Delivery.objects.exclude(state=State.SENT).exists())
    times = Counter(got.headers["webhook-id"] for got in desk.got)
    told = {delivery.message_id for delivery in Delivery.objects.filter(pk__in=keys)}
    assert set(times) == told and len(told) == MESSAGES
    assert sum(times.values()) - MESSAGES <= KILLS * WORKERS
