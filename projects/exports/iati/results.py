"""The expected results of a project, with what its last accepted report says was reached."""

from decimal import Decimal

from projects.exports.iati.elements import Context, Element, add, narrate, plain
from projects.exports.iati.money import bounds
from projects.models import ExpectedResult, Project
from projects.rules.publication import Disclosure

OUTPUT = "1"
UNITS, PERCENTAGE = "1", "2"


def results(root: Element, project: Project, context: Context) -> None:
    """None without the place: what is expected is free text, which may name it."""
    if project.disclosure != Disclosure.FULL:
        return
    for row in project.results.all():
        if not plain(row.statement):
            continue
        result = add(root, "result", type=OUTPUT, aggregation_status="false")
        narrate(add(result, "title"), row.statement)
        _indicator(result, row, project)


def _indicator(result: Element, row: ExpectedResult, project: Project) -> None:
    start, end = bounds(project)
    indicator = add(result, "indicator", measure=PERCENTAGE if "%" in row.unit else UNITS, ascending="true")
    name = plain(row.indicator) or row.statement
    narrate(add(indicator, "title"), f"{name} ({row.unit})" if plain(row.unit) else name)
    if row.baseline is not None:
        baseline = add(indicator, "baseline", year=str(start.year), value=_number(row.baseline))
        baseline.set("iso-date", start.isoformat())
    value = reached(row)
    if row.target is None and value is None:
        return
    period = add(indicator, "period")
    add(period, "period-start").set("iso-date", start.isoformat())
    add(period, "period-end").set("iso-date", end.isoformat())
    if row.target is not None:
        add(period, "target", value=_number(row.target))
    if value is not None:
        add(period, "actual", value=_number(value))


def reached(row: ExpectedResult) -> Decimal | None:
    """What the accepted report that was submitted last says; None before."""
    told = [
        (one.report.submitted_at, one.pk, one.value)
        for one in row.reached.all()
        if one.report.state == "accepted" and one.report.submitted_at and one.value is not None
    ]
    return max(told)[2] if told else None


def _number(value: Decimal) -> str:
    """Plain, without the zeros after the point: « 12 », « 12.5 »."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
