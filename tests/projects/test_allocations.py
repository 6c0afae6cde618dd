"""Projects hold the money of contributions: whose, in which order, never more than signed, never for something else."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Sum

from funds.models import Contribution, Envelope
from projects.lifecycle import TRANSITIONS
from projects.models import Allocation, Decision, Project
from projects.services import decisions, implementation
from projects.services.steps import StepRefused
from projects.states import State
from sr_portal.accounts.roles import Role
from tests.factories import amendments
from tests.factories import implementation as made
from tests.factories.accounts import user_with
from tests.factories.funds import envelope_of, received, signed
from tests.factories.projects import cast, fresh, recommended, region

WATER, HEALTH = "Eau et assainissement", "Santé"
CLIENTS = 32


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def held(project: Project) -> dict[int, Decimal]:
    return dict(project.allocations.values_list("contribution_id", "amount_usd"))


def approved(people, amount: str, **fields) -> Project:
    project = recommended(people, amount=amount, mechanism_id="TF", **fields)
    return decisions.approve(project=project, user=fresh(people.approver))


def central_approver():
    return user_with(Role.APPROVER)


def all_holds() -> None:
    """Every invariant, read from the rows themselves."""
    for contribution in Contribution.objects.all():
        total = contribution.allocations.aggregate(all=Sum("amount_usd"))["all"] or 0
        assert total == contribution.allocated_usd <= (contribution.signed_usd or 0)
    for project in Project.objects.filter(mechanism__funded_by_contributions=True):
        assert (project.allocations.aggregate(all=Sum("amount_usd"))["all"] or 0) == project.reserved_usd
    assert not Envelope.objects.filter(reserved_usd__gt=F("amount_usd")).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM projects_allocation a WHERE NOT contribution_serves(contribution_id, project_id)")
        assert cursor.fetchone() is None


# --- In which order ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_narrowest_earmark_pays_first_then_the_oldest_signature():
    import datetime as dt

    from sr_portal.web import clock

    before = clock.today() - dt.timedelta(days=90)
    free = received("50000")
    gao = signed("4000", region=region())
    older = signed("5000", theme=WATER, pledged_on=before)
    both = signed("3000", region=region(), theme=WATER)
    elsewhere = signed("9000", region=region("ML-8"))
    health = signed("9000", theme=HEALTH)
    envelope_of("50000", "TF")

    project = approved(cast(), "20000")

    assert held(project) == {both.pk: 3000, older.pk: 5000, gao.pk: 4000, free.pk: 8000}
    assert not elsewhere.allocations.exists() and not health.allocations.exists()
    all_holds()


@pytest.mark.django_db
def test_a_qip_holds_no_contribution():
    received("50000")
    envelope_of("50000")
    people = cast()
    project = decisions.approve(project=recommended(people), user=fresh(people.approver))
    assert project.reserved_usd == 20000 and not Allocation.objects.exists()


@pytest.mark.django_db
def test_a_cancelled_project_gives_all_back_and_an_amendment_moves_what_it_needs():
    free = received("50000")
    gao = signed("21000", region=region())
    envelope_of("50000", "TF")
    crew, people = made.Crew(), cast()
    project = made.sign(approved(people, "20000"), crew)
    assert held(project) == {gao.pk: 20000}

    amendments.amended(project, crew.officer, crew.approver)  # 2,000 more
    assert held(project) == {gao.pk: 21000, free.pk: 1000}
    fall = amendments.raised(project, "-500")
    amendments.amended(project, crew.officer, crew.approver, fall)
    assert held(project) == {gao.pk: 21000, free.pk: 500}, "the widest money goes back first"
    all_holds()

    implementation.cancel(project=Project.objects.get(pk=project.pk), user=fresh(crew.approver), note="Insécurité.")
    assert held(project) == {}
    all_holds()


@pytest.mark.django_db
def test_what_was_never_approved_is_neither_cancelled_nor_closed():
    project = recommended(cast(), mechanism_id="TF")
    for act, role in ((implementation.cancel, Role.APPROVER), (implementation.close, Role.FINANCE_OFFICER)):
        with pytest.raises(StepRefused):
            act(project=project, user=user_with(role), note="Le bailleur se retire")


@pytest.mark.django_db
def test_a_settled_project_keeps_what_was_paid():
    received("50000")
    envelope_of("50000", "TF")
    crew = made.Crew()
    project = made.sign(approved(cast(), "20000"), crew)
    paid = made.pay(made.instalment_of(project), crew)
    implementation.cancel(project=Project.objects.get(pk=project.pk), user=fresh(crew.approver), note="Insécurité.")
    assert sum(held(project).values()) == paid.amount_usd
    all_holds()


# --- When it does not cover -------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_an_approval_that_contributions_do_not_cover_is_refused_and_names_the_earmark():
    kidal = received("50000", region=region("ML-8"))
    signed("12000", theme=WATER)
    envelope_of("50000", "TF")
    people = cast()
    project = recommended(people, amount="20000", mechanism_id="TF")

    with pytest.raises(StepRefused) as caught:
        decisions.approve(project=project, user=fresh(people.approver))
    words = " ".join(caught.value.messages)
    assert "12\u202f000" in words and "Kidal" in words and kidal.donor.name in words
    assert not Decision.objects.exists() and Envelope.objects.get().reserved_usd == 0

    decisions.approve(project=project, user=fresh(people.approver), amount_usd=Decimal(12000))
    all_holds()


@pytest.mark.django_db
def test_the_button_says_beforehand_that_no_money_serves():
    received("50000", region=region("ML-8"))
    envelope_of("50000", "TF")
    people = cast()
    project = recommended(people, amount="20000", mechanism_id="TF")
    against = TRANSITIONS["approve"].reasons_against(
        fresh(people.approver), Project.objects.for_rules().get(pk=project.pk)
    )
    assert len(against) == 1 and "Kidal" in str(against[0])


@pytest.mark.django_db
def test_an_amendment_that_contributions_do_not_cover_is_refused():
    gao = received("50000", region=region("ML-8"))
    signed("21000", theme=WATER)
    envelope_of("50000", "TF")
    crew, people = made.Crew(), cast()
    project = made.sign(approved(people, "20000"), crew)
    with pytest.raises(StepRefused, match="ne couvrent que"):
        amendments.amended(project, crew.officer, crew.approver)
    assert not gao.allocations.exists()
    all_holds()


# --- Raw SQL ------------------------------------------------------------------------------------------------------------
MISPLACED = (
    "INSERT INTO projects_allocation (project_id, contribution_id, amount_usd) SELECT p.id, c.id, 1"
    " FROM projects_project p, funds_contribution c WHERE c.region_id IS NOT NULL"
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement, names",
    [
        ("UPDATE projects_allocation SET amount_usd = amount_usd + 40000", "contribution_allocated_within_signed"),
        ("UPDATE projects_allocation SET amount_usd = amount_usd - 1", "allocations_are_the_reservation"),
        ("DELETE FROM projects_allocation", "allocations_are_the_reservation"),
        ("UPDATE funds_contribution SET signed_amount = 19999 WHERE region_id IS NULL", "allocated_within_signed|received_within"),
        ("UPDATE projects_project SET sector_id = '12230'", "earmark_holds"),
        (MISPLACED, "earmark_holds"),
    ],
)  # fmt: skip
def test_the_database_refuses_whoever_writes(statement, names):
    received("25000", theme=WATER)
    signed("9000", region=region("ML-8"))
    envelope_of("25000", "TF")
    approved(cast(), "20000")
    with connection.cursor() as cursor:  # what the approval left to be checked must not catch it instead
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with pytest.raises(DatabaseError, match=names), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- Many at once -----------------------------------------------------------------------------------------------------
def at_once(call, items) -> list[str]:
    def run(item) -> str:
        try:
            call(item)
        except StepRefused:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(run, items))


def test_32_approvals_at_once_on_an_earmark_for_10_leave_exactly_10(own_database):
    people = cast()
    received("900000", region=region("ML-8"))  # plenty, and not for Gao
    signed("200000", theme=WATER)
    envelope_of("900000", "TF")
    projects = [recommended(people, amount="20000", mechanism_id="TF") for _ in range(CLIENTS)]
    answers = at_once(lambda project: decisions.approve(project=project, user=fresh(people.approver)), projects)
    assert (answers.count("done"), answers.count("refused")) == (10, 22)
    assert Project.objects.filter(state=State.APPROVED).count() == Decision.objects.count() == 10
    all_holds()


def test_32_approvals_at_once_on_an_envelope_and_two_earmarks_leave_what_fits(own_database):
    people = cast()
    signed("110000", theme=WATER)
    received("300000")
    envelope_of("200000", "TF")
    projects = [recommended(people, amount="20000", mechanism_id="TF") for _ in range(CLIENTS)]
    answers = at_once(lambda project: decisions.approve(project=project, user=fresh(people.approver)), projects)
    assert (answers.count("done"), answers.count("refused")) == (10, 22)
    assert Envelope.objects.get().reserved_usd == 200000
    assert Contribution.objects.get(theme=WATER).allocated_usd == 110000
    all_holds()
