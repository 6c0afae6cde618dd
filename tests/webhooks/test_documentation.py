"""What is written for partners about webhooks is what happens."""

import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

import jsonschema
import orjson
import pytest
from django.test import Client

from sr_portal.accounts.roles import Role
from sr_portal.api import document
from sr_portal.webhooks import delivering, secrets_kept, services
from sr_portal.webhooks.models import Endpoint
from tests.factories.accounts import user_with
from tests.notices.smtp import free_port

from .making import fate, message, webhook, work_at_any_time
from .receiver import receiver

pytestmark = pytest.mark.django_db
DOCS = pathlib.Path(__file__).parents[2] / "docs"


@pytest.fixture
def endpoint(settings) -> Endpoint:
    settings.WEBHOOK_LOCAL_RECEIVERS = True
    return webhook(user_with(Role.PARTNER), kinds=["region"])


def test_the_receiver_to_copy_takes_what_we_send_and_refuses_what_somebody_forged(endpoint, tmp_path):
    port = free_port()
    environment = {**os.environ, "PORTAIL_WEBHOOK_SECRET": secrets_kept.in_use(endpoint)[0], "PORT": str(port)}
    script = DOCS / "examples" / "api" / "webhook.py"
    program = subprocess.Popen(
        [sys.executable, script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        for _time in range(100):
            try:
                urllib.request.urlopen(urllib.request.Request(address, b"{}", {"webhook-id": "x"}), timeout=5)
            except urllib.error.HTTPError as refused:
                assert refused.code == 401
                break
            except OSError:
                time.sleep(0.1)
        Endpoint.objects.update(url=address)
        delivery = message(endpoint)
        work_at_any_time()
        assert fate(delivery) == ("sent", 1), delivery.error
        services.replay(delivery, by=endpoint.user)
        work_at_any_time()
        services.renew_secret(endpoint, by=endpoint.user)  # it still knows the old one only
        second = message(endpoint)
        work_at_any_time()
        assert fate(second) == ("sent", 1), second.error
        Endpoint.objects.update(previous_sealed="", previous_until=None)
        third = message(endpoint)
        work_at_any_time()
        assert fate(third) == ("queued", 1) and third.status == 401
    finally:
        program.terminate()
        said = program.communicate()[0].decode().splitlines()
    ((key, _at),) = delivery.changes
    assert said == [f"region {key} updated http://localhost:8000/api/v1/regions/ML-7"] * 2


def test_the_lines_of_the_maintainers_page_run(endpoint, capsys):
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    with receiver() as desk:
        Endpoint.objects.update(url=desk.url)
        message(endpoint)
        work_at_any_time()
    got = desk.got[0]
    exec(lines, {"secret": secrets_kept.in_use(endpoint)[0], "body": got.body, "headers": got.headers})
    assert capsys.readouterr().out.splitlines()[-1].startswith("region ")


def test_every_message_is_as_the_openapi_document_says(endpoint):
    post = document.committed()["webhooks"]["changed"]["post"]
    content = post["requestBody"]["content"]["application/json"]
    with receiver() as desk:
        Endpoint.objects.update(url=desk.url)
        message(endpoint)
        services.send_test(endpoint, by=endpoint.user)
        work_at_any_time()
    assert len(desk.got) == 2
    for said in (content["example"], *(orjson.loads(got.body) for got in desk.got)):
        jsonschema.validate(said, content["schema"], format_checker=jsonschema.FormatChecker())
    for got in desk.got:
        assert {one["name"] for one in post["parameters"]} <= set(got.headers)


def test_the_page_says_the_pauses_that_there_are_and_how_to_verify():
    text = Client().get("/api/").content.decode()
    minutes = [round(one.total_seconds() / 60) for one in delivering.BACK_OFF]
    assert minutes == [1, 5, 30, *(60 * hours for hours in (2, 5, 10, 14, 20, 24))]
    assert "1, 5 et 30 minutes, puis 2, 5, 10, 14, 20 et 24 heures" in text
    assert delivering.MOST_FAILED == 5 and "après cinq envois échoués de suite" in text
    for told in (
        'id="webhooks"',
        "webhook-signature",
        "standardwebhooks.com",
        "project.changed",
        "hmac.compare_digest",
    ):
        assert told in text
