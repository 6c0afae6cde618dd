"""An amendment of the length moves what hangs on the last possible day, and nothing that people set themselves."""

import datetime as dt

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from funds.rules import add_months
from projects.models import Project, Visit
from projects.rules.visits import DAYS_BEFORE_END, moved_days, planned_days
from projects.services import visits as services
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day
from tests.factories import amendments as factory
from tests.factories.implementation import Crew, agreed, start, visit
from tests.factories.projects import fresh

DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31))


@pytest.fixture
def crew(db) -> Crew:
    return Crew()


def begun(crew: Crew) -> Project:
    return start(agreed(crew), crew)


def planned(project: Project) -> dict[str, dt.date]:
    """Kind → day of the visits still to make."""
    return dict(project.visits.filter(state="planned", kind__in=["midway", "final"]).values_list("kind", "planned_on"))


def lengthen(project: Project, crew: Crew, months: int) -> Project:
    factory.amended(project, crew.officer, crew.approver, factory.content(project) | {"duration_months": months})
    return Project.objects.get(pk=project.pk)


def test_the_visits_of_the_plan_and_the_deadlines_follow_the_last_day(crew):
    project = begun(crew)
    before = planned(project)
    foreseen = project.deadlines.get(code="final_report").due_on
    longer = lengthen(project, crew, 6)

    assert longer.ends_on == add_months(longer.starts_on, 6)
    moved = planned(longer)
    assert moved["final"] == longer.ends_on - dt.timedelta(days=DAYS_BEFORE_END) > before["final"]
    assert moved["midway"] == before["midway"], "within 45 days of the start in both"
    due = dict(longer.deadlines.values_list("code", "due_on"))
    assert due["end_of_works"] == longer.ends_on
    assert due["final_report"] == longer.ends_on + 30 * DAY > foreseen
    assert due["closure"] == longer.ends_on + 60 * DAY
    final = longer.deadlines.get(code="visit", detail="final")
    assert final.due_on == moved["final"]


def test_a_second_amendment_moves_them_again_and_back(crew):
    project = begun(crew)
    before = planned(project)
    lengthen(project, crew, 6)
    assert planned(lengthen(project, crew, 4)) == before


def test_what_people_decided_stays(crew):
    project = begun(crew)
    final = project.visits.get(kind="final")
    own = final.planned_on - 3 * DAY
    services.reschedule(visit=final, user=fresh(crew.officer), version=final.version, planned_on=own, visitor=None)
    other = visit(project, crew.officer, "other", done=False, planned_on=final.planned_on)
    lengthen(project, crew, 6)

    assert planned(project)["final"] == own
    other.refresh_from_db()
    assert other.planned_on == final.planned_on


def test_a_visit_put_in_the_place_of_another_keeps_the_day_chosen_for_it(crew):
    project = begun(crew)
    final = project.visits.get(kind="final")
    chosen = final.planned_on + 2 * DAY
    services.cancel(visit=final, user=fresh(crew.officer), reason="Route coupée", replaced_on=chosen)
    lengthen(project, crew, 6)

    assert planned(project)["final"] == chosen


def test_a_visit_that_was_made_does_not_move(crew):
    project = begun(crew)
    visit(project, crew.officer, "final")
    made = project.visits.get(kind="final", state="done")
    lengthen(project, crew, 6)

    assert Visit.objects.get(pk=made.pk).planned_on == made.planned_on


def test_a_visit_of_the_plan_moved_by_an_amendment_tells_who_opened_it_before(crew):
    project = begun(crew)
    seen = project.visits.get(kind="final")
    lengthen(project, crew, 6)

    with pytest.raises(services.Outdated):
        services.reschedule(
            visit=seen, user=fresh(crew.officer), version=seen.version, planned_on=seen.planned_on + DAY, visitor=None
        )


def test_the_approver_is_told_before_which_visit_moves(crew, client):
    project = begun(crew)
    before = planned(project)["final"]
    amendment = factory.submitted(project, crew.officer, factory.content(project) | {"duration_months": 6})
    client.force_login(fresh(crew.approver))
    page = client.get(
        reverse("projects:amendment_step", args=[project.pk, amendment.number, "approve"])
    ).content.decode()

    assert f"passe du {day(before)} au {day(add_months(project.starts_on, 6) - 7 * DAY)}." in page
    assert planned(project)["final"] == before, "nothing moves before the approval"


def test_a_late_visit_is_not_made_timely_by_an_amendment(crew):
    project = begun(crew)
    midway = project.visits.get(kind="midway")
    noon = dt.datetime.combine(midway.planned_on + 5 * DAY, dt.time(12), tzinfo=dt.UTC)
    with clock.at(noon):
        lengthen(project, crew, 6)
        assert planned(project)["midway"] == midway.planned_on
        assert project.deadlines.get(code="visit", detail="midway").days_late == 5


@given(
    starts=days,
    months=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    limit=st.integers(7, 90),
    passed=st.integers(0, 250),
)
def test_what_moves_lands_in_the_new_plan_and_never_in_the_past(starts, months, limit, passed):
    before, after = (add_months(starts, count) for count in months)
    today = starts + passed * DAY
    moved = moved_days(starts, before, after, limit, today)
    plan = dict(zip(("midway", "final"), planned_days(starts, after, limit, not_before=today), strict=True))

    for kind, planned_on in moved.items():
        assert planned_on == plan[kind] and (planned_on >= today or today >= after)
    assert moved_days(starts, before, before, limit, today) == {}
