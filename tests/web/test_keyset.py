"""Pages by key show every row once, in order, whatever is empty, equal or added meanwhile."""

import datetime as dt
import random

import pytest
from django.db.models import Value
from django.db.models.functions import Length

from sr_portal.accounts.models import User
from sr_portal.web import keyset
from sr_portal.web.keyset import KeysetPage, counted
from sr_portal.web.templatetags.portal import number

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """137 people: many equal days of sign-in (to the microsecond), a third who never signed in, equal names."""
    chance = random.Random(7)
    start = dt.datetime(2026, 1, 1, 0, 0, 0, 123457, tzinfo=dt.UTC)
    return User.objects.bulk_create(
        User(
            email=f"p{n}@portail.example",
            name=f"Nom {chance.randrange(9)}",
            last_login=None if n % 3 == 0 else start + dt.timedelta(microseconds=chance.randrange(20)),
        )
        for n in range(137)
    )


def walk(queryset, order, size=10):
    """Every page from the first to the last, then back."""
    pages, page = [], KeysetPage.of(queryset, order=order, size=size)
    while True:
        pages.append(page)
        if not page.next_cursor:
            break
        page = KeysetPage.of(queryset, page.next_cursor, order=order, size=size)
    back = [page]
    while page.previous_cursor:
        page = KeysetPage.of(queryset, page.previous_cursor, order=order, size=size)
        back.append(page)
    return pages, back[::-1]


@pytest.mark.parametrize("order", ["last_login", "-last_login", "name", "-name", "-pk", "pk", "size"])
def test_every_row_is_shown_once_forward_and_back(people, order):
    queryset = User.objects.annotate(size=Length("name") + Value(0))
    pages, back = walk(queryset, order)
    forward = [row.pk for page in pages for row in page]
    assert sorted(forward) == sorted(person.pk for person in people)
    assert len(forward) == len(set(forward))
    assert [[row.pk for row in page] for page in back] == [[row.pk for row in page] for page in pages]
    assert not pages[0].previous_cursor
    assert not pages[-1].next_cursor


def test_a_page_says_how_many_rows_the_list_has_by_the_same_query(people, django_assert_num_queries, monkeypatch):
    named = User.objects.filter(name__lt="Nom 5")
    with django_assert_num_queries(1):
        first = KeysetPage.of(named, order="name", size=10, count=True)
    second = KeysetPage.of(named, first.next_cursor, order="name", size=10, count=True)
    assert first.count == second.count == counted(named)
    assert KeysetPage.of(User.objects.none(), count=True).count == counted(User.objects.none())
    assert KeysetPage.of(named).count is None
    monkeypatch.setattr(keyset, "MOST_COUNTED", 5)
    assert str(KeysetPage.of(named, order="name", size=10, count=True).count).startswith(f"{number(5)}+")


def test_rows_without_a_value_come_last_both_ways(people):
    for order in ("last_login", "-last_login"):
        pages, _back = walk(User.objects.all(), order)
        empty = [row.last_login is None for page in pages for row in page]
        assert empty == sorted(empty)


def test_dictionaries_are_paged_like_objects(people):
    pages, _back = walk(User.objects.values("id", "name"), "-last_login")
    assert len({row["id"] for page in pages for row in page}) == 137


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "W10:1a:b", "é" * 40, "\x00"])
def test_a_forged_cursor_gives_the_first_page_and_says_so(people, cursor):
    page = KeysetPage.of(User.objects.all(), cursor, order="name", size=10)
    assert page.rows == KeysetPage.of(User.objects.all(), order="name", size=10).rows
    assert "début de la liste" in page.notice


def test_a_cursor_of_another_order_is_not_believed(people):
    first = KeysetPage.of(User.objects.all(), order="name", size=10)
    assert KeysetPage.of(User.objects.all(), first.next_cursor, order="-name", size=10).notice


def test_a_page_costs_one_query(people, django_assert_num_queries):
    first = KeysetPage.of(User.objects.all(), order="name", size=10)
    with django_assert_num_queries(1):
        KeysetPage.of(User.objects.all(), first.next_cursor, order="name", size=10)


def test_an_empty_list_is_one_empty_page():
    page = KeysetPage.of(User.objects.none(), order="name")
    assert not page.rows
    assert not page.has_other_pages


def test_a_count_stops_at_its_cap(people):
    assert str(counted(User.objects.all(), cap=100)) == "100+"
    assert str(counted(User.objects.all(), cap=1000)) == "137"
    assert number(10_000) + "+" == "10\u202f000+"
