"""What of a project has a history, and who may read which of it."""

from collections.abc import Iterable, Mapping
from functools import reduce

from django.db.models import Model, QuerySet, Value

from projects import access, report_access
from projects.models import (
    Activity,
    AgendaItem,
    AgreedLine,
    Agreement,
    AgreementCopy,
    Allocation,
    Amendment,
    Attachment,
    BudgetLine,
    BudgetShift,
    Coauthor,
    Decision,
    Evaluation,
    ExpectedResult,
    Finding,
    FindingProject,
    Handover,
    HeadquartersClearance,
    ImportedProject,
    Instalment,
    InstalmentReturn,
    ItemState,
    Lesson,
    Payment,
    Project,
    ProjectAnswer,
    ProjectMarker,
    ProjectOrigin,
    PublishedFile,
    Receipt,
    Recipient,
    Recusal,
    Report,
    ReportFile,
    ReportReturn,
    ResultReached,
    ReturnReason,
    Score,
    Screening,
    ScreeningAnswer,
    SustainabilityCheck,
    Visit,
    VisitPhoto,
    Vote,
)
from sr_portal.documents.models import Document
from sr_portal.history.reading import Records, records_of

from . import history_words  # noqa: F401  for its effects

# In the order of a project's life, which is that of the page's choices.
OWN = (
    ImportedProject, ProjectOrigin, ProjectMarker, ProjectAnswer, Recipient, BudgetLine, Activity, ExpectedResult, Attachment, Coauthor, Screening, AgendaItem, HeadquartersClearance, Decision, Allocation,
    Agreement, AgreedLine, BudgetShift, Amendment, Instalment, Visit, Finding,
    Handover, Evaluation, SustainabilityCheck, Lesson, FindingProject, PublishedFile,
)  # fmt: skip
# What hangs on those, and by which field. Screenings, agenda items and reports have parts that not everybody reads.
BENEATH: Mapping[type[Model], dict[type[Model], str]] = {
    Screening: {ScreeningAnswer: "screening", ReturnReason: "screening"},
    AgendaItem: {Recusal: "item", Vote: "item", Score: "item"},
    Agreement: {AgreementCopy: "agreement"},
    Instalment: {InstalmentReturn: "instalment", Payment: "instalment", Receipt: "instalment"},
    Report: {ResultReached: "report", ReportReturn: "report", ReportFile: "report"},
    Visit: {VisitPhoto: "visit"},
}
FILES: Mapping[type[Model], tuple[str, ...]] = {
    Attachment: ("document",), AgreementCopy: ("document",), Payment: ("proof", "signed_receipt"),
    HeadquartersClearance: ("document",), Receipt: ("document",), ReportFile: ("document",), VisitPhoto: ("document",), Handover: ("signed_copy",),
}  # fmt: skip
UNTIL_CLOSED = (Vote, Score)
TELLS = (Payment, Receipt)  # of which instalment; what else hangs beneath is told apart by what it hangs on
Numbers = dict[str, set[int]]  # of records, by the name of their model


def records_about(project: Project, user) -> list[Records]:
    """What this user may read of: not the answers of a round under way unless they follow it, nor any open vote, nor a
    report that was never submitted unless they write or oversee it.

    Rows deleted since count too, hence the numbers from the events and not from the tables.
    """
    events: dict[str, tuple[str, QuerySet]] = {
        model.__name__: ("pgh_obj_id", _events(model, project=project.pk)) for model in BENEATH
    }
    roots = numbered(
        events
        | {
            "under way": ("pk", project.screenings.filter(closed_at=None).order_by()),
            "waiting": ("pk", project.agenda_items.filter(state=ItemState.WAITING).order_by()),
            "submitted": ("pgh_obj_id", _events(Report, project=project.pk).exclude(submitted_at=None)),
        }
    )
    if not access.follows_screening(user, project):
        roots["Screening"] -= roots["under way"]
    if not report_access.reads_unsubmitted(user, project):
        roots["Report"] &= roots["submitted"]
    judged = roots["AgendaItem"] - roots["waiting"]
    beneath = [
        records_of(
            model, tells_field=model in TELLS, **{name: judged if model in UNTIL_CLOSED else roots[root.__name__]}
        )
        for root, models in BENEATH.items()
        for model, name in models.items()
    ]
    return [
        *(records_of(model, project=project.pk) for model in OWN),
        records_of(Report, id=roots["Report"]),
        *beneath,
        records_of(Document, id=_files(project, roots)),
    ]


def _files(project: Project, roots: Numbers) -> set[int]:
    """Every document that ever was with one of the records that this user may read."""
    held: dict[str, tuple[str, QuerySet]] = {}
    for model, names in FILES.items():
        by = next(((root, models[model]) for root, models in BENEATH.items() if model in models), None)
        events = _events(model, **({f"{by[1]}__in": roots[by[0].__name__]} if by else {"project": project.pk}))
        held |= {f"{model.__name__}.{name}": (f"{name}_id", events.exclude(**{name: None})) for name in names}
    return set().union(*numbered(held).values())


def _events(model: type[Model], **where: object) -> QuerySet:
    return model.pgh_event_model.objects.filter(**where).order_by()  # type: ignore[attr-defined]  # of tracked models


def numbered(asked: Mapping[str, tuple[str, QuerySet]]) -> Numbers:
    """The numbers in one column of each queryset, all by one query."""
    found: Numbers = {name: set() for name in asked}
    parts: Iterable[QuerySet] = (
        events.annotate(told=Value(name)).values_list("told", column).distinct()
        for name, (column, events) in asked.items()
    )
    for name, number in reduce(lambda left, right: left.union(right, all=True), parts):
        found[name].add(number)
    return found
