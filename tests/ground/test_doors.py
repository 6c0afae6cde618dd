"""The portal answers, and refuses to start unsafely."""

import os
import subprocess
import sys

import pytest


def start(**environment: str) -> subprocess.CompletedProcess:
    clean = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(
        [sys.executable, "-c", "import sr_portal.settings"], env=clean, capture_output=True, text=True, check=False
    )


def test_production_refuses_to_start_without_a_secret():
    assert "SECRET_KEY" in start().stderr


def test_production_refuses_to_start_without_a_database():
    assert "DATABASE_URL" in start(SECRET_KEY="x" * 50).stderr


def test_production_refuses_another_database():
    assert "PostgreSQL" in start(SECRET_KEY="x" * 50, DATABASE_URL="sqlite:///:memory:").stderr


def test_an_unknown_environment_is_refused():
    assert "PORTAL_ENV" in start(PORTAL_ENV="staging").stderr


def test_healthz_answers_without_a_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["X-Request-ID"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_readyz_is_ready_once_migrated(client):
    assert client.get("/readyz").status_code == 200


def test_the_driver_is_psycopg2():
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert not is_psycopg3
