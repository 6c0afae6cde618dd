"""Thousands of requests that the served document allows, and thousands that it does not: never a 500, every answer as told.

`API_FUZZ_CASES` says how many an operation, a mode and a reader; the suite's own run is bounded, more is for by hand.
"""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from projects.states import State
from sr_portal.accounts.roles import Role
from tests.api.asking import secret_of
from tests.factories.accounts import user_with
from tests.factories.activities import ActivityFactory
from tests.factories.funds import came_in, envelope_of, signed
from tests.factories.implementation import in_state
from tests.factories.many import many_projects
from tests.factories.plans import PriorityFactory, StudyFactory

CASES = int(os.environ.get("API_FUZZ_CASES", "24"))
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture
def kept_open(db) -> Iterator[None]:
    """The end of a request closes no connection: it is the test's own, as for Django's test client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def filled(kept_open: None) -> None:
    """Something of everything, so that answers have rows to be checked."""
    envelope_of("500000")
    in_state(State.ACTIVE)
    many_projects(3)
    came_in(signed("5000"), "1000")
    ActivityFactory()
    PriorityFactory()
    StudyFactory(published_on="2025-06-01")


@override_settings(API_REQUESTS_PER_MINUTE=10**9, API_REFUSALS_PER_MINUTE=10**9)
@pytest.mark.parametrize("role", [None, Role.PARTNER, Role.SECTION_HEAD], ids=["anonymous", "partner", "staff"])
def test_no_request_breaks_the_api_and_every_answer_is_as_the_document_says(filled, role, capsys):
    headers = {"Accept-Encoding": "identity"}  # the checks read what comes, unpacked by nobody
    headers |= {"Authorization": f"Token {secret_of(user_with(role))}"} if role else {}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    statuses: Counter[int] = Counter()
    wrong: dict[str, str] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                strategy = operation.as_strategy(generation_mode=mode)
            except Exception as error:  # nothing to get wrong where nothing is asked
                if "Impossible to generate" not in str(error) and mode is GenerationMode.POSITIVE:
                    raise
                continue

            @given(case=strategy)
            @settings(
                max_examples=CASES, deadline=None, database=None, derandomize="API_FUZZ_CASES" not in os.environ,
                phases=[Phase.generate], suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
            )  # fmt: skip
            def ask(case):
                case.headers = {
                    name: value for name, value in (case.headers or {}).items() if name.lower() != "authorization"
                } | headers
                response = case.call()
                statuses[response.status_code] += 1
                case.validate_response(response, checks=CHECKS)

            try:
                ask()
            except Unsatisfiable:
                if mode is GenerationMode.POSITIVE:
                    raise
            except (FailureGroup, Failure) as failed:
                wrong[f"{operation.label}, {mode}"] = str(failed)
    with capsys.disabled():
        print(f"\n{role or 'anonymous'}: {sum(statuses.values())} requests, {dict(sorted(statuses.items()))}")  # noqa: T201  how many were asked
    assert not wrong, "\n\n".join(f"{where}\n{what}" for where, what in wrong.items())
    assert statuses[500] == 0
    assert (set(statuses) <= {401, 404, 405, 406, 400}) if role is None else statuses[200] > 50
