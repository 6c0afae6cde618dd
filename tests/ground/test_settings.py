"""Settings: safe when nothing is set."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sr_portal.local_secret import local_secret_key

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent


def start_in_production(**environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", "import sr_portal.settings as s; print(s.DATABASES['default']['ENGINE'])"],
        cwd=PROJECT_DIR,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


SECRET = {"SECRET_KEY": "k" * 60}
DATABASE = {"DATABASE_URL": "postgresql://portal@db.example.org/portal"}
SEALS = {"FIELD_ENCRYPTION_KEYS": "n" * 40 + "," + "o" * 40}


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        (DATABASE, "SECRET_KEY"),
        (SECRET, "DATABASE_URL"),
        (SECRET | {"DATABASE_URL": "sqlite:///portal.db"}, "PostgreSQL"),
        (SECRET | DATABASE | {"PORTAL_ENV": "staging"}, "PORTAL_ENV"),
        (SECRET | DATABASE, "FIELD_ENCRYPTION_KEYS"),
        (SECRET | DATABASE | {"FIELD_ENCRYPTION_KEYS": "trop court"}, "32 random characters"),
        (SECRET | DATABASE | {"FIELD_ENCRYPTION_KEYS": "n" * 40 + "," + SECRET["SECRET_KEY"]}, "none the SECRET_KEY"),
    ],
)
def test_production_refuses_to_start_half_configured(environment, reason):
    result = start_in_production(**environment)

    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr
    assert reason in result.stderr


def test_production_starts_when_configured():
    result = start_in_production(**SECRET, **DATABASE, **SEALS)

    assert result.stdout.strip() == "django.db.backends.postgresql", result.stderr


def test_the_driver_is_psycopg2():
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert not is_psycopg3


def test_processes_that_start_at_once_share_one_secret(tmp_path):
    with multiprocessing.get_context("fork").Pool(8) as pool:
        keys = pool.map(local_secret_key, [tmp_path / "var"] * 64, chunksize=1)

    assert len(set(keys)) == 1
    assert len(keys[0]) > 60
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]
