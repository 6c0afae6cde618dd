"""One place computes every deadline: the table, the view that the database holds, and the calendar agree."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.closing import ToClose
from projects.deadlines import view
from projects.deadlines.days import due_on
from projects.deadlines.table import LIMITS
from projects.models import Deadline
from projects.reporting import expected_reports
from tests.factories.implementation import in_state

pytestmark = pytest.mark.django_db


def definition(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef(%s::regclass)", [name])
        return cursor.fetchone()[0]


def body(function: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [function])
        return " ".join(cursor.fetchone()[0].split())


def test_the_view_in_the_database_is_the_one_of_the_table():
    """When it is not: lay it down anew by a migration that holds what `view.create()` gives."""
    with connection.cursor() as cursor:
        cursor.execute(view.create().replace(f"CREATE VIEW {view.NAME}", "CREATE TEMP VIEW of_the_table"))

    assert definition("of_the_table") == definition(view.NAME)
    assert body("refresh_deadlines") in " ".join(view.refresh().split())


def test_the_rows_that_are_kept_have_the_columns_of_the_view():
    assert {field.column for field in Deadline._meta.fields} == set(view.COLUMNS)


# --- The same days in Python and in SQL -------------------------------------------------------------------------------
@given(since=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), length=st.integers(1, 36))
@settings(max_examples=60)
def test_python_and_sql_count_every_limit_to_the_same_day(since, length):
    """Month ends and leap years included, whatever the mechanism says."""
    columns = sorted({limit.after for limit in LIMITS if not limit.after.isdigit()})
    mechanism = SimpleNamespace(**dict.fromkeys(columns, length))
    values = ", ".join(f"{length} AS {column}" for column in columns)
    days = ", ".join(f"({view.later(limit, '%(since)s::date')})" for limit in LIMITS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {days} FROM (SELECT {values}) m", {"since": since})
        told = cursor.fetchone()

    assert list(told) == [due_on(limit.code, mechanism, since) for limit in LIMITS]


@pytest.mark.parametrize("state", ["agreed", "active", "completed"])
def test_pages_and_lists_tell_the_days_that_the_table_keeps(state):
    project = in_state(state)
    kept = {deadline.code: deadline for deadline in project.deadlines.all()}
    reports = {expected.kind: expected.due for expected in expected_reports(project) if expected.instalment is None}
    completed = kept["final_report"].since

    assert set(reports.values()) == {kept["final_report"].due_on}
    for code in ("final_report", "closure", "sustainability"):
        assert due_on(code, project.mechanism, completed, foreseen=project.ends_on) == kept[code].due_on
    if state == "completed":
        assert ToClose(project, []).due == kept["closure"].due_on
    interim = {
        expected.instalment.position: expected.due for expected in expected_reports(project) if expected.instalment
    }
    planned = {row.position - 1: row.planned_on for row in project.instalments.all()}
    assert all(due == planned[position] for position, due in interim.items())


def test_the_day_of_a_record_is_no_limit():
    with pytest.raises(TypeError):
        due_on("visit", None, dt.date(2026, 1, 1))


# Read by the view, and written only beside a step, a sum or a state that brings the deadlines up to date itself.
ELSEWHERE = {
    "projects_statechange",
    "projects_reportreturn",
    "projects_payment",
    "projects_vote",
    "projects_agendaitem",
}


def columns_read() -> dict[str, set[str]]:
    """Table → the columns that the view reads of it, as PostgreSQL itself keeps them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.relname, array_agg(a.attname::text)
              FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
              JOIN pg_class t ON t.oid = d.refobjid
              JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
             WHERE r.ev_class = %s::regclass AND d.classid = 'pg_rewrite'::regclass AND d.refobjsubid > 0
               AND t.relname LIKE 'projects\\_%%' GROUP BY 1
            """,
            [view.NAME],
        )
        return {table: set(columns) - {"id", "project_id"} for table, columns in cursor.fetchall()}


def test_a_change_of_any_column_that_the_view_reads_brings_the_deadlines_up_to_date():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.relname, p.prosrc FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid"
            " JOIN pg_proc p ON p.oid = g.tgfoid WHERE g.tgname LIKE 'pgtrigger\\_deadlines\\_follow\\_%%' AND p.prosrc ~ '(OLD|o)\\.'"
        )
        followed = dict(cursor.fetchall())
    read = columns_read()
    assert read.keys() - followed.keys() == ELSEWHERE
    for table, body_of in followed.items():
        compared = set(re.findall(r"\b(?:OLD|o)\.(\w+)", body_of.partition("IS NOT DISTINCT FROM")[0]))
        assert read[table] <= compared, table
