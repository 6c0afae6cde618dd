"""How an amendment is shown: each change before and after, and where the project has moved away from it."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funds.models import Organisation
from projects.models import Amendment, Project
from projects.rules import ends_on
from projects.services.amendment_content import FIELDS
from projects.services.amendments import change_of
from projects.services.visits import moved_by
from sr_portal.web.templatetags.portal import day, usd

NOTHING = "–"


@dataclass(frozen=True)
class Row:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Shown:
    """A field that changes, with one row for each part of it that differs."""

    field: str
    label: str
    rows: list[Row]


def partner_names(amendments: Iterable[Amendment]) -> dict[int, str]:
    """The names of the partners that these amendments speak of; one query, or none."""
    keys = {
        change[side]
        for amendment in amendments
        for change in amendment.changes
        if change["field"] == "partner"
        for side in ("before", "after")
    }
    return {partner.pk: str(partner) for partner in Organisation.objects.filter(pk__in=keys)} if keys else {}


def shown(project: Project, changes: Iterable[Mapping[str, Any]], names: Mapping[int, str]) -> list[Shown]:
    return [
        Shown(
            change["field"], str(FIELDS[change["field"]]),
            ROWS[change["field"]](project, change["before"], change["after"], names),
        )
        for change in changes
    ]  # fmt: skip


def summary(amendment: Amendment) -> str:
    """« Montant approuvé (+ 2 000 USD), durée » : what an amendment changes, in one line."""
    labels = []
    for change in amendment.changes:
        label = str(FIELDS[change["field"]])
        if change["field"] == "approved_usd":
            label = f"{label} ({signed(amendment.budget_delta_usd)})"
        labels.append(label)
    return Truncator(", ".join(labels)).chars(160)


def signed(amount: Decimal) -> str:
    return f"{'+' if amount > 0 else '−'}\u00a0{usd(abs(amount))}"


# --- What an approval does besides ----------------------------------------------------------------------------------
def money_told(name: str, project: Project, found: Amendment) -> list[str]:
    """What an approval does to the envelope."""
    delta = found.budget_delta_usd
    if name != "approve" or not delta:
        return []
    text = _("%(amount)s de plus sont réservés sur l’enveloppe.")
    if delta < 0:
        text = _("%(amount)s retournent à l’enveloppe.")
    return [text % {"amount": usd(abs(delta))}]


def visits_told(name: str, project: Project, found: Amendment) -> list[str]:
    """Where an approval moves the visits that nobody has moved yet."""
    change = change_of(found, "duration_months")
    if name != "approve" or change is None or project.ends_on is None:
        return []
    text = _("La visite «\u00a0%(visit)s\u00a0» passe du %(before)s au %(after)s.")
    return [
        text % {"visit": visit.title, "before": day(visit.planned_on), "after": day(planned_on)}
        for visit, planned_on in moved_by(project, project.ends_on, ends_on(project.starts_on, change["after"]))
    ]


# --- Rows of each field ---------------------------------------------------------------------------------------------
def _one(show: Callable[[Project, Any, Mapping[int, str]], str], label: str = "") -> Callable[..., list[Row]]:
    def rows(project: Project, before: Any, after: Any, names: Mapping[int, str]) -> list[Row]:
        return [Row(label, show(project, before, names), show(project, after, names))]

    return rows


def _length(project: Project, months: int, names: Mapping[int, str]) -> str:
    text = ngettext("%(months)s mois", "%(months)s mois", months) % {"months": months}
    if project.starts_on and months:
        text += _(", jusqu’au %(day)s") % {"day": day(ends_on(project.starts_on, months))}
    return text


def _activity(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return NOTHING
    last = row["first_week"] + row["weeks"] - 1
    weeks = _("semaines %(first)s à %(last)s") % {"first": row["first_week"], "last": last}
    if row["weeks"] == 1:
        weeks = _("semaine %(first)s") % {"first": row["first_week"]}
    return f"{row['title']} ({weeks})"


def _activities(project: Project, before: list, after: list, names: Mapping[int, str]) -> list[Row]:
    gone = [row for row in before if row not in after]
    new = [row for row in after if row not in before]
    pairs = [(_at(gone, rank), _at(new, rank)) for rank in range(max(len(gone), len(new)))]
    return [Row("", _activity(old), _activity(fresh)) for old, fresh in pairs]


def _at(rows: list, rank: int) -> Any:
    return rows[rank] if rank < len(rows) else None


def _lines(project: Project, before: list, after: list, names: Mapping[int, str]) -> list[Row]:
    was = {row["key"]: row["amount"] for row in before}
    return [
        Row(row["label"], usd(was[row["key"]]) if row["key"] in was else NOTHING, usd(row["amount"]))
        for row in after
        if was.get(row["key"]) != row["amount"]
    ]


def _instalment(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return NOTHING
    when = day(dt.date.fromisoformat(row["planned_on"])) if row["planned_on"] else _("sans date")
    return "\n".join(filter(None, (f"{usd(row['amount'])}, {when}", row["condition"])))


def _instalments(project: Project, before: list, after: list, names: Mapping[int, str]) -> list[Row]:
    was, will = ({row["position"]: row for row in rows} for rows in (before, after))
    return [
        Row(_("Tranche %(rank)s") % {"rank": rank}, _instalment(was.get(rank)), _instalment(will.get(rank)))
        for rank in sorted(was.keys() | will.keys())
        if was.get(rank) != will.get(rank)
    ]


ROWS: dict[str, Callable[..., list[Row]]] = {
    "approved_usd": _one(lambda _project, amount, _names: usd(amount)),
    "duration_months": _one(_length),
    "partner": _one(lambda _project, pk, names: names.get(pk, NOTHING)),
    "objective": _one(lambda _project, text, _names: text or NOTHING),
    "activities": _activities,
    "lines": _lines,
    "instalments": _instalments,
}
