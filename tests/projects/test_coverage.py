"""What pays for the priorities of a plan: exact sums, counted once, in as many queries for one as for a thousand."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from funds.models import PartnerActivity
from projects import coverage
from projects.coverage import Money, share
from projects.models import Project
from projects.services.decisions import approve
from regions.models import Plan
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.activities import ActivityFactory
from tests.factories.funds import PartnerFactory, envelope_of
from tests.factories.plans import AxisFactory, PriorityFactory, in_force, validated
from tests.factories.projects import DraftFactory, add_line, cast, fresh, recommended
from tests.factories.regions import region

pytestmark = pytest.mark.django_db


def activity(priority, amount: str | None, **fields) -> PartnerActivity:
    money = {"amount": Decimal(amount), "currency": "USD", "amount_usd": Decimal(amount)} if amount else {}
    return ActivityFactory(region=priority.plan.region, priority=priority, **money, **fields)


def test_need_ours_others_and_gap_are_told_to_the_cent():
    [water, roads] = in_force("50000.10", "1000")
    people = cast()
    proposal = recommended(people, priority=water)
    activity(water, "20000.05")
    activity(water, None)
    activity(water, "7", status="cancelled")
    activity(water, "9999.99", own_fund_id="PBF")
    activity(roads, "1500")
    DraftFactory(priority=roads)
    covered = coverage.of_plan(water.plan)
    first, second = (row.money for row in covered.rows)
    assert first == Money(
        need=Decimal("50000.10"), asked=proposal.budget_usd, others=Decimal("20000.05"), gap=Decimal("30000.05"),
        proposals=1, activities=2, unknown=1, own=1,
    )  # fmt: skip
    assert (second.gap, second.surplus, second.percent) == (0, 500, 100)
    assert (covered.total.gap, covered.total.surplus) == (first.gap, 500)  # no surplus fills another gap
    assert covered.total.percent == Decimal("41.2")


def test_what_is_approved_counts_and_no_more_than_was_taken_once_it_is_settled():
    [water] = in_force(50_000)
    people = cast()
    envelope_of("100000")
    project = recommended(people, priority=water)
    before = coverage.of_plan(water.plan).total
    assert (before.approved, before.asked) == (0, project.budget_usd)
    approve(project=project, user=fresh(people.approver), amount_usd=Decimal("15000.25"))
    after = coverage.of_plan(water.plan).total
    assert (after.approved, after.asked, after.projects, after.gap) == (
        Decimal("15000.25"), 0, 1, Decimal("34999.75"),
    )  # fmt: skip


def test_what_was_chosen_in_an_earlier_version_counts_in_the_later_one():
    [first] = in_force(1000)
    activity(first, "400")
    Plan.objects.filter(pk=first.plan_id).update(status="archived", archived_on=dt.date(2026, 7, 1))
    axis = AxisFactory(plan__region=region(), plan__series=first.plan.series, plan__number=2, number=1)
    second = PriorityFactory(axis=axis, code="2.1", need_usd=2000, lineage=first.lineage)
    validated(axis.plan)
    activity(second, "100")
    found = coverage.of_plans([first.plan, axis.plan])
    assert [covered.total.others for covered in found.values()] == [500, 500]
    assert [covered.total.gap for covered in found.values()] == [500, 1500]
    assert [covered.plan for covered in coverage.in_force()] == [axis.plan]


amounts = st.decimals("0.00", "99999999.99", places=2)


@given(
    needs=st.lists(amounts, min_size=1, max_size=6),
    given_=st.lists(st.tuples(amounts, amounts), min_size=6, max_size=6),
)
def test_rows_sum_to_the_total_and_nothing_is_lost(needs, given_):
    rows = [
        SimpleNamespace(money=Money(need=need, approved=ours, others=theirs, gap=max(need - ours - theirs, Decimal(0))))
        for need, (ours, theirs) in zip(needs, given_, strict=False)
    ]
    total = coverage.together(row.money for row in rows)
    assert total.need + total.surplus == total.covered + total.gap
    assert total.need == sum(needs) and total.covered == sum(row.money.covered for row in rows)
    assert all(row.money.surplus >= 0 and not (row.money.surplus and row.money.gap) for row in rows)
    assert total.percent is None or 0 <= total.percent <= 100
    assert (total.percent == 100) == (total.need > 0 and total.gap == 0)


def test_a_share_is_never_told_as_whole_when_it_is_not():
    assert share(Decimal("99999.99"), Decimal("100000")) == Decimal("99.9")
    assert share(Decimal("0.01"), Decimal("100000")) == Decimal("0.1")
    assert share(Decimal(0), Decimal(0)) is None


@pytest.mark.parametrize("count", [1, 1000])
def test_one_query_whatever_serves_the_plans(count):
    plans = {priority.plan_id: priority for code in ("ML-7", "ML-6") for priority in in_force(10_000_000, code=code)}
    author, organisation = user_with(Role.SECTION_HEAD), PartnerFactory()
    PartnerActivity.objects.bulk_create(
        PartnerActivity(
            organisation=organisation, title=str(n), region=priority.plan.region, priority=priority, created_by=author,
            starts_on=dt.date(2026, 1, 1), amount=Decimal("0.01"), currency="USD", amount_usd=Decimal("0.01"),
        )
        for priority in plans.values() for n in range(count)
    )  # fmt: skip
    shown = list(Plan.objects.select_related("region"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = coverage.of_plans(shown)
    assert len(asked) == 1
    assert {covered.total.others for covered in found.values()} == {Decimal("0.01") * count}


def test_sums_of_the_database_are_those_of_the_rows():
    [water] = in_force(10_000)
    for amount in ("100", "250.50"):
        add_line(DraftFactory(priority=water), amount)
    assert coverage.of_plan(water.plan).total.asked == 0  # drafts are nobody's business yet
    assert Project.objects.filter(priority=water).count() == 2
