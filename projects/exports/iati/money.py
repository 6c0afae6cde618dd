"""The money of a project as IATI tells it: budgets of a year at most, commitments, payments, refunds. All USD.

Whatever became of the project, budgets sum to what was approved, commitments to what is obligated, and payments less
refunds to what was paid less refunded: the same totals as every other format.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from funds.rules import CENT
from projects.models import Project
from projects.rules.proposal import ends_on
from projects.states import GRANTED, State
from sr_portal.web import clock

COMMITMENT, DISBURSEMENT = "2", "3"
WITHOUT_DURATION = 12  # months told of an old project whose file gave none


@dataclass(frozen=True)
class Period:
    start: dt.date
    end: dt.date  # the last day, included
    amount: Decimal


@dataclass(frozen=True)
class Movement:
    kind: str
    day: dt.date
    amount: Decimal
    about_fr: str
    about_en: str


def bounds(project: Project) -> tuple[dt.date, dt.date]:
    """The planned first and last days; of an old project that tells none, a year from its publication."""
    start = project.starts_on or project.published_on
    end = project.ends_on or ends_on(start, project.duration_months or WITHOUT_DURATION)
    return start, max(start, end)


def budgets(project: Project) -> list[Period]:
    """What was approved, amendments included, spread over the days of each twelve months from the start."""
    start, end = bounds(project)
    spans = list(years(start, max(start, end - dt.timedelta(days=1))))  # a year from 1 January is one period
    days = sum((last - first).days + 1 for first, last in spans)
    made, left = [], project.approved_usd
    for rank, (first, last) in enumerate(spans, 1):
        share = project.approved_usd * ((last - first).days + 1) / days
        part = left if rank == len(spans) else share.quantize(CENT)
        made.append(Period(first, last, part))
        left -= part
    return made


def years(start: dt.date, end: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The spans of at most twelve months that cover start to end, both included."""
    rank = 0
    while True:
        first, following = ends_on(start, 12 * rank), ends_on(start, 12 * (rank + 1))
        last = following - dt.timedelta(days=1)
        if last >= end:
            yield first, end
            return
        yield first, last
        rank += 1


def commitments(project: Project) -> list[Movement]:
    """At signature, with each amendment of the amount, and what was released once the project was settled."""
    agreement = getattr(project, "agreement", None)
    signed_on = agreement.signed_on if agreement is not None and agreement.signed_at else None
    if project.state == State.APPROVED or (signed_on is None and not project.obligated_usd):
        return []
    amended = list(project.amendments.all())
    first = project.approved_usd - sum((row.budget_delta_usd for row in amended), Decimal(0))
    made = [
        Movement(COMMITMENT, signed_on or project.published_on, first, "Protocole d’accord signé", "Agreement signed")
    ]
    for row in amended:
        day = clock.day_of(row.decided_at)
        made.append(
            Movement(COMMITMENT, day, row.budget_delta_usd, f"Avenant n° {row.number}", f"Amendment {row.number}")
        )
    rest = project.obligated_usd - sum(one.amount for one in made)
    if rest:
        day = clock.day_of(project.state_since)
        made.append(Movement(COMMITMENT, day, rest, "Solde libéré à la fin du projet", "Balance released at the end"))
    return made


def payments(project: Project) -> list[Movement]:
    """Each payment and refund that stands, and what an old project's file says was paid before this portal."""
    made = []
    for tranche in project.instalments.all():
        told = f"Tranche {tranche.position}", f"Instalment {tranche.position}"
        before = tranche.planned_on or project.starts_on or project.published_on
        if tranche.imported_paid_usd:
            made.append(Movement(DISBURSEMENT, before, tranche.imported_paid_usd, *told))
        if tranche.imported_refunded_usd:
            made.append(
                Movement(
                    DISBURSEMENT,
                    before,
                    -tranche.imported_refunded_usd,
                    f"Remboursement, {told[0]}",
                    f"Refund, {told[1]}",
                )
            )
        for row in tranche.payments.all():
            texts = told if row.amount_usd > 0 else (f"Remboursement, {told[0]}", f"Refund, {told[1]}")
            made.append(Movement(DISBURSEMENT, row.paid_on, row.amount_usd, *texts))
    return made


def movements(project: Project) -> list[Movement]:
    if State(project.state) not in GRANTED:
        return []
    return [*commitments(project), *payments(project)]
