"""The checks of a row are asked together, and a broken one is told as Django itself tells it."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from projects.models import Instalment

pytestmark = pytest.mark.django_db


def instalment(**values) -> Instalment:
    return Instalment(**{"project_id": 1, "position": 1, "amount_usd": Decimal(100), "state": "planned", **values})


def told(validate, row: models.Model, **options) -> dict[str, list[str]]:
    """What is refused, empty when nothing is."""
    try:
        validate(row, **options)
    except ValidationError as refused:
        return refused.message_dict
    return {}


@pytest.mark.parametrize("exclude", [None, {"project"}, {"amount_usd"}, {"project", "amount_usd", "requested_by"}])
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"amount_usd": None},
        {"position": 0},
        {"settled": True},
        {"paid_usd": Decimal(150), "refunded_usd": Decimal(200), "settled": True},
        {"state": "authorised", "requested_by_id": 1, "authorised_by_id": 1},
    ],
)
def test_what_is_broken_is_told_in_the_words_of_each_check(values, exclude):
    row = instalment(**values)
    assert told(Instalment.validate_constraints, row, exclude=exclude) == told(
        models.Model.validate_constraints, row, exclude=exclude
    )


def test_a_row_without_fault_costs_one_question_for_all_its_checks():
    row, asked = instalment(), []
    for validate in (models.Model.validate_constraints, Instalment.validate_constraints):
        with CaptureQueriesContext(connection) as captured:
            validate(row)
        asked.append(len([query for query in captured if 'SELECT 1 AS "_check"' in query["sql"]]))
    assert asked == [8, 1]


def test_a_row_with_a_fault_is_refused_still():
    assert told(Instalment.validate_constraints, instalment(settled=True)) == {
        "__all__": ["Indiquez le motif du solde."]
    }
