"""How the history names the records of a project and writes what they hold in codes: imported for its effects."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _

from funds.models import Envelope, Organisation, StudyInstitution
from projects.checklist import ITEMS
from projects.forms.screening import SECTIONS
from projects.models import (
    AgendaItem,
    Agreement,
    AgreementCopy,
    Amendment,
    BudgetShift,
    Coauthor,
    Finding,
    FindingProject,
    Handover,
    HeadquartersClearance,
    Instalment,
    InstalmentReturn,
    Payment,
    ProjectAnswer,
    ProjectMarker,
    Receipt,
    Recipient,
    Recusal,
    Report,
    ReportFile,
    ReportKind,
    ReportReturn,
    ResultReached,
    ReturnReason,
    ReviewSession,
    Score,
    ScreeningAnswer,
    Visit,
    VisitPhoto,
    Vote,
)
from projects.models.agreements import ClauseKind
from regions.models import FindingPriority, KeyFinding, StudyDocument, StudyRegion
from sr_portal.accounts.models import User
from sr_portal.history.values import Names, Wanted, named_by, pointing_to, titled_by, written_as
from sr_portal.web.templatetags.portal import day

from .amendment_page import shown

# --- Codes ----------------------------------------------------------------------------------------------------------
written_as(ScreeningAnswer, "item", lambda code: ITEMS[code].label if code in ITEMS else code)
written_as(ReturnReason, "step", lambda code: SECTIONS.get(code, code))
pointing_to(AgendaItem, "attendance", User)


def _clauses(rows: list[dict[str, str]]) -> str:
    kinds = dict(ClauseKind.choices)
    return "\n\n".join(f"{kinds.get(row['kind'], row['kind'])}\n{row['text']}" for row in rows)


def _partners(changes: list[dict[str, Any]]) -> Iterable[Wanted]:
    for change in changes:
        if change["field"] == "partner":
            yield from ((Organisation, change[side]) for side in ("before", "after"))


def _changes(changes: list[dict[str, Any]], names: Names) -> str:
    """« Durée (mois) : 4 mois → 5 mois », a line for each part that differs."""
    partners = {key: names.of(Organisation, key) for _model, key in _partners(changes)}
    lines = []
    for field in shown(SimpleNamespace(starts_on=None), changes, partners):  # type: ignore[arg-type]  # all it reads
        for row in field.rows:
            label = ", ".join(filter(None, (field.label, row.label)))
            lines.append(
                _("%(label)s\u00a0: %(before)s → %(after)s")
                % {"label": label, "before": row.before, "after": row.after}
            )
    return "\n".join(lines)


written_as(Agreement, "clauses", _clauses)
written_as(Amendment, "changes", _changes, wants=_partners)

# --- What tells the records of a kind apart -------------------------------------------------------------------------
for model, name in (
    (ProjectMarker, "marker"), (Recipient, "organisation"), (ProjectAnswer, "question"), (ScreeningAnswer, "item"), (ReturnReason, "step"), (Score, "criterion"), (Coauthor, "user"), (Recusal, "user"),
    (Vote, "user"), (Agreement, "number"), (AgreementCopy, "document"), (BudgetShift, "target"), (Amendment, "number"),
    (Instalment, "position"), (InstalmentReturn, "instalment"), (Payment, "reference"), (Receipt, "number"),
    (Report, "kind"), (ResultReached, "result"), (ReportReturn, "report"), (ReportFile, "document"),
    (HeadquartersClearance, "reference"), (Visit, "kind"), (VisitPhoto, "document"), (Finding, "text"), (Handover, "kind"),
    (FindingProject, "finding"), (FindingPriority, "priority"), (KeyFinding, "statement"), (StudyRegion, "region"),
    (StudyInstitution, "organisation"), (StudyDocument, "document"),
):  # fmt: skip
    titled_by(model, name)

# --- Names of what others point to, without the project that the whole page is about, and without asking for it ------
named_by(Instalment, lambda row: _("Tranche %(position)s") % {"position": row.position})
named_by(Envelope, str, through="mechanism")
named_by(ReviewSession, str, through="committee")
named_by(Report, lambda row: str(ReportKind(row.kind).label))
named_by(Visit, lambda row: f"{row.get_kind_display()}, {day(row.done_on or row.planned_on)}")
