"""The section's funds: mechanisms and their rules as data, yearly envelopes, organisations, their bank accounts."""

from .activities import ActivitySource, ActivityStatus, PartnerActivity
from .asked import (
    DocumentStep,
    Facility,
    FocusArea,
    FormQuestion,
    FormSection,
    Marker,
    MarkerLevel,
    RequiredDocument,
)
from .bank import BankAccount, BankAccountStatus, BankReading, Currency
from .carry_overs import CarryOver
from .concept_notes import ConceptNote, NoteDonor, NoteLine, NoteRegion, NoteStatus, OutlineCategory
from .contributions import Contribution, DonorCurrency, Stage
from .coordination import (
    CoordinationGroup,
    DecisionState,
    Meeting,
    MeetingDecision,
    MeetingParticipant,
    MeetingState,
    Presence,
)
from .distinct_pairs import DistinctPair
from .donor_reports import DonorReport, DonorReportContent, DonorReportKind, DonorReportState
from .envelopes import Envelope
from .exclusions import Exclusion
from .mechanisms import Criterion, Mechanism, TrancheEvidence
from .organisations import ROLE_LABELS, Interest, Organisation, OrganisationKind, VettingStatus
from .prospects import ContactChannel, Prospect, ProspectContact, ProspectStage
from .receipts import ContributionDocument, ContributionReceipt, PaperKind
from .reference import ExchangeRate, Sector
from .reporting_dates import PeriodicKind, ReportingDate
from .studies import StudyInstitution
from .tranches import TranchePlan
from .vetting import CapacityAssessment, CapacityCriterion, CapacityScore, Vetting, VettingDocument

__all__ = [
    "CapacityAssessment",
    "CapacityCriterion",
    "CapacityScore",
    "Vetting",
    "VettingDocument",
    "ROLE_LABELS",
    "ActivitySource",
    "ActivityStatus",
    "BankAccount",
    "BankAccountStatus",
    "BankReading",
    "CarryOver",
    "ConceptNote",
    "ContactChannel",
    "NoteDonor",
    "NoteLine",
    "NoteRegion",
    "NoteStatus",
    "OutlineCategory",
    "CoordinationGroup",
    "Contribution",
    "ContributionDocument",
    "ContributionReceipt",
    "Criterion",
    "Currency",
    "DecisionState",
    "DocumentStep",
    "DistinctPair",
    "DonorCurrency",
    "DonorReport",
    "DonorReportContent",
    "DonorReportKind",
    "DonorReportState",
    "Envelope",
    "ExchangeRate",
    "Exclusion",
    "Facility",
    "FocusArea",
    "FormQuestion",
    "FormSection",
    "Interest",
    "Marker",
    "MarkerLevel",
    "Mechanism",
    "Meeting",
    "MeetingDecision",
    "MeetingParticipant",
    "MeetingState",
    "Organisation",
    "OrganisationKind",
    "PartnerActivity",
    "Prospect",
    "ProspectContact",
    "ProspectStage",
    "RequiredDocument",
    "Presence",
    "PeriodicKind",
    "ReportingDate",
    "PaperKind",
    "Sector",
    "TrancheEvidence",
    "StudyInstitution",
    "TranchePlan",
    "Stage",
    "VettingStatus",
]
