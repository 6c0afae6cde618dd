"""The heart of the portal: the project and what hangs on it, from the idea to closure."""

from .agreements import (
    AgreedLine,
    Agreement,
    AgreementClause,
    AgreementCopy,
    AgreementLanguage,
    BudgetShift,
    ClauseKind,
    Signatory,
)
from .allocations import Allocation
from .amendments import Amendment, AmendmentState
from .annexes import Attachment, AttachmentKind
from .budget import BudgetCategory, BudgetLine, Currency
from .clearances import HeadquartersClearance
from .committees import Committee, CommitteeMember, CommitteeSeat
from .completion import (
    Evaluation,
    Handover,
    HandoverKind,
    Lesson,
    LessonTheme,
    StillInUse,
    SustainabilityCheck,
)
from .deadlines import Deadline, Standing
from .decisions import Decision, DecisionKind, StateChange
from .fund_answers import ProjectAnswer, ProjectMarker
from .imported import ImportedProject
from .instalments import Instalment, InstalmentReturn, InstalmentState
from .origins import ProjectOrigin
from .payments import Payment, PaymentKind
from .plan import Activity, ExpectedResult
from .projects import Coauthor, Project, ReferenceCounter, Sponsor
from .published_files import FileLanguage, PublishedFile
from .receipts import Receipt, ReceiptState
from .recipients import Recipient
from .reports import Report, ReportFile, ReportKind, ReportReturn, ReportState, ResultReached
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
from .studies import FindingProject
from .summary import Cell, ClockCell, ProjectFact
from .visits import Finding, PhotoStage, Quality, Safety, Severity, Visit, VisitKind, VisitPhoto, VisitState

__all__ = [
    "Activity",
    "AgendaItem",
    "AgreedLine",
    "Agreement",
    "AgreementClause",
    "AgreementCopy",
    "AgreementLanguage",
    "Allocation",
    "Amendment",
    "AmendmentState",
    "Answer",
    "Attachment",
    "AttachmentKind",
    "BudgetCategory",
    "BudgetLine",
    "BudgetShift",
    "Cell",
    "ClauseKind",
    "ClockCell",
    "Coauthor",
    "Committee",
    "CommitteeMember",
    "CommitteeSeat",
    "Currency",
    "Deadline",
    "Decision",
    "DecisionKind",
    "Evaluation",
    "ExpectedResult",
    "FileLanguage",
    "Finding",
    "FindingProject",
    "Handover",
    "HandoverKind",
    "HeadquartersClearance",
    "ImportedProject",
    "Instalment",
    "InstalmentReturn",
    "InstalmentState",
    "ItemState",
    "Lesson",
    "LessonTheme",
    "Payment",
    "PaymentKind",
    "PhotoStage",
    "Project",
    "PublishedFile",
    "Quality",
    "Receipt",
    "ReceiptState",
    "Recommendation",
    "Recusal",
    "ProjectAnswer",
    "ProjectFact",
    "ProjectMarker",
    "ProjectOrigin",
    "Recipient",
    "ReferenceCounter",
    "Report",
    "ReportFile",
    "ReportKind",
    "ReportReturn",
    "ReportState",
    "ResultReached",
    "ReturnReason",
    "ReviewSession",
    "Safety",
    "Score",
    "Screening",
    "ScreeningAnswer",
    "ScreeningOutcome",
    "SessionMember",
    "SessionState",
    "Severity",
    "Signatory",
    "Sponsor",
    "Standing",
    "StateChange",
    "StillInUse",
    "SustainabilityCheck",
    "Visit",
    "VisitKind",
    "VisitPhoto",
    "VisitState",
    "Vote",
    "VoteValue",
]
