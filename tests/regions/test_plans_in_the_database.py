"""What PostgreSQL holds of plans and studies, rule by rule, whoever writes."""

import pytest

from funds.models import StudyInstitution
from projects.models import FindingProject
from regions.models import FindingPriority, Plan, Priority, StudyRegion
from sr_portal.web import clock
from tests.factories.funds import PartnerFactory
from tests.factories.plans import (
    AxisFactory,
    IndicatorFactory,
    KeyFindingFactory,
    PlanFactory,
    PriorityFactory,
    StudyFactory,
    in_force,
)
from tests.factories.projects import DraftFactory, region
from tests.factories.refusals import refuses, sql

pytestmark = pytest.mark.django_db


def change(row, **columns):
    return lambda: type(row).objects.filter(pk=row.pk).update(**columns)


# --- Plans ------------------------------------------------------------------------------------------------------------
def test_a_version_of_a_plan_has_a_number_of_its_own():
    plan = in_force("1000")[0].plan
    refuses("plan_version_once", lambda: PlanFactory(region=plan.region, series=plan.series, number=plan.number))
    draft = PlanFactory(region=plan.region, series=plan.series, number=plan.number + 1)
    refuses("plan_one_draft", lambda: PlanFactory(region=plan.region, series=plan.series, number=draft.number + 1))


def test_a_plan_goes_from_draft_to_force_to_the_archive():
    plan, draft = in_force("1000")[0].plan, PriorityFactory(axis__plan__region=region("ML-8")).plan
    dated = {"validated_on": clock.today(), "validated_by": draft.created_by}
    refuses("Invalid transition", change(draft, status="archived", archived_on=clock.today(), **dated))
    refuses("plan_archived_on_a_day", change(plan, archived_on=clock.today()))
    refuses("plan_archived_on_a_day", change(plan, status="archived"))
    refuses("plan_validated_by_somebody", change(draft, status="validated"))
    refuses("plan_kept", lambda: sql("DELETE FROM regions_plan WHERE id = %s", plan.pk))
    change(plan, status="archived", archived_on=clock.today())()
    assert Plan.objects.get(pk=plan.pk).status == "archived"


def test_what_stands_in_a_plan_stays_in_it_and_is_there_once():
    priority, other = PriorityFactory(code="1.1"), PriorityFactory(axis__plan__region=region("ML-8"))
    refuses("axis_keeps_plan", change(priority.axis, plan=other.plan))
    refuses("priority_keeps_plan", change(priority, plan=other.plan, axis=other.axis))
    refuses("axis_of_its_plan", change(priority, axis=other.axis))
    refuses("priority_code_once", lambda: PriorityFactory(axis=priority.axis, code="1.1"))
    refuses("priority_lineage_once", lambda: PriorityFactory(axis=priority.axis, lineage=priority.lineage))
    refuses("axis_number_once", lambda: AxisFactory(plan=priority.plan, number=priority.axis.number))
    refuses("axis_number_from_one", lambda: AxisFactory(plan=priority.plan, number=0))
    refuses("priority_code_form", change(priority, code="1 bis"))
    refuses("priority_need_not_negative", change(priority, need_usd=-1))


def test_what_is_in_force_says_the_same_but_for_what_is_measured():
    (priority,) = in_force("1000")
    refuses("plan_fixed_once_validated", change(priority.plan, title="Autre"))
    refuses("plan_fixed_once_validated", change(priority.axis, title="Autre"))
    refuses("plan_fixed_once_validated", change(priority, title="Autre"))
    refuses("plan_fixed_once_validated: an indicator", lambda: IndicatorFactory(priority=priority))
    refuses("plan_has_priorities", change(
        PlanFactory(region=region("ML-8")), status="validated", validated_on=clock.today(),
        validated_by=priority.plan.created_by,
    ))  # fmt: skip


def test_an_indicator_goes_its_way_and_its_measures_are_dated():
    indicator = IndicatorFactory()
    refuses("indicator_goes_its_way", change(indicator, target=indicator.baseline))
    refuses("indicator_latest_dated", change(indicator, latest=30))
    assert Priority.objects.get(pk=indicator.priority_id).indicators.get() == indicator


# --- Studies ----------------------------------------------------------------------------------------------------------
def test_a_study_ends_and_is_published_after_it_began():
    study = StudyFactory()
    refuses("study_ends_after_start", change(study, ends_on="2020-01-01"))
    refuses("study_published_after_start", change(study, published_on="2020-01-01"))


def test_what_a_study_names_is_named_once():
    finding, partner, project = KeyFindingFactory(number=1), PartnerFactory(), DraftFactory()
    (priority,) = in_force("1000")
    for name, model, told in (
        ("study_region_once", StudyRegion, {"study": finding.study, "region": region()}),
        ("study_institution_once", StudyInstitution, {"study": finding.study, "organisation": partner}),
        ("finding_priority_once", FindingPriority, {"finding": finding, "priority": priority}),
        ("finding_project_once", FindingProject, {"finding": finding, "project": project}),
    ):
        model.objects.create(**told)
        refuses(name, lambda model=model, told=told: model.objects.create(**told))
    refuses("finding_number_once", lambda: KeyFindingFactory(study=finding.study, number=1))
    refuses("finding_says_something", change(finding, statement=""))
    draft = PriorityFactory(axis__plan__region=region("ML-8"))
    refuses("priority_was_validated", lambda: FindingPriority.objects.create(finding=finding, priority=draft))
