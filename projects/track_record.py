"""What a partner has done with the section: computed from its projects in one query, never typed (domain guide §9).

Numbers of all its projects, whoever reads: they name none of them. Drafts, which only their writers read, do not count.
Days late are those of the deadlines (`projects.deadlines`): the end of the works, and the reports due.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from projects.states import GRANTED, SETTLED, State
from sr_portal.web import clock

WORKS = ("end_of_works",)
REPORTS = ("interim_report", "final_report")
NOT_TAKEN = (State.REFUSED, State.INADMISSIBLE)
# States in which the works or a report still wait for the partner.
WAITING = (State.AGREED, State.ACTIVE, State.SUSPENDED, State.COMPLETED)


@dataclass(frozen=True)
class Lateness:
    """`done` were finished, `late` of them after their day, by `mean_days` days on average over all that were finished;
    `late_now` are past their day today and not finished."""

    done: int
    late: int
    mean_days: Decimal | None
    late_now: int


@dataclass(frozen=True)
class TrackRecord:
    """Numbers of projects; sums in USD, `Decimal(12, 2)`."""

    proposed: int
    not_taken: int
    granted: int
    running: int
    completed: int
    closed: int
    cancelled: int
    approved_usd: Decimal
    paid_usd: Decimal
    justified_usd: Decimal
    refunded_usd: Decimal
    works: Lateness
    reports: Lateness
    findings_open: int
    findings_blocking: int
    findings_closed: int

    @property
    def is_new(self) -> bool:
        """No project of it was ever granted."""
        return self.granted == 0

    @property
    def justified_percent(self) -> Decimal | None:
        """Share of what was paid, less what was given back, that accepted receipts justify; None when nothing was."""
        kept = self.paid_usd - self.refunded_usd
        return (self.justified_usd * 100 / kept).quantize(Decimal("0.1")) if kept > 0 else None


def track_record(partner_id: int, on: dt.date | None = None) -> TrackRecord:
    """The record of one partner on a day; one query."""
    params = {
        "partner": partner_id, "today": on or clock.today(), "granted": _names(GRANTED), "settled": _names(SETTLED),
        "not_taken": _names(NOT_TAKEN), "waiting": _names(WAITING), "works": list(WORKS), "reports": list(REPORTS),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, params)
        row = cursor.fetchone()
    return TrackRecord(*row[:11], works=Lateness(*row[11:15]), reports=Lateness(*row[15:19]), findings_open=row[19],
                       findings_blocking=row[20], findings_closed=row[21])  # fmt: skip


def _names(states) -> list[str]:
    return sorted(state.value for state in states)


def _lateness(codes: str) -> str:
    late = "greatest(d.done_on - d.due_on, 0)"
    of = f"d.code = ANY (%({codes})s) AND d.due_on IS NOT NULL"
    return f"""count(*) FILTER (WHERE {of} AND d.done_on IS NOT NULL),
        count(*) FILTER (WHERE {of} AND d.done_on > d.due_on),
        round(avg({late}) FILTER (WHERE {of} AND d.done_on IS NOT NULL), 1),
        count(*) FILTER (WHERE {of} AND d.done_on IS NULL AND d.due_on < %(today)s AND d.state = ANY (%(waiting)s)
                         AND d.turn IS NOT NULL)"""


QUESTION = f"""
WITH mine AS (
    SELECT id, state, approved_usd, paid_usd, refunded_usd, justified_usd
      FROM projects_project WHERE partner_id = %(partner)s AND state <> '{State.DRAFT.value}'
), projects AS (
    SELECT count(*) AS proposed,
           count(*) FILTER (WHERE state = ANY (%(not_taken)s)),
           count(*) FILTER (WHERE state = ANY (%(granted)s)),
           count(*) FILTER (WHERE state = ANY (%(granted)s) AND state <> ALL (%(settled)s)
                            AND state <> '{State.COMPLETED.value}'),
           count(*) FILTER (WHERE state = '{State.COMPLETED.value}'),
           count(*) FILTER (WHERE state = '{State.CLOSED.value}'),
           count(*) FILTER (WHERE state = '{State.CANCELLED.value}'),
           coalesce(sum(approved_usd) FILTER (WHERE state = ANY (%(granted)s)), 0),
           coalesce(sum(paid_usd), 0), coalesce(sum(justified_usd), 0), coalesce(sum(refunded_usd), 0)
      FROM mine
), late AS (
    SELECT {_lateness("works")}, {_lateness("reports")}
      FROM projects_deadline d WHERE d.project_id IN (SELECT id FROM mine)
), findings AS (
    SELECT count(*) FILTER (WHERE closed_at IS NULL),
           count(*) FILTER (WHERE closed_at IS NULL AND severity = 'blocking'),
           count(*) FILTER (WHERE closed_at IS NOT NULL)
      FROM projects_finding f WHERE f.project_id IN (SELECT id FROM mine)
)
SELECT projects.*, late.*, findings.* FROM projects, late, findings
"""  # noqa: S608  our own names
