"""Whose money would carry a project, said before the decision by the rule that will allocate; and whose it holds after."""

import random
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from projects.funding import carrying_plan
from projects.models import Allocation, Project
from projects.services import decisions
from projects.services.steps import StepRefused
from tests.factories import implementation as made
from tests.factories.funds import envelope_of, received, signed
from tests.factories.projects import cast, fresh, recommended, region

pytestmark = pytest.mark.django_db
WATER, HEALTH = "Eau et assainissement", "Santé"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def proposed(people, amount: str = "20000") -> Project:
    return recommended(people, amount=amount, mechanism_id="TF", title="Marché de Gao")


@pytest.mark.parametrize("seed", range(5))
def test_what_is_announced_is_what_the_approval_takes(seed):
    dice, people = random.Random(seed), cast()
    received("60000")
    for _n in range(4):
        where = {"region": dice.choice([None, region(), region("ML-8")]), "theme": dice.choice(["", WATER, HEALTH])}
        signed(str(dice.randint(500, 9000)), **where)
    envelope_of("60000", "TF")
    for _n in range(2):
        project = proposed(people, str(dice.randint(3000, 25000)))
        amount = Decimal(dice.randint(100, int(project.recommended_usd) * 100)) / 100
        plan = carrying_plan(project, amount)
        told = {one.contribution.pk: one.part_usd for one in plan.carriers}
        assert sum(told.values()) == plan.covered_usd == amount and plan.lacks == []
        assert all(0 < one.part_usd <= one.free_usd for one in plan.carriers)
        assert not Allocation.objects.filter(project=project).exists(), "announcing takes nothing"
        decisions.approve(project=project, user=fresh(people.approver), amount_usd=amount)
        assert dict(Allocation.objects.filter(project=project).values_list("contribution", "amount_usd")) == told


def test_the_page_names_who_would_carry_and_what_would_be_left():
    signed("12000", theme=WATER)
    received("50000")
    envelope_of("50000", "TF")
    people = cast()
    page = browser(fresh(people.approver)).get(reverse("projects:transition", args=[proposed(people).pk, "approve"]))
    text = page.content.decode()
    assert [(one.earmark, one.part_usd, one.left_usd) for one in page.context["plan"].carriers] == [
        (WATER, 12000, 0), ("non affectée", 8000, 42000),
    ]  # fmt: skip
    assert "libre 50\u202f000\u00a0USD, resterait 42\u202f000\u00a0USD" in text


def test_the_page_says_what_is_covered_and_what_to_do_about_the_rest():
    received("50000", region=region("ML-8"))
    signed("12000", theme=WATER)
    envelope_of("50000", "TF")
    people = cast()
    project = proposed(people)
    text = browser(fresh(people.approver)).get(reverse("projects:transition", args=[project.pk, "approve"]))
    text = text.content.decode()
    assert "Couvert à hauteur de 12\u202f000" in text and "Kidal" in text and "Approuvez un montant moindre" in text
    with pytest.raises(StepRefused):
        decisions.approve(project=project, user=fresh(people.approver))


def test_the_page_says_that_none_can_carry():
    received("50000", region=region("ML-8"))
    envelope_of("50000", "TF")
    people = cast()
    text = browser(fresh(people.approver)).get(reverse("projects:transition", args=[proposed(people).pk, "approve"]))
    assert "Aucune contribution ne peut porter ce projet." in text.content.decode()


def test_a_qip_is_carried_by_no_contribution():
    envelope_of("50000")
    people = cast()
    page = browser(fresh(people.approver)).get(reverse("projects:transition", args=[recommended(people).pk, "approve"]))
    assert page.context["plan"] is None and "porteraient" not in page.content.decode()


def test_the_money_page_tells_whose_money_the_project_holds():
    signed("12000", theme=WATER)
    free = received("50000")
    envelope_of("50000", "TF")
    people, crew = cast(), made.Crew()
    project = made.sign(decisions.approve(project=proposed(people), user=fresh(people.approver)), crew)
    made.pay(made.instalment_of(project), crew, Decimal(9000))
    page = browser(crew.payer).get(reverse("projects:money", args=[project.pk]))
    assert [(row.amount_usd, row.paid_usd) for row in page.context["holdings"]] == [(12000, 9000), (8000, 0)]
    assert reverse("funds:contribution", args=[free.pk]) in page.content.decode()
    own = browser(fresh(project.author)).get(reverse("projects:money", args=[project.pk])).content.decode()
    assert free.reference in own and reverse("funds:contribution", args=[free.pk]) not in own


def test_the_migration_of_the_plan_goes_back_and_forth():
    from importlib import import_module

    module = import_module("projects.migrations.0040_allocation_plan")
    signed("12000", theme=WATER)
    received("50000")
    envelope_of("50000", "TF")
    people = cast()
    with connection.cursor() as cursor:
        cursor.execute(module.BEFORE)
    first = decisions.approve(project=proposed(people), user=fresh(people.approver))
    assert sorted(first.allocations.values_list("amount_usd", flat=True)) == [8000, 12000]
    with connection.cursor() as cursor:
        cursor.execute(module.PLAN + module.ALLOCATE)
    assert carrying_plan(proposed(people), Decimal(10)).covered_usd == 10
