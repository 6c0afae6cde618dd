"""What the pages of funds count: from the rows that the database keeps, equal to plain SQL, by earmark and by year."""

import random
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum

from funds.models import Contribution, Envelope, Mechanism
from projects.fund_figures import figures_of, overview
from projects.models import Allocation, Project
from projects.services import decisions, implementation
from tests.factories import implementation as made
from tests.factories.funds import came_in, envelope_of, pledged, received, signed
from tests.factories.projects import cast, fresh, recommended, region

pytestmark = pytest.mark.django_db

WATER, HEALTH = "Eau et assainissement", "Santé"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def approved(people, amount: str) -> Project:
    project = recommended(people, amount=amount, mechanism_id="TF")
    return decisions.approve(project=project, user=fresh(people.approver))


def sql(statement: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


# --- What is paid of an allocation ------------------------------------------------------------------------------------
def paid_parts(project: Project) -> dict[int, Decimal]:
    rows = Allocation.objects.filter(project=project).with_paid()
    return dict(rows.values_list("contribution_id", "paid_usd"))


def test_what_is_paid_comes_first_from_the_narrowest_earmark_and_is_what_a_cancelled_project_keeps():
    free, gao = received("50000"), signed("4000", region=region())
    both = signed("3000", region=region(), theme=WATER)
    envelope_of("50000", "TF")
    crew = made.Crew()
    project = made.sign(approved(cast(), "20000"), crew)
    assert paid_parts(project) == {both.pk: 0, gao.pk: 0, free.pk: 0}
    made.pay(made.instalment_of(project), crew, Decimal("5000.01"))
    assert paid_parts(project) == {both.pk: 3000, gao.pk: Decimal("2000.01"), free.pk: 0}
    before = {key: paid for key, paid in paid_parts(project).items() if paid}

    implementation.cancel(project=Project.objects.get(pk=project.pk), user=fresh(crew.approver), note="Insécurité.")
    assert dict(project.allocations.values_list("contribution_id", "amount_usd")) == before == paid_parts(project)


# --- Any history ------------------------------------------------------------------------------------------------------
def a_history(dice: random.Random) -> None:
    """Contributions of every kind of earmark and projects that hold, are paid, and give back."""
    received("40000")
    for _n in range(dice.randint(1, 4)):
        where = {"region": dice.choice([None, region(), region("ML-8")]), "theme": dice.choice(["", WATER, HEALTH])}
        give = dice.choice([pledged, signed, received])
        one = give(str(dice.randint(2000, 30000)), **where)
        if give is signed:
            came_in(one, str(dice.randint(1, int(one.signed_amount))))
    envelope_of("40000", "TF")
    received("1000", "PBF")  # of another fund: never counted here
    crew, people = made.Crew(), cast()
    for _n in range(3):
        project = approved(people, f"{dice.randint(100000, 1200000) / 100:.2f}")
        if dice.random() < 0.8:
            project = made.sign(project, crew, shares=("45", "40", "15"))
        if project.state == "agreed" and dice.random() < 0.8:
            made.pay(made.instalment_of(project), crew, Decimal(dice.randint(1, 40000)) / 100)
        if dice.random() < 0.3:
            now = Project.objects.get(pk=project.pk)
            implementation.cancel(project=now, user=fresh(crew.approver), note="Insécurité.")


PAID_BY_EARMARK = """
    SELECT coalesce(r.code, ''), h.theme, sum(h.amount_usd), sum(greatest(0, least(h.amount_usd, h.net - h.before)))
      FROM (SELECT c.region_id, c.theme, a.amount_usd, p.paid_usd - p.refunded_usd AS net,
                   sum(a.amount_usd) OVER (PARTITION BY a.project_id
                       ORDER BY earmark_precision(c.region_id, c.theme) DESC, c.signed_on, c.id) - a.amount_usd AS before
              FROM projects_allocation a JOIN funds_contribution c ON c.id = a.contribution_id
              JOIN projects_project p ON p.id = a.project_id WHERE c.mechanism_id = 'TF') h
      LEFT JOIN regions_region r ON r.id = h.region_id GROUP BY 1, 2"""


@pytest.mark.parametrize("seed", range(6))
def test_earmarks_sum_to_the_fund_and_both_are_what_plain_sql_says(seed):
    a_history(random.Random(seed))
    fund = Mechanism.objects.get(pk="TF")
    shown = figures_of(fund)

    (row,) = sql(
        "SELECT sum(pledged_usd) FILTER (WHERE withdrawn_on IS NULL), sum(signed_usd), sum(received_usd),"
        " sum(allocated_usd), sum(signed_usd - allocated_usd) FROM funds_contribution WHERE mechanism_id = 'TF'"
    )
    total = shown.total
    assert row == (total.pledged_usd, total.signed_usd, total.received_usd, total.allocated_usd, total.free_usd)
    (row,) = sql(
        "SELECT sum(reserved_usd), sum(obligated_usd), sum(paid_usd - refunded_usd), sum(justified_usd)"
        " FROM projects_project WHERE mechanism_id = 'TF'"
    )
    assert row == (shown.reserved_usd, shown.obligated_usd, shown.paid_usd, shown.justified_usd)
    assert total.allocated_usd == shown.reserved_usd and total.paid_usd == shown.paid_usd
    assert {(code, theme): (held, paid) for code, theme, held, paid in sql(PAID_BY_EARMARK)} == {
        (use.region_code, use.theme): (use.allocated_usd, use.paid_usd) for use in shown.earmarks if use.allocated_usd
    }
    for use in shown.earmarks:
        assert use.paid_usd <= use.allocated_usd and use.free_usd >= 0
    (line,) = [line for line in overview() if line.mechanism == fund]
    assert (line.signed_usd, line.free_usd, line.figures.reserved_usd) == (
        total.signed_usd, total.free_usd, shown.reserved_usd,
    )  # fmt: skip


def test_the_years_of_a_fund_sum_to_the_fund():
    import datetime as dt

    from sr_portal.web import clock

    last_year = clock.today() - dt.timedelta(days=365)
    old = signed("9000", pledged_on=last_year, region=region())
    came_in(old, "4000", received_on=last_year)
    came_in(old, "1000")
    received("40000")
    envelope_of("40000", "TF")
    approved(cast(), "8000")
    fund = Mechanism.objects.get(pk="TF")
    whole = figures_of(fund)
    years = [figures_of(fund, year) for year in whole.years]
    assert len(years) == 2
    for name in ("pledged_usd", "signed_usd", "received_usd", "allocated_usd", "paid_usd"):
        assert sum(getattr(year.total, name) for year in years) == getattr(whole.total, name), name
    for name in ("envelope_usd", "reserved_usd", "available_usd"):
        assert sum(getattr(year, name) for year in years) == getattr(whole, name), name
    assert [year.total.received_usd for year in years] == [41000, 4000]
    assert {year.total.free_usd for year in years} == {whole.total.free_usd}, "what is free is free today"


def test_a_withdrawn_pledge_and_a_cancelled_receipt_are_not_counted():
    from sr_portal.accounts.roles import Role
    from sr_portal.web import clock
    from tests.factories.accounts import user_with

    pledged("7000")
    gone = pledged("3000")
    gone.withdrawn_on, gone.withdrawal_reason = clock.today(), "Budget du donateur réduit."
    gone.save()
    receipt = came_in(signed("500"), "200")
    receipt.cancelled_at, receipt.cancelled_by = clock.now(), user_with(Role.FINANCE_OFFICER)
    receipt.cancellation_reason = "Autre fonds"
    receipt.save()
    for year in (None, figures_of(Mechanism.objects.get(pk="TF")).years[0]):
        total = figures_of(Mechanism.objects.get(pk="TF"), year).total
        assert (total.pledged_usd, total.signed_usd, total.received_usd) == (7500, 500, 0)


def test_a_fund_of_the_mission_has_envelopes_and_no_earmark():
    envelope_of("30000")
    shown = figures_of(Mechanism.objects.get(pk="QIP"))
    assert (shown.envelope_usd, shown.available_usd, shown.earmarks) == (30000, 30000, [])
    assert Envelope.objects.aggregate(all=Sum("amount_usd"))["all"] == 30000 and not Contribution.objects.exists()
