"""What a proposal says, arranged for reading: texts by section, budget by category, timeline, beneficiaries."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from funds.asked import asked_by
from projects.fund_answers import markers_told, sections_told
from projects.models import Activity, BudgetCategory, BudgetLine, Project
from projects.recipients import Share, shares_of

NEED = ("need", "need_expressed_by", "objective", "confidence")
CARE = ("gender", "environment", "do_no_harm", "sustainability", "maintained_by", "visibility")
NOTHING = "–"
WEEKS_A_MONTH = Decimal(52) / 12


@dataclass(frozen=True)
class Said:
    """A field of the proposal and what its author wrote there, empty when nothing."""

    label: str
    text: str


@dataclass
class BudgetGroup:
    """The lines of one category. Amounts in USD; the community's contribution stands apart."""

    label: str
    lines: list[BudgetLine] = field(default_factory=list)

    @property
    def amount_usd(self) -> Decimal:
        return sum((line.amount_usd for line in self.lines), Decimal(0))

    @property
    def community_usd(self) -> Decimal:
        return sum((line.community_usd for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Timeline:
    """Activities on `weeks` weeks, drawn from 0."""

    weeks: int
    rows: list[tuple[Activity, int]]  # with the week, from 0, where the bar begins


@dataclass(frozen=True)
class Headcount:
    label: str
    direct: int
    indirect: int


def said(project: Project, *names: str) -> list[Said]:
    return said_by(project, *names)


def said_by(record: Model, *names: str) -> list[Said]:
    """The same of any record."""
    return [Said(capfirst(record._meta.get_field(name).verbose_name), getattr(record, name)) for name in names]


def care_of(project: Project) -> list[Said]:
    """The notes of care; due diligence and land only where the project asks for them."""
    names = list(CARE)
    if project.security_forces:
        names.insert(3, "due_diligence")
    if project.works:
        names.insert(3, "land")
    return said(project, *names)


@dataclass(frozen=True)
class OfTheFund:
    """What the proposal says to its mechanism alone."""

    facts: list[tuple[str, str]]
    sections: list[tuple[str, list[Said]]]
    shares: list[Share] = field(default_factory=list)


def fund_of(project: Project) -> OfTheFund | None:
    """Facility, focus area and markers, then the answers by section; None where the mechanism asks for none of it."""
    asked = asked_by(project.mechanism)
    if not asked.in_the_form:
        return None
    facts = [
        (str(label), str(value) if value else NOTHING)
        for label, value, is_asked in (
            (_("Guichet"), project.facility, asked.facilities),
            (_("Domaine d’action"), project.focus_area, asked.focus_areas),
        )
        if is_asked
    ]
    facts += [(told.term.name, told.text or NOTHING) for told in markers_told(project)]
    return OfTheFund(
        facts,
        [
            (section.name, [Said(told.term.name, told.text) for told in answers])
            for section, answers in sections_told(project)
        ],
        shares_of(project),
    )


def budget_of(project: Project) -> list[BudgetGroup]:
    groups = {category: BudgetGroup(category.label) for category in BudgetCategory}
    for line in project.lines.all():
        groups[BudgetCategory(line.category)].lines.append(line)
    return [group for group in groups.values() if group.lines]


def timeline_of(project: Project) -> Timeline:
    activities = list(project.activities.all())
    planned = round((project.duration_months or 0) * WEEKS_A_MONTH)
    weeks = max([planned, 1, *(activity.last_week for activity in activities)])
    return Timeline(weeks, [(activity, activity.first_week - 1) for activity in activities])


def beneficiaries_of(project: Project) -> list[Headcount]:
    labels = {"women": _("Femmes"), "men": _("Hommes"), "girls": _("Filles"), "boys": _("Garçons")}
    return [
        Headcount(label, getattr(project, f"direct_{name}"), getattr(project, f"indirect_{name}"))
        for name, label in labels.items()
    ]
