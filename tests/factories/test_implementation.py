"""The factories themselves: each state after approval is reached by the steps of the table."""

import pytest

from projects.states import GRANTED
from tests.factories.implementation import in_state

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", sorted(GRANTED))
def test_a_project_is_carried_to_its_state(state):
    assert in_state(state).state == state
