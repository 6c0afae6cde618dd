"""A regional plan: what its rules refuse, by `full_clean` and by raw SQL, and what stays readable for good."""

import datetime as dt
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from funds.models import PartnerActivity
from projects.models import Project
from regions import rules
from regions.models import Plan, Priority
from tests.factories.activities import ActivityFactory
from tests.factories.plans import (
    AxisFactory,
    IndicatorFactory,
    KeyFindingFactory,
    PlanFactory,
    PriorityFactory,
    in_force,
    validated,
)
from tests.factories.projects import DraftFactory
from tests.factories.regions import region

pytestmark = pytest.mark.django_db


@contextmanager
def refused(name: str):
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        yield


def sql(text: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


# --- One row --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("factory, changes, name", [
    (PlanFactory, {"ends_on": dt.date(2026, 1, 1)}, "plan_period_in_order"),
    (PriorityFactory, {"need_usd": Decimal("-0.01")}, "priority_need_not_negative"),
    (PriorityFactory, {"code": "a b"}, "priority_code_form"),
    (AxisFactory, {"number": 0}, "axis_number_from_one"),
    (IndicatorFactory, {"target": Decimal(20)}, "indicator_goes_its_way"),
    (IndicatorFactory, {"direction": "down"}, "indicator_goes_its_way"),
    (IndicatorFactory, {"latest": Decimal(30)}, "indicator_latest_dated"),
    (KeyFindingFactory, {"statement": ""}, "finding_says_something"),
])  # fmt: skip
def test_what_a_row_may_not_say_is_refused_by_the_model_and_by_the_database(factory, changes, name):
    row = factory()
    for field, value in changes.items():
        setattr(row, field, value)
    with pytest.raises(ValidationError):
        row.full_clean()
    with refused(name):
        row.save()


def test_a_code_or_a_number_stands_once_in_a_plan():
    first = PriorityFactory(code="1.1")
    with refused("priority_code_once"):
        PriorityFactory(axis=first.axis, code="1.1")
    with refused("axis_number_once"):
        AxisFactory(plan=first.plan, number=first.axis.number)
    with refused("axis_of_its_plan"):
        PriorityFactory(axis=first.axis, plan=PlanFactory())


def test_priorities_stand_in_the_order_of_their_numbers():
    axis = AxisFactory(number=1)
    for code in ("1.10", "1.2", "1.1"):
        PriorityFactory(axis=axis, code=code)
    assert [one.code for one in Priority.objects.in_order()] == ["1.1", "1.2", "1.10"]


@given(baseline=st.decimals(-1000, 1000, places=2), way=st.decimals("0.01", 1000, places=2), part=st.integers(-50, 150))
def test_progress_is_the_same_for_what_is_to_grow_and_to_shrink(baseline, way, part):
    up = rules.progress(baseline, baseline + way, baseline + way * part / 100)
    assert up == rules.progress(baseline, baseline - way, baseline - way * part / 100) == part


# --- In force -------------------------------------------------------------------------------------------------------
def test_a_region_has_one_plan_in_force():
    in_force(10)
    second = PriorityFactory(axis__plan__region=region()).plan
    with refused("plan_one_in_force"):
        validated(second)
    assert in_force(10, code="ML-6")


def test_a_plan_begins_as_a_draft_and_needs_a_priority_to_be_validated():
    with refused("plan_starts_as_draft"):
        PlanFactory(status="validated", validated_on=dt.date(2026, 1, 1))
    with refused("plan_has_priorities"):
        validated(PlanFactory())
    plan = PriorityFactory().plan
    with refused("status"):
        sql("UPDATE regions_plan SET status = 'archived', archived_on = '2026-01-01' WHERE id = %s", plan.pk)
    with refused("plan_validated_by_somebody"):
        sql("UPDATE regions_plan SET status = 'validated' WHERE id = %s", plan.pk)


def test_a_plan_in_force_says_the_same_for_good():
    [priority] = in_force(10)
    plan, axis = priority.plan, priority.axis
    for text, row in (
        ("UPDATE regions_plan SET title = 'Autre' WHERE id = %s", plan),
        ("UPDATE regions_axis SET title = 'Autre' WHERE id = %s", axis),
        ("UPDATE regions_priority SET need_usd = 20 WHERE id = %s", priority),
        ("DELETE FROM regions_priority WHERE id = %s", priority),
    ):
        with refused("plan_fixed_once_validated"):
            sql(text, row.pk)
    with refused("plan_kept"):
        sql("DELETE FROM regions_plan WHERE id = %s", plan.pk)
    with refused("plan_fixed_once_validated"):
        PriorityFactory(axis=axis)
    with refused("plan_keeps_region"):
        sql("UPDATE regions_plan SET region_id = %s WHERE id = %s", region("ML-6").pk, plan.pk)


def test_an_indicator_of_a_plan_in_force_is_measured_and_nothing_else():
    indicator = IndicatorFactory()
    validated(indicator.priority.plan)
    indicator.latest, indicator.latest_on = Decimal(30), dt.date(2026, 6, 30)
    indicator.save()
    assert indicator.progress == Decimal("25.0")
    with refused("plan_fixed_once_validated"):
        sql("UPDATE regions_indicator SET target = 30 WHERE id = %s", indicator.pk)
    with refused("plan_fixed_once_validated"):
        sql("DELETE FROM regions_indicator WHERE id = %s", indicator.pk)
    Plan.objects.filter(pk=indicator.priority.plan_id).update(status="archived", archived_on=dt.date(2026, 7, 1))
    with refused("plan_fixed_once_validated"):
        sql("UPDATE regions_indicator SET latest = 31 WHERE id = %s", indicator.pk)


def test_a_draft_goes_with_all_it_holds():
    IndicatorFactory().priority.plan.delete()
    assert not Plan.objects.exists()


# --- Who serves what ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("factory", [DraftFactory, ActivityFactory])
def test_what_is_served_is_a_priority_in_force_of_the_own_region(factory):
    [here], [elsewhere], draft = in_force(10), in_force(10, code="ML-6"), PriorityFactory(axis__plan__region=region())
    row = factory(region=region())
    for wrong in (elsewhere, draft):
        row.priority = wrong
        with refused("priority_in_force"):
            row.save()
    row.priority = here
    row.save()
    table = row._meta.db_table
    with refused("priority_in_force"):
        sql(f"UPDATE {table} SET priority_id = %s WHERE id = %s", elsewhere.pk, row.pk)
    Plan.objects.filter(pk=here.plan_id).update(status="archived", archived_on=dt.date(2026, 7, 1))
    sql(f"UPDATE {table} SET title = 'Autre titre' WHERE id = %s", row.pk)
    row.refresh_from_db()
    assert row.priority == here  # chosen while it was in force


@pytest.mark.parametrize("model, factory", [(Project, DraftFactory), (PartnerActivity, ActivityFactory)])
def test_who_moves_to_another_region_leaves_its_priority(model, factory):
    [here] = in_force(10)
    row = factory(region=region(), priority=here)
    model.objects.filter(pk=row.pk).update(region=region("ML-6"))
    row.refresh_from_db()
    assert row.priority is None


def test_a_finding_bears_on_no_priority_that_a_draft_may_still_drop():
    finding, draft, [stands] = KeyFindingFactory(), PriorityFactory(axis__plan__region=region("ML-6")), in_force(10)
    with refused("priority_was_validated"):
        finding.priorities.add(draft)
    finding.priorities.add(stands)
    assert list(stands.findings.all()) == [finding]
