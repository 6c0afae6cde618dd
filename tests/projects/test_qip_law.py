"""A QIP costs at most 50,000 USD and lasts at most 6 months, whoever writes and however (domain guide §1)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from funds.models import Mechanism
from funds.rules import add_months, line_amount_usd
from projects.models import BudgetLine, Project
from tests.factories.projects import DraftFactory, add_line

pytestmark = pytest.mark.django_db


def refused(call) -> DatabaseError:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        call()
    return error.value


def test_full_clean_refuses_a_seventh_month():
    project = DraftFactory(duration_months=6)
    project.full_clean()
    project.duration_months = 7
    with pytest.raises(ValidationError, match="6 mois"):
        project.full_clean()


def test_full_clean_refuses_a_dollar_more():
    project = DraftFactory()
    project.budget_usd = Decimal("50000.01")
    with pytest.raises(ValidationError, match="50 000"):
        project.full_clean()


def test_a_budget_of_exactly_the_ceiling_is_kept():
    project = DraftFactory()
    add_line(project, "50000.00")
    project.refresh_from_db()
    assert project.budget_usd == Decimal("50000.00")


def test_a_line_that_passes_the_ceiling_is_refused_by_the_database():
    project = DraftFactory()
    add_line(project, "49999.99")
    assert "qip_budget_ceiling" in str(refused(lambda: add_line(project, "0.02")))


def test_bulk_writes_are_refused_too():
    project = DraftFactory(duration_months=6)
    line = add_line(project, "40000")
    assert "qip_budget_ceiling" in str(refused(lambda: BudgetLine.objects.update(unit_cost=Decimal("60000"))))
    assert "qip_six_months" in str(refused(lambda: Project.objects.update(duration_months=7)))
    more = [BudgetLine(project=project, category="works", label="x", unit="u", currency="USD", unit_cost=20000)]
    assert "qip_budget_ceiling" in str(refused(lambda: BudgetLine.objects.bulk_create(more)))
    line.refresh_from_db()
    assert line.amount_usd == Decimal("40000.00")


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE projects_project SET duration_months = 7", "qip_six_months"),
        ("UPDATE projects_project SET budget_usd = 50000.01", "budget_is_the_sum"),
        ("UPDATE projects_budgetline SET unit_cost = 50000.01", "qip_budget_ceiling"),
        ("UPDATE projects_budgetline SET quantity = 100", "qip_budget_ceiling"),
        ("UPDATE funds_mechanism SET ceiling_usd = 60000 WHERE code = 'QIP'", "qip_mechanism_is_law"),
        ("UPDATE funds_mechanism SET max_months = 7 WHERE code = 'QIP'", "qip_mechanism_is_law"),
        ("UPDATE funds_mechanism SET ceiling_usd = NULL WHERE code = 'QIP'", "qip_mechanism_is_law"),
    ],
)
def test_raw_sql_is_refused(sql, named):
    add_line(DraftFactory(duration_months=6), "40000")
    with connection.cursor() as cursor:
        assert named in str(refused(lambda: cursor.execute(sql)))


def test_no_reference_data_loosens_the_law():
    mechanism = Mechanism.objects.get(code="QIP")
    mechanism.ceiling_usd = Decimal("60000")
    with pytest.raises(ValidationError, match="plafond ne se règle pas"):
        mechanism.full_clean()


def test_another_mechanism_may_cost_more():
    project = DraftFactory(mechanism_id="TF", duration_months=12)
    add_line(project, "250000")
    project.refresh_from_db()
    assert project.budget_usd == Decimal("250000.00")


days = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))


@settings(max_examples=200, deadline=None)
@given(day=days, months=st.integers(1, 60))
def test_python_and_sql_agree_on_month_ends(day, months):
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::date + make_interval(months => %s))::date", [day, months])
        assert cursor.fetchone()[0] == add_months(day, months)


def test_six_months_from_31_august_end_in_february():
    assert add_months(dt.date(2026, 8, 31), 6) == dt.date(2027, 2, 28)
    assert add_months(dt.date(2027, 8, 31), 6) == dt.date(2028, 2, 29)


amounts = st.decimals("0.01", "9999.99", places=2)


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(st.tuples(st.decimals("0.01", "99.99", places=2), amounts, st.booleans()), max_size=6))
def test_the_budget_is_the_sum_of_its_lines_to_the_cent(lines):
    with transaction.atomic():
        project = DraftFactory(mechanism_id="TF")
        expected = Decimal(0)
        for quantity, cost, local in lines:
            rate = Decimal("560.1234") if local else None
            add_line(project, str(cost), quantity=quantity, currency="XOF" if local else "USD", rate=rate)
            expected += line_amount_usd(quantity, cost, rate)
        project.refresh_from_db()
        assert project.budget_usd == expected
        transaction.set_rollback(True)
