"""What the environment decides about people: identity provider, second factor, and a safe refusal to start."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "a" * 60,
    "DATABASE_URL": "postgres://portal@db.example/portal",
    "FIELD_ENCRYPTION_KEYS": "b" * 60,
    "ALLOWED_HOSTS": "portail.example",
}


def import_settings(code: str, **environment: str) -> subprocess.CompletedProcess:
    """Import the settings in a process of its own, which has nothing of ours but what is given."""
    return subprocess.run(
        [sys.executable, "-c", f"import json; from sr_portal import settings; print(json.dumps({code}))"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def value(code: str, **environment: str):
    done = import_settings(code, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def without(name: str) -> dict[str, str]:
    return {key: text for key, text in PRODUCTION.items() if key != name}


def test_production_refuses_to_start_without_a_secret_or_a_database():
    for name in ("SECRET_KEY", "DATABASE_URL"):
        done = import_settings("1", **without(name))
        assert done.returncode != 0 and "ImproperlyConfigured" in done.stderr and f"Set {name}" in done.stderr


def test_production_is_what_runs_when_nothing_is_said():
    assert value("settings.PORTAL_ENV", **without("PORTAL_ENV")) == "production"


def test_production_asks_deciders_for_a_second_factor_and_the_environment_may_change_it():
    expected = ["approver", "finance_officer", "programme_officer", "administrator"]
    assert value("settings.SECOND_FACTOR_ROLES", **PRODUCTION) == expected
    assert value("settings.SECOND_FACTOR_ROLES", **PRODUCTION, SECOND_FACTOR_ROLES="auditor") == ["auditor"]


def test_the_identity_provider_comes_from_the_environment_and_is_off_without_it():
    assert value("settings.SOCIALACCOUNT_PROVIDERS", **PRODUCTION) == {}
    read = "[settings.SOCIALACCOUNT_PROVIDERS, settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']]"
    providers, form_action = value(
        read,
        **PRODUCTION,
        OIDC_SERVER_URL="https://identity.example/realms/mission",
        OIDC_CLIENT_ID="portail",
        OIDC_CLIENT_SECRET="secret-of-the-test",
        OIDC_NAME="Identité de la mission",
    )
    [application] = providers["openid_connect"]["APPS"]
    assert application["client_id"] == "portail" and application["name"] == "Identité de la mission"
    assert application["settings"] == {"server_url": "https://identity.example/realms/mission"}
    assert providers["openid_connect"]["OAUTH_PKCE_ENABLED"]
    assert form_action == ["'self'", "https://identity.example"]
