"""The documents that a mechanism requires before a step, and which of them are on a project's file."""

from collections import Counter
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from funds.asked import Term, asked_by
from funds.models import RequiredDocument
from projects.states import State
from sr_portal.history.events import event_model_of

CHOICE = "asked:"  # before the key of a required document, among the kinds of a document to file

# The state in which each step is taken, or comes next: what it waits for is missing from then on.
DUE_FROM: dict[str, tuple[State, ...]] = {
    "submit": tuple(state for state in State if state not in (State.DRAFT, State.WITHDRAWN)),
    "approve": (
        State.RECOMMENDED, State.APPROVED, State.AGREED, State.ACTIVE, State.SUSPENDED, State.COMPLETED, State.CLOSED,
    ),
    "sign_agreement": (
        State.APPROVED, State.AGREED, State.ACTIVE, State.SUSPENDED, State.COMPLETED, State.CLOSED,
    ),
    "complete": (State.ACTIVE, State.SUSPENDED, State.COMPLETED, State.CLOSED),
    "close": (State.COMPLETED, State.CLOSED),
}  # fmt: skip


def filed(project: Any) -> Counter[int]:
    """Key of the required document → how many are on file and not withdrawn. One query, unless they were read; none
    where the mechanism requires none."""
    if not asked_by(project.mechanism).documents:
        return Counter()
    rows = project.attachments.filter(asked__isnull=False, document__withdrawn_at=None)
    return Counter(rows.order_by().values_list("asked_id", flat=True))


def lacking(project: Any, step: str) -> list[Term]:
    """What `step` waits for and is not on file."""
    wanted = [document for document in asked_by(project.mechanism).documents if document.step == step]
    if not wanted:
        return []
    there = filed(project)
    return [document for document in wanted if not there[document.key]]


def never_asked(project: Any, keys: list[int]) -> set[int]:
    """Those of `keys` that became required, for their step, only after the project had taken it. One query, or none."""
    if not keys:
        return set()
    told = event_model_of(RequiredDocument).objects.filter(pgh_obj=OuterRef("pk"), step=OuterRef("step"))
    since = Subquery(told.order_by("pgh_created_at").values("pgh_created_at")[:1])
    taken = project.changes.filter(transition=OuterRef("step"), at__lt=OuterRef("since"))
    rows = RequiredDocument.objects.filter(pk__in=keys).order_by().annotate(since=since)
    return set(rows.filter(Exists(taken)).values_list("pk", flat=True))


def choices(project: Any) -> list[tuple[str, str]]:
    """The required documents as kinds to choose from."""
    return [(f"{CHOICE}{document.key}", document.name) for document in asked_by(project.mechanism).documents]


def chosen(project: Any, kind: str) -> tuple[str, Term | None]:
    """The kind to store, and the required document that was chosen when `kind` is one of `choices`."""
    if not kind.startswith(CHOICE):
        return kind, None
    key = kind.removeprefix(CHOICE)
    return "other", next((term for term in asked_by(project.mechanism).documents if str(term.key) == key), None)
