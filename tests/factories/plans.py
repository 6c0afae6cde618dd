"""Regional plans and studies for tests."""

import datetime as dt
from decimal import Decimal

import factory

from regions.models import Axis, Indicator, KeyFinding, Plan, PlanStatus, Priority, Study
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.regions import region


class PlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Plan

    region = factory.LazyFunction(region)
    title = factory.Sequence(lambda n: f"Plan régional {n}")
    starts_on = dt.date(2026, 1, 1)
    ends_on = dt.date(2028, 12, 31)
    lead = "Gouvernorat"
    created_by = factory.LazyFunction(lambda: user_with(Role.SECTION_HEAD))


class AxisFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Axis

    plan = factory.SubFactory(PlanFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Axe {n}")


class PriorityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Priority

    axis = factory.SubFactory(AxisFactory)
    plan = factory.SelfAttribute("axis.plan")
    code = factory.Sequence(lambda n: f"P{n % 100}")
    title = factory.Sequence(lambda n: f"Priorité {n}")
    need_usd = Decimal("100000")


class IndicatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Indicator

    priority = factory.SubFactory(PriorityFactory)
    name = "Localités reliées à l’eau potable"
    unit = "%"
    baseline = Decimal(20)
    target = Decimal(60)


class StudyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Study

    title = factory.Sequence(lambda n: f"Étude {n}")
    starts_on = dt.date(2025, 1, 1)
    created_by = factory.LazyFunction(lambda: user_with(Role.SECTION_HEAD))


class KeyFindingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = KeyFinding

    study = factory.SubFactory(StudyFactory)
    number = factory.Sequence(lambda n: n + 1)
    statement = factory.Sequence(lambda n: f"Constat {n}")


def validated(plan: Plan) -> Plan:
    """The plan, now in force; it has to have a priority."""
    plan.status, plan.validated_by, plan.validated_on = PlanStatus.VALIDATED, plan.created_by, clock.today()
    plan.save()
    return plan


def in_force(*needs: int | str, code: str = "ML-7") -> list[Priority]:
    """The priorities of a new plan in force in a region, one for each need in USD."""
    axis = AxisFactory(plan__region=region(code), number=1)
    made = [PriorityFactory(axis=axis, code=f"1.{n}", need_usd=Decimal(need)) for n, need in enumerate(needs, 1)]
    validated(axis.plan)
    return made
