"""The agreement's arithmetic and days: to the cent, within the limits, never before the approval."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from projects.rules import agreement as rules
from projects.rules import plan
from projects.rules.plan import Limits

NEWCOMER = Limits(Decimal(50), Decimal(10), newcomer=True)
KNOWN = Limits(Decimal(80), Decimal(10), newcomer=False)
APPROVED_ON = dt.date(2026, 11, 24)
amounts = st.decimals("0.01", "50000", places=2)


@given(lines=st.lists(st.decimals("0", "50000", places=2), min_size=1, max_size=40), approved=amounts)
def test_scaled_lines_make_the_approved_amount_to_the_cent(lines, approved):
    scaled = rules.scaled(lines, approved)
    assert sum(scaled) == approved
    assert len(scaled) == len(lines) and min(scaled) >= 0
    whole = sum(lines)
    if whole:
        assert all(
            abs(part - approved * line / whole) < Decimal("0.01") for part, line in zip(scaled, lines, strict=True)
        )
        assert all(part == 0 for part, line in zip(scaled, lines, strict=True) if line == 0)


def test_the_odd_cent_goes_to_the_line_that_loses_most():
    assert rules.scaled([Decimal(1), Decimal(1), Decimal(1)], Decimal("100.00")) == [
        Decimal("33.34"), Decimal("33.33"), Decimal("33.33")
    ]  # fmt: skip


@given(
    approved=st.decimals("1", "50000", places=2),
    first=st.integers(10, 90).map(Decimal),
    last=st.integers(0, 50).map(Decimal),
)
def test_the_plan_proposed_holds_within_any_limits(approved, first, last):
    limits = Limits(first, last, newcomer=False)
    assert plan.lacks(approved, rules.first_plan(approved, limits), limits) == []


def test_a_cent_that_both_shares_claim_goes_to_the_last():
    half = Limits(Decimal(50), Decimal(50), newcomer=False)
    assert rules.first_plan(Decimal("1.01"), half) == [Decimal("0.50"), Decimal("0.51")]


def test_a_newcomer_is_proposed_three_instalments_and_a_known_partner_two():
    assert rules.first_plan(Decimal(20000), NEWCOMER) == [10000, 8000, 2000]
    assert rules.first_plan(Decimal(20000), KNOWN) == [16000, 4000]


def test_the_days_proposed_go_from_the_start_to_the_end():
    start, end = dt.date(2026, 12, 1), dt.date(2027, 4, 1)
    assert rules.spread(start, end, 3) == [start, dt.date(2027, 1, 30), end]
    assert rules.spread(start, end, 1) == [start]


def test_the_project_starts_on_the_day_of_its_approval_at_the_earliest():
    rules.validate_start(APPROVED_ON, APPROVED_ON)
    with pytest.raises(ValidationError) as refusal:
        rules.validate_start(APPROVED_ON - dt.timedelta(days=1), APPROVED_ON)
    assert "24 novembre 2026" in str(refusal.value.message_dict["starts_on"])


@pytest.mark.parametrize(
    "partner, mission, wrong",
    [
        (APPROVED_ON, APPROVED_ON, set()),
        (None, APPROVED_ON, {"partner_signed_on"}),
        (APPROVED_ON - dt.timedelta(days=1), APPROVED_ON, {"partner_signed_on"}),
        (APPROVED_ON, APPROVED_ON + dt.timedelta(days=8), {"mission_signed_on"}),
    ],
)
def test_both_sign_between_the_approval_and_today(partner, mission, wrong):
    today = APPROVED_ON + dt.timedelta(days=7)
    try:
        rules.validate_signatures(partner, mission, APPROVED_ON, today)
    except ValidationError as refusal:
        assert set(refusal.message_dict) == wrong
    else:
        assert not wrong


def test_instalments_are_planned_in_their_order_and_after_the_approval():
    days = [APPROVED_ON, None, APPROVED_ON + dt.timedelta(days=60), APPROVED_ON + dt.timedelta(days=30)]
    assert [rank for rank, _why in rules.validate_days(days, APPROVED_ON)] == [3]
    assert [rank for rank, _why in rules.validate_days([APPROVED_ON - dt.timedelta(days=1)], APPROVED_ON)] == [0]
