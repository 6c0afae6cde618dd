"""When visits are planned, how far one stood from the project: dates and distances without a database."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from projects.rules import visits as rules
from projects.views.visit_map import sight_of

START = dt.date(2027, 1, 4)
DAYS = st.integers(min_value=0, max_value=60)


def planned(months_days: int, *, first: int = 45, not_before: dt.date = START):
    return rules.planned_days(START, START + dt.timedelta(days=months_days), first, not_before)


def test_a_project_of_six_months_is_first_visited_within_45_days_and_last_a_week_before_its_end():
    assert planned(181) == (dt.date(2027, 2, 18), dt.date(2027, 6, 27))


def test_a_short_project_is_first_visited_at_half_way():
    assert planned(30)[0] == START + dt.timedelta(days=15)


def test_a_plan_made_late_begins_on_the_day_of_the_signature():
    today = START + dt.timedelta(days=100)
    assert planned(120, not_before=today) == (today, START + dt.timedelta(days=113))


@given(length=st.integers(min_value=28, max_value=1100), first=st.integers(min_value=0, max_value=400), late=DAYS)
def test_the_first_visit_never_comes_after_the_last_and_both_come_before_the_last_day(length, first, late):
    today = START + dt.timedelta(days=min(late, length - 1))
    ends_on = START + dt.timedelta(days=length)
    midway, final = rules.planned_days(START, ends_on, first, today)

    assert today <= midway <= final < ends_on
    assert midway <= max(today, START + dt.timedelta(days=first), START)
    assert midway <= max(today, START + dt.timedelta(days=length // 2))


def test_the_distance_from_gao_to_ansongo_is_about_90_kilometres():
    assert rules.distance_m(16.27167, -0.04472, 15.6597, 0.5022) == pytest.approx(90_000, rel=0.02)


def test_a_degree_of_latitude_is_111_kilometres_and_nowhere_is_no_distance():
    assert rules.distance_m(16, 0, 17, 0) == pytest.approx(111_195, abs=5)
    assert rules.distance_m(16, 0, 16, 0) == 0
    assert rules.distance_m(None, None, 16, 0) is None
    assert rules.distance_m(16, 0, None, None) is None


@given(
    a=st.tuples(st.floats(-90, 90), st.floats(-180, 180)), b=st.tuples(st.floats(-90, 90), st.floats(-180, 180))
)  # fmt: skip
def test_a_distance_is_the_same_both_ways_and_never_beyond_half_the_earth(a, b):
    there, back = rules.distance_m(*a, *b), rules.distance_m(*b, *a)
    assert there == pytest.approx(back, abs=1)
    assert 0 <= there <= 20_015_200


def test_only_more_than_two_kilometres_are_far():
    assert not rules.is_far(2000) and rules.is_far(2001) and not rules.is_far(None)


GOOD = {"done_on": START, "progress": 60, "quality": "good", "safety": "safe", "latitude": None, "longitude": None}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"done_on": None}, "done_on"),
        ({"done_on": START + dt.timedelta(days=11)}, "done_on"),
        ({"done_on": START - dt.timedelta(days=1)}, "done_on"),
        ({"progress": None}, "progress"),
        ({"progress": 101}, "progress"),
        ({"quality": ""}, "quality"),
        ({"safety": ""}, "safety"),
        ({"latitude": 16}, "longitude"),
    ],
)
def test_a_report_is_refused_with_the_field_that_lacks(change, field):
    today = START + dt.timedelta(days=10)
    rules.validate_report(GOOD, signed_on=START, today=today)
    with pytest.raises(ValidationError) as refused:
        rules.validate_report(GOOD | change, signed_on=START, today=today)
    assert set(refused.value.error_dict) == {field}


class Point:
    def __init__(self, latitude, longitude, accuracy_m=None):
        self.latitude, self.longitude, self.accuracy_m = latitude, longitude, accuracy_m


def test_a_visit_to_the_north_east_is_drawn_up_and_right_within_the_frame():
    sight = sight_of(Point(16.05, 0.05), Point(16, 0))
    assert sight.x > 0 > sight.y
    assert (sight.x**2 + sight.y**2) ** 0.5 == pytest.approx(82, abs=0.5)
    assert sight.ring < 82
    assert sight_of(Point(None, None), Point(16, 0)) is None


def test_a_visit_on_the_site_stands_at_the_centre_of_the_ring_of_two_kilometres():
    sight = sight_of(Point(16, 0, 500), Point(16, 0))
    assert (sight.x, sight.y, sight.ring, sight.accuracy) == (0, 0, 82, 20.5)
