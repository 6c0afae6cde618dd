"""The embedded server: found again after a kill, in a folder with spaces, when several ask at once."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent


class Server:
    """The embedded server of a folder of its own, commanded as people command it."""

    def __init__(self, var: Path):
        self.environment = os.environ | {"VAR_DIR": str(var)}

    def call(self, command: str) -> str:
        result = subprocess.run(
            [sys.executable, "-m", "sr_portal.embedded_postgres", command],
            cwd=PROJECT_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    def query(self, statement: str) -> list[tuple]:
        session = psycopg2.connect(self.call("start"))
        try:
            with session, session.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            session.close()

    def pid_file(self) -> Path:
        return Path(self.query("SELECT current_setting('data_directory')")[0][0]) / "postmaster.pid"


@pytest.fixture
def server():
    with tempfile.TemporaryDirectory(prefix="un dossier d’essai ") as folder:
        server = Server(Path(folder))
        try:
            yield server
        finally:
            server.call("remove")


def test_four_starts_at_once_give_one_server(server):
    with ThreadPoolExecutor(4) as pool:
        urls = set(pool.map(server.call, ["start"] * 4))

    assert len(urls) == 1
    assert server.call("status") in urls


def test_what_was_committed_survives_a_kill(server):
    server.query("CREATE TABLE note (text varchar); INSERT INTO note VALUES ('kept')")
    pid = int(server.pid_file().read_text().split()[0])

    os.kill(pid, signal.SIGKILL)
    time.sleep(0.1)

    assert server.query("SELECT text FROM note") == [("kept",)]


def test_a_pid_file_left_by_a_server_whose_pid_was_reused_does_not_hinder(server):
    pid_file = server.pid_file()
    text = pid_file.read_text()
    server.call("stop")
    pid_file.write_text(text.replace(text.split()[0], str(os.getpid()), 1))

    assert server.query("SELECT 1") == [(1,)]


def test_stop_says_whether_it_was_running(server):
    server.call("start")

    assert server.call("stop") == "PostgreSQL stopped."
    assert server.call("stop") == "PostgreSQL was not running."
    assert server.call("status") == "PostgreSQL is not running."
