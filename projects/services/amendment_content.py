"""What an amendment changes, in plain machine values: read from the project, compared with it, put in its place.

A content is a dictionary of the fields below. Amounts are texts with two decimals, days ISO texts, so that they rest in
`Amendment.changes` as they are.

    approved_usd "20000.00" · duration_months 4 · partner 12 · objective "…"
    activities  [{"title", "first_week", "weeks"}]
    lines       [{"key" (None for a new line), "category", "label", "amount"}], with "baseline" in what was before
    instalments [{"position", "amount", "planned_on" (or None), "condition"}]: those not yet asked for
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.models import Activity, AgreedLine, Amendment, AmendmentState, Instalment, InstalmentState, Project
from sr_portal.web import clock

Content = dict[str, Any]

FIELDS: dict[str, Any] = {
    "approved_usd": _("Montant approuvé"),
    "duration_months": _("Durée (mois)"),
    "partner": _("Partenaire de mise en œuvre"),
    "objective": _("Objectif"),
    "activities": _("Activités"),
    "lines": _("Lignes du budget"),
    "instalments": _("Tranches à venir"),
}


def money(amount: Decimal | None) -> str:
    return f"{amount or Decimal(0):.2f}"


# --- Reading ----------------------------------------------------------------------------------------------------------
def content_of(project: Project) -> Content:
    """The project as it stands, with the baseline of each line."""
    return {
        "approved_usd": money(project.approved_usd),
        "duration_months": project.duration_months,
        "partner": project.partner_id,
        "objective": plain(project.objective),
        "activities": [
            {"title": row.title, "first_week": row.first_week, "weeks": row.weeks} for row in project.activities.all()
        ],
        "lines": [
            {
                "key": line.pk, "category": line.category, "label": line.label, "amount": money(line.amount_usd),
                "baseline": money(line.baseline_usd),
            }
            for line in project.agreed_lines.all()
        ],
        "instalments": [
            {
                "position": row.position, "amount": money(row.amount_usd),
                "planned_on": row.planned_on.isoformat() if row.planned_on else None, "condition": plain(row.condition),
            }
            for row in project.instalments.all()
            if row.state == InstalmentState.PLANNED
        ],
    }  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def fixed_instalments(project: Project) -> list[Instalment]:
    """Those already asked for, authorised or paid: no amendment changes them."""
    return [row for row in project.instalments.all() if row.state != InstalmentState.PLANNED]


def comparable(field: str, value: Any) -> Any:
    """A value without what only says where it came from."""
    if field == "lines":
        return [{name: row[name] for name in ("key", "category", "label", "amount")} for row in value]
    if field == "activities":
        return sorted(value, key=lambda row: (row["first_week"], row["title"], row["weeks"]))
    return value


def changes_between(before: Content, after: Content) -> list[dict[str, Any]]:
    """`{"field", "before", "after"}` for each field that differs, in the order of `FIELDS`."""
    return [
        {"field": field, "before": before[field], "after": after[field]}
        for field in FIELDS
        if field in after and comparable(field, before[field]) != comparable(field, after[field])
    ]


def overlaid(now: Content, changes: Iterable[Mapping[str, Any]]) -> Content:
    """The project as it would be, the changes made."""
    return now | {change["field"]: change["after"] for change in changes}


def conflicts(now: Content, changes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The changes whose start is no longer what the project says, each with `now`, what it says."""
    return [
        {**change, "now": now[change["field"]]}
        for change in changes
        if comparable(change["field"], now[change["field"]]) != comparable(change["field"], change["before"])
    ]


def original(project: Project, field: str, now: Any) -> Any:
    """What was signed: where the first approved amendment of `field` started from, else `now`."""
    for amendment in sorted(project.amendments.all(), key=lambda row: row.number):
        for change in amendment.changes:
            if amendment.state == AmendmentState.APPROVED and change["field"] == field:
                return change["before"]
    return now


def original_lines(project: Project) -> dict[int, Decimal]:
    """Line key → its amount at the signature, USD, before any move or amendment; a line added since is not there."""
    now = [{"key": line.pk, "baseline": line.baseline_usd} for line in project.agreed_lines.all()]
    return {line["key"]: Decimal(line["baseline"]) for line in original(project, "lines", now)}


def original_plan(project: Project) -> list[dict[str, Any]]:
    """The whole instalment plan as signed: what was asked for before the first amendment of the plan never changed."""
    standing = [
        {"position": row.position, "amount": row.amount_usd, "planned_on": row.planned_on, "condition": row.condition}
        for row in project.instalments.all()
    ]
    before = original(project, "instalments", None)
    if before is None:
        return standing
    after = next(
        change["after"]
        for amendment in sorted(project.amendments.all(), key=lambda row: row.number)
        for change in amendment.changes
        if amendment.state == AmendmentState.APPROVED and change["field"] == "instalments"
    )
    first = min(row["position"] for row in [*before, *after])
    return [row for row in standing if row["position"] < first] + [
        row | {"amount": Decimal(row["amount"]), "planned_on": _day(row["planned_on"])} for row in before
    ]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# --- Writing ----------------------------------------------------------------------------------------------------------
def apply(project: Project, amendment: Amendment) -> None:
    """Put the changes in the place of what stands. The approved amount has followed by itself (trigger `budget_follows`).

    The caller holds the lock of the project's row, and has found no conflict.
    """
    for change in amendment.changes:
        WRITERS[change["field"]](project, change["after"])


def _own(name: str) -> Callable[[Project, Any], None]:
    def write(project: Project, value: Any) -> None:
        setattr(project, name, value)
        project.updated_at = clock.now()
        project.save(update_fields=[name, "updated_at"])

    return write


def _length(project: Project, months: int) -> None:
    """What hangs on the last possible day follows it: deadlines by themselves, the visits of the plan here."""
    from .visits import follow_length

    before = project.ends_on
    _own("duration_months")(project, months)
    if before is not None:
        follow_length(project, before)


def _approved(project: Project, value: str) -> None:
    project.refresh_from_db(fields=["approved_usd", "amended_usd", "reserved_usd"])


def _activities(project: Project, rows: list[dict[str, Any]]) -> None:
    standing = list(project.activities.all())
    for activity in standing[len(rows) :]:
        activity.delete()
    for rank, row in enumerate(rows):
        activity = standing[rank] if rank < len(standing) else Activity(project=project)
        activity.title, activity.first_week, activity.weeks = row["title"], row["first_week"], row["weeks"]
        activity.full_clean()
        activity.save()


def _lines(project: Project, rows: list[dict[str, Any]]) -> None:
    """The amended amount is the new measure of moves between lines."""
    standing = {line.pk: line for line in project.agreed_lines.all()}
    for row in rows:
        line = standing.get(row["key"]) if row["key"] else None
        if line is None:
            line = AgreedLine(project=project, category=row["category"], label=row["label"])
        line.amount_usd = line.baseline_usd = Decimal(row["amount"])
        line.full_clean()
        if line.pk:
            line.save(update_fields=["amount_usd", "baseline_usd"])
        else:
            line.save()


def _instalments(project: Project, rows: list[dict[str, Any]]) -> None:
    from .agreements import write_plan

    typed = [
        (
            Decimal(row["amount"]),
            _day(row["planned_on"]),
            row["condition"],
        )
        for row in rows
    ]
    write_plan(project, typed, after=len(fixed_instalments(project)))


WRITERS: dict[str, Callable[[Project, Any], None]] = {
    "approved_usd": _approved,
    "duration_months": _length,
    "partner": _own("partner_id"),
    "objective": _own("objective"),
    "activities": _activities,
    "lines": _lines,
    "instalments": _instalments,
}
