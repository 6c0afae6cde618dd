"""A project's file (dossier): the kinds of documents, what each stage asks for, and what may be taken away again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.states import ENDED, State


class PieceKind(models.TextChoices):
    """What a document of the file is. Those of the proposal bear the codes of `AttachmentKind`."""

    PHOTO = "photo", _("Photo avant travaux")
    QUOTE = "quote", _("Devis")
    PLAN = "plan", _("Plan")
    QUANTITIES = "quantities", _("Devis quantitatif et estimatif")
    ENGINEER = "engineer", _("Avis technique d’un ingénieur")
    LETTER = "letter", _("Lettre de l’autorité ou de la communauté")
    LAND_TITLE = "land_title", _("Titre foncier ou attestation")
    OTHER = "other", _("Autre pièce")
    CLEARANCE = "clearance", _("Accord du siège")
    AGREEMENT = "agreement", _("Exemplaire signé du protocole")
    PAYMENT_PROOF = "payment_proof", _("Preuve de paiement ou de remboursement")
    SIGNED_RECEIPT = "signed_receipt", _("Reçu signé du partenaire")
    RECEIPT = "receipt", _("Pièce justificative")
    VISIT_PHOTO = "visit_photo", _("Photo de visite")
    REPORT_FILE = "report_file", _("Pièce de rapport")
    HANDOVER = "handover", _("Procès-verbal de réception signé")


PROPOSAL = (
    PieceKind.PHOTO, PieceKind.QUOTE, PieceKind.PLAN, PieceKind.QUANTITIES, PieceKind.ENGINEER, PieceKind.LETTER,
    PieceKind.LAND_TITLE, PieceKind.OTHER,
)  # fmt: skip
MONEY = (PieceKind.PAYMENT_PROOF, PieceKind.SIGNED_RECEIPT, PieceKind.RECEIPT)


@dataclass(frozen=True)
class Folder:
    """A part of the file, as the page heads it and as the ZIP names it."""

    title: str | Promise
    slug: str
    kinds: tuple[PieceKind, ...]


FOLDERS = (
    Folder(_("Proposition"), "1-proposition", (*PROPOSAL, PieceKind.CLEARANCE)),
    Folder(_("Protocole d’accord"), "2-protocole", (PieceKind.AGREEMENT,)),
    Folder(_("Paiements et pièces justificatives"), "3-argent", MONEY),
    Folder(_("Visites"), "4-visites", (PieceKind.VISIT_PHOTO,)),
    Folder(_("Rapports"), "5-rapports", (PieceKind.REPORT_FILE,)),
    Folder(_("Réception"), "6-reception", (PieceKind.HANDOVER,)),
)


# --- What is asked for ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Facts:
    """What the needs below depend on, counted by the caller. `dear_lines`: budget lines that ask for three quotes."""

    works: bool = False
    dear_lines: int = 0
    payments: int = 0


@dataclass(frozen=True)
class Need:
    """A kind of document that a stage asks for, and how many: none when it does not concern the project."""

    kind: PieceKind
    count: Callable[[Facts], int]
    label: str | Promise
    route: str  # where it is filed, by the project's key; empty when on this very page
    choice: str = ""  # the kind to choose there, when it is not that of the need


def one(facts: Facts) -> int:
    return 1


def one_for_works(facts: Facts) -> int:
    return int(facts.works)


# State → what it asks for beside what the states before it did (domain guide §3, §4, §5, §9 « Files incomplete »).
REQUIRED: Mapping[State, tuple[Need, ...]] = {
    State.SUBMITTED: (
        Need(PieceKind.PHOTO, one, _("Photo avant travaux"), ""),
        Need(PieceKind.LETTER, one, _("Lettre de l’autorité ou de la communauté"), ""),
        Need(PieceKind.QUOTE, lambda facts: 3 if facts.dear_lines else 0, _("Trois devis au-delà du seuil"), ""),
        Need(PieceKind.PLAN, one_for_works, _("Plan des travaux"), ""),
        Need(PieceKind.QUANTITIES, one_for_works, _("Devis quantitatif et estimatif"), ""),
        Need(PieceKind.ENGINEER, one_for_works, _("Avis technique d’un ingénieur"), ""),
        Need(PieceKind.LAND_TITLE, one_for_works, _("Titre foncier ou attestation"), ""),
    ),
    State.AGREED: (Need(PieceKind.AGREEMENT, one, _("Exemplaire signé du protocole"), "projects:agreement"),),
    State.ACTIVE: (
        Need(
            PieceKind.SIGNED_RECEIPT, lambda facts: facts.payments, _("Reçu signé de chaque paiement"), "projects:money"
        ),
    ),
    State.COMPLETED: (
        Need(PieceKind.VISIT_PHOTO, one, _("Photos de visite"), "projects:visits"),
        Need(PieceKind.HANDOVER, one, _("Procès-verbal de réception signé"), "projects:completion"),
    ),
    State.CLOSED: (
        Need(PieceKind.RECEIPT, lambda facts: int(facts.payments > 0), _("Pièces justificatives"), "projects:money"),
    ),
}
STAGES = tuple(REQUIRED)

# The last stage whose needs a state has met, or should have; before submission there is none. What ended early is
# asked for nothing more than what it came to.
REACHED: Mapping[State, State | None] = {
    State.DRAFT: None,
    State.WITHDRAWN: None,
    **dict.fromkeys(
        (
            State.SUBMITTED, State.SCREENING, State.RETURNED, State.INADMISSIBLE, State.ELIGIBLE, State.IN_REVIEW,
            State.RECOMMENDED, State.NOT_RECOMMENDED, State.APPROVED, State.REFUSED, State.CANCELLED,
        ),
        State.SUBMITTED,
    ),
    State.AGREED: State.AGREED,
    State.ACTIVE: State.ACTIVE,
    State.SUSPENDED: State.ACTIVE,
    State.COMPLETED: State.COMPLETED,
    State.CLOSED: State.CLOSED,
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A need as it stands: how many documents count, and whether it is of this stage or of the next one."""

    need: Need
    wanted: int
    there: int
    is_due: bool

    @property
    def is_met(self) -> bool:
        return self.there >= self.wanted

    @property
    def is_missing(self) -> bool:
        return self.is_due and not self.is_met


def wanted(state: State | str, facts: Facts, counts: Mapping[PieceKind, int]) -> list[Wanted]:
    """What this stage asks for, then what the next one will; `counts` are the documents in force by kind."""
    reached = REACHED[State(state)]
    due = STAGES.index(reached) + 1 if reached else 0
    ahead = due if State(state) in ENDED else due + 1
    return [
        Wanted(need, need.count(facts), counts.get(need.kind, 0), rank < due)
        for rank, stage in enumerate(STAGES[:ahead])
        for need in REQUIRED[stage]
        if need.count(facts)
    ]


# --- What may be taken away -----------------------------------------------------------------------------------------
EVIDENCE = _("Une pièce de dépense ne se retire pas : elle se rejette, et un paiement se contre-passe.")
RESTS_ON_IT = _("Une étape franchie repose sur ce document : il reste au dossier.")
ENDED_FILE = _("Le dossier est clos : plus rien n’y est ajouté ni retiré.")

# Kind → the states in which a document may be withdrawn; the others say why not.
AFTER_SIGNATURE = frozenset({State.AGREED, State.ACTIVE, State.SUSPENDED, State.COMPLETED})
OPEN = frozenset(State) - ENDED
WITHDRAWABLE: Mapping[PieceKind, tuple[frozenset[State], Any]] = {
    **dict.fromkeys(PROPOSAL, (OPEN, RESTS_ON_IT)),
    **dict.fromkeys(MONEY, (frozenset(), EVIDENCE)),
    PieceKind.CLEARANCE: (frozenset(), RESTS_ON_IT),
    PieceKind.AGREEMENT: (OPEN - AFTER_SIGNATURE, RESTS_ON_IT),
    PieceKind.VISIT_PHOTO: (OPEN - {State.COMPLETED}, RESTS_ON_IT),
    PieceKind.REPORT_FILE: (OPEN, RESTS_ON_IT),
    PieceKind.HANDOVER: (OPEN - {State.COMPLETED}, RESTS_ON_IT),
}


def reasons_against_withdrawing(kind: PieceKind, state: State | str) -> list[Any]:
    """Why a document of this kind stays on file in this state; none when it may be withdrawn."""
    if State(state) in ENDED:
        return [ENDED_FILE]
    states, reason = WITHDRAWABLE[kind]
    return [] if State(state) in states else [reason]
