"""The demo's worker ends with the server that started it, however that ends."""

import subprocess
import sys
import time
from pathlib import Path

CHILD = "import os, time; from sr_portal.demo_worker import end_with; end_with(os.getppid(), 0.05); time.sleep(60)"
PARENT = f"import subprocess, sys, time; print(subprocess.Popen([sys.executable, '-c', {CHILD!r}]).pid, flush=True); time.sleep(60)"


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_worker_does_not_outlive_a_killed_server():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    worker = int(parent.stdout.readline())
    time.sleep(0.5)
    assert runs(worker)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    while runs(worker) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not runs(worker)
