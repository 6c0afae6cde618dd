"""A portfolio is written: drafts, their lines and instalments, then each enters the state in which it stood.

All by the ordinary tables, so that every check and trigger of theirs judges each row; the one door that an import opens
is `ImportedProject`. Who imports is the author of what they import: they screen, decide and pay nothing of it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pgtrigger
from django.utils import timezone
from django.utils.translation import gettext as _

from funds.models import Organisation, OrganisationKind
from projects.imports.checks import held_by
from projects.imports.reading import Told
from projects.models import (
    AgreedLine,
    Agreement,
    BudgetLine,
    ImportedProject,
    Instalment,
    InstalmentState,
    Project,
    StateChange,
)
from projects.states import State
from sr_portal.web import clock

BATCH = 200
SAID = (
    "reference", "mechanism", "facility", "title", "region", "cercle", "locality", "latitude", "longitude", "sector", "sponsor",
    "objective", "starts_on", "duration_months", "direct_women", "direct_men", "direct_girls", "direct_boys",
)  # fmt: skip
ENTERED = (
    "state", "state_since", "budget_usd", "submitted_at", "recommended_usd", "approved_usd", "reserved_usd", "envelope", "paid_usd",
    "refunded_usd", "justified_usd",
)  # fmt: skip


def digest_of(told: Told) -> str:
    """SHA-256 of all that the file says of a project; the order of lines counts, that of columns does not."""

    def plain(value: Any) -> str:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        return str(getattr(value, "pk", value) if value is not None else "")

    rows = [told.values, *(one for _cells, one in (*told.lines, *told.instalments))]
    left_out = ("organisation", "envelope")
    said = [sorted((name, plain(value)) for name, value in row.items() if name not in left_out) for row in rows]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def write_partners(partners: list[dict[str, Any]], by: Any) -> dict[str, Organisation]:
    """The new ones by the key of their name: donors, and implementing partners still to be vetted."""
    from sr_portal.spreadsheets.cells import key

    made = {}
    for values in partners:
        gives = values["kind"] == OrganisationKind.DONOR
        partner = Organisation(**values, is_donor=gives, is_implementing=not gives, created_by=by)
        partner.full_clean()
        partner.save()
        made[key(partner.name)] = partner
    return made


def write_projects(
    new: list[Told], record: Any, by: Any, made: dict[str, Organisation], step: Callable[[int], None]
) -> None:
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        _write(batch, record, by, made)
        step(len(batch))


def _write(batch: list[Told], record: Any, by: Any, made: dict[str, Organisation]) -> None:
    for told in batch:
        organisation = told.values["organisation"]
        told.values["organisation"] = made[organisation] if isinstance(organisation, str) else organisation
    projects = Project.objects.bulk_create(
        Project(author=by, partner=told.values["organisation"], **{name: told.values[name] for name in SAID})
        for told in batch
    )
    pairs = list(zip(batch, projects, strict=True))
    ImportedProject.objects.bulk_create(
        ImportedProject(
            project=project, data_import=record, row=told.cells.line.number, state=told.values["state"],
            digest=digest_of(told), imported_by=by,
        )
        for told, project in pairs
    )  # fmt: skip
    lines = [
        (project, BudgetLine(project=project, **{name: one[name] for name in LINE}))
        for told, project in pairs
        for _cells, one in told.lines
    ]
    with pgtrigger.ignore(*ONCE_BELOW):
        BudgetLine.objects.bulk_create(line for _project, line in lines)
        Instalment.objects.bulk_create(
            _instalment(project, one) for told, project in pairs for _cells, one in told.instalments
        )
        _under_agreement(pairs, lines, by)
        _tell_steps(pairs, record, by)
    _enter(pairs)


# What follows each row elsewhere follows once a batch here, when the projects enter their state: `budget_is_the_sum`
# judges the sum all the same, and the deadlines are reckoned again for every project whose row changes.
ONCE_BELOW = (
    "projects.BudgetLine:project_budget_follows",
    "projects.Instalment:deadlines_follow",
    "projects.StateChange:deadlines_follow",
)
LINE = ("category", "label", "unit", "quantity", "unit_cost", "currency", "rate")


def _instalment(project: Project, one: dict[str, Any]) -> Instalment:
    paid, justified, refunded = one["paid_usd"], one["justified_usd"], one["refunded_usd"]
    partly = 0 < paid < one["amount_usd"]
    state = InstalmentState.PLANNED
    if paid:
        state = InstalmentState.JUSTIFIED if justified >= paid - refunded else InstalmentState.PAID
    return Instalment(
        project=project, position=one["position"], amount_usd=one["amount_usd"], planned_on=one["planned_on"],
        state=state, settled=partly, settled_reason=_("Reprise d’un fichier") if partly else "",
        imported_paid_usd=paid, imported_justified_usd=justified, imported_refunded_usd=refunded,
        paid_usd=paid, justified_usd=justified, refunded_usd=refunded,
    )  # fmt: skip


def _under_agreement(pairs: list[tuple[Told, Project]], lines: list[tuple[Project, BudgetLine]], by: Any) -> None:
    """A project with instalments had an agreement: its number is the reference, its text stays on paper."""
    agreed = [(told, project) for told, project in pairs if told.instalments]
    on_paper = _("Voir le dossier papier")
    Agreement.objects.bulk_create(
        Agreement(
            project=project, number=f"PA-{project.reference}", starts_on=project.starts_on, prepared_by=by,
            partner_signatory=on_paper, partner_function=on_paper, mission_signatory=on_paper,
            mission_function=on_paper, special_conditions=_("Reprise d’un fichier"), signed_by=by, signed_at=clock.now(),
            partner_signed_on=told.values["approved_on"], mission_signed_on=told.values["approved_on"],
        )
        for told, project in agreed
    )  # fmt: skip
    keys = {project.pk for _told, project in agreed}
    amounts = dict(BudgetLine.objects.filter(project__in=keys).values_list("pk", "amount_usd"))
    AgreedLine.objects.bulk_create(
        AgreedLine(
            project=project, line=line, category=line.category, label=line.label, baseline_usd=amounts[line.pk],
            amount_usd=amounts[line.pk],
        )
        for project, line in lines
        if project.pk in keys
    )  # fmt: skip


def _tell_steps(pairs: list[tuple[Told, Project]], record: Any, by: Any) -> None:
    """One step on the road of each project, which says from which file and row."""
    StateChange.objects.bulk_create(
        StateChange(
            project=project, transition="import", source=State.DRAFT, target=told.values["state"], actor=by,
            at=clock.now(), note=_("Repris de « %(file)s », feuille « %(sheet)s », ligne %(row)s.")
            % {"file": record.original_name, "sheet": told.cells.sheet, "row": told.cells.line.number},
        )
        for told, project in pairs
    )  # fmt: skip


def _enter(pairs: list[tuple[Told, Project]]) -> None:
    """Each project enters its state, with its money."""
    for told, project in pairs:
        values, total = told.values, told.budget_usd
        project.state = values["state"]
        project.state_since = _noon(values["since"] or values["approved_on"])
        project.submitted_at = _noon(values["approved_on"])
        project.budget_usd = project.recommended_usd = project.approved_usd = total
        project.reserved_usd, project.envelope = held_by(told), values["envelope"]
        project.paid_usd, project.refunded_usd = told.total("paid_usd"), told.total("refunded_usd")
        project.justified_usd = told.total("justified_usd")
    Project.objects.bulk_update([project for _told, project in pairs], ENTERED)


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), tzinfo=timezone.get_default_timezone())
