"""The heart of the portal: the project and what hangs on it, from the idea to the decision."""

from .annexes import Attachment, AttachmentKind
from .budget import BudgetCategory, BudgetLine, Currency
from .committees import Committee, CommitteeMember, CommitteeSeat
from .decisions import Decision, DecisionKind, StateChange
from .plan import Activity, ExpectedResult
from .projects import Project, ReferenceCounter, Sponsor
from .screenings import Answer, ReturnReason, Screening, ScreeningAnswer, ScreeningOutcome
from .sessions import (
    AgendaItem,
    ItemState,
    Recommendation,
    Recusal,
    ReviewSession,
    Score,
    SessionMember,
    SessionState,
    Vote,
    VoteValue,
)

__all__ = [
    "Activity",
    "AgendaItem",
    "Answer",
    "Attachment",
    "AttachmentKind",
    "BudgetCategory",
    "BudgetLine",
    "Committee",
    "CommitteeMember",
    "CommitteeSeat",
    "Currency",
    "Decision",
    "DecisionKind",
    "ExpectedResult",
    "ItemState",
    "Project",
    "Recommendation",
    "Recusal",
    "ReferenceCounter",
    "ReturnReason",
    "ReviewSession",
    "Score",
    "Screening",
    "ScreeningAnswer",
    "ScreeningOutcome",
    "SessionMember",
    "SessionState",
    "Sponsor",
    "StateChange",
    "Vote",
    "VoteValue",
]
