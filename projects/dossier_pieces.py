"""Every document of a project's file, from wherever it hangs, in three queries however many there are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from funds.asked import asked_by
from projects import asked_documents
from projects.models import (
    AgreementCopy,
    Attachment,
    Handover,
    HandoverKind,
    HeadquartersClearance,
    Payment,
    PhotoStage,
    Project,
    Receipt,
    ReceiptState,
    ReportFile,
    ReportKind,
    Signatory,
    VisitPhoto,
)
from projects.rules.dossier import FOLDERS, Facts, Folder, Need, PieceKind, Wanted, one
from projects.states import State
from sr_portal.documents.models import Document

AttachmentEvent = Attachment.pgh_event_model
HandoverEvent = Handover.pgh_event_model


@dataclass
class Piece:
    """A document of the file; `about` says what it belongs to. `older` are the versions before it, the latest first."""

    kind: PieceKind
    document: Document
    caption: str
    about: str
    older: list["Piece"] = field(default_factory=list)
    is_superseded: bool = False

    @property
    def title(self) -> str:
        return self.caption or self.document.original_name

    @property
    def is_in_force(self) -> bool:
        return not (self.is_superseded or self.document.is_withdrawn)


def pieces_of(project: Project) -> list[Piece]:
    """All the documents, withdrawn and superseded ones too, in the order of the folders, then of their filing."""
    rows = list(_rows(project.pk))
    documents = Document.objects.select_related("uploaded_by", "withdrawn_by").in_bulk([row[1] for row in rows])
    pieces = [
        Piece(PieceKind(kind), documents[key], caption, _about(kind, code, text))
        for kind, key, caption, code, text in rows
    ]
    order = list(PieceKind)
    return with_versions(sorted(pieces, key=lambda piece: (order.index(piece.kind), piece.document.pk)))


def with_versions(pieces: list[Piece]) -> list[Piece]:
    """The same pieces, each knowing the versions before it."""
    by_document = {piece.document.pk: piece for piece in pieces}
    for piece in pieces:
        before = piece.document.replaces_id
        while before in by_document:
            older = by_document[before]
            # The newer is withdrawn: the one before it counts again, unless it is as well.
            older.is_superseded = older.is_superseded or not piece.document.is_withdrawn
            piece.older.append(older)
            before = older.document.replaces_id
    return pieces


def newest(pieces: Iterable[Piece]) -> list[Piece]:
    """Without the versions that the page tells under the newer one."""
    pieces = list(pieces)
    under = {older.document.pk for piece in pieces for older in piece.older}
    return [piece for piece in pieces if piece.document.pk not in under]


def by_folder(pieces: Iterable[Piece]) -> list[tuple[Folder, list[Piece]]]:
    """The folders that hold something."""
    found = [(folder, [piece for piece in pieces if piece.kind in folder.kinds]) for folder in FOLDERS]
    return [(folder, held) for folder, held in found if held]


def counts_of(pieces: Iterable[Piece]) -> Counter[PieceKind]:
    """The documents in force, by kind."""
    return Counter(piece.kind for piece in pieces if piece.is_in_force)


def facts_of(project: Project) -> Facts:
    """One query for the lines, unless they were read, and one for the payments."""
    above = project.mechanism.quotes_above_usd
    paid = Payment.objects.filter(instalment__project=project.pk, kind="payment", reversed_by__isnull=True)
    return Facts(
        works=project.works,
        dear_lines=sum(line.amount_usd > above for line in project.lines.all()),
        payments=paid.count(),
    )


def of_the_mechanism(project: Project) -> list[Wanted]:
    """The documents that the project's mechanism requires, each due once its step is the next one; two queries at most.

    Without those that became required after the project had passed their step.
    """
    documents = asked_by(project.mechanism).documents
    there = asked_documents.filed(project)
    due = {document.key for document in documents if State(project.state) in asked_documents.DUE_FROM[document.step]}
    spared = asked_documents.never_asked(project, [key for key in due if not there[key]])
    return [
        Wanted(
            Need(PieceKind.OTHER, one, document.name, "", f"{asked_documents.CHOICE}{document.key}"), 1,
            there[document.key], document.key in due,
        )
        for document in documents
        if document.key not in spared
    ]  # fmt: skip


def piece_for(project: Project, public_id) -> Piece | None:
    """The document of that public key, if it is in the file of this project."""
    document = Document.objects.select_related("uploaded_by", "withdrawn_by").filter(public_id=public_id).first()
    if document is None:
        return None
    row = next(iter(_rows(project.pk, document.pk)), None)
    if row is None:
        return None
    kind, _key, caption, code, text = row
    replaced = Document.objects.filter(replaces=document, withdrawn_at=None).exists()
    return Piece(PieceKind(kind), document, caption, _about(kind, code, text), is_superseded=replaced)


# --- The union ------------------------------------------------------------------------------------------------------
def _rows(project: int, document: int | None = None) -> QuerySet:
    """(kind, document, caption, code, text): what `about` says is made of the code and the text."""
    parts = [
        _part(Attachment, document, F("kind"), "document_id", "caption", project_id=project),
        # What was taken off a proposal or a handover hangs on it no more: its history still knows it.
        _part(AttachmentEvent, document, F("kind"), "document_id", "caption", project_id=project, pgh_label="delete"),
        _part(AgreementCopy, document, "agreement", "document_id", None, "signatory", agreement__project_id=project),
        _part(Payment, document, "payment_proof", "proof_id", None, "kind", "reference", instalment__project_id=project),
        _part(Payment, document, "signed_receipt", "signed_receipt_id", None, "kind", "reference", instalment__project_id=project),
        _part(
            Receipt, document, "receipt", "document_id", None, "state",
            Concat("supplier", Value(" "), "number", output_field=CharField()), instalment__project_id=project,
        ),
        _part(
            VisitPhoto, document, "visit_photo", "document_id", "caption", "stage",
            Cast("visit__planned_on", CharField()), visit__project_id=project,
        ),
        _part(ReportFile, document, "report_file", "document_id", "caption", "report__kind", report__project_id=project, report__submitted_at__isnull=False),
        _part(HeadquartersClearance, document, "clearance", "document_id", None, "reference", "reference", project_id=project),
        _part(HandoverEvent, document, "handover", "signed_copy_id", None, "kind", project_id=project).distinct(),
    ]  # fmt: skip
    return parts[0].union(*parts[1:], all=True)


def _part(
    model, document: int | None, kind: str | F, key: str, caption: str | None, code=None, text=None, **where
) -> QuerySet:
    nothing = Value("", output_field=CharField())
    where |= {f"{key}__isnull": False} if document is None else {key: document}
    return (
        model.objects.filter(**where)
        .order_by()
        .annotate(
            piece_kind=Cast(kind if isinstance(kind, F) else Value(kind), CharField()),
            piece_caption=Cast(caption, CharField()) if caption else nothing,
            piece_code=Cast(code, CharField()) if code else nothing,
            piece_text=Cast(text, CharField()) if text else nothing,
        )
        .values_list("piece_kind", key, "piece_caption", "piece_code", "piece_text")
    )


LABELS = {
    "agreement": Signatory,
    "receipt": ReceiptState,
    "visit_photo": PhotoStage,
    "report_file": ReportKind,
    "handover": HandoverKind,
}


def _about(kind: str, code: str, text: str) -> str:
    """« Fournisseur 12, acceptée », « Après, visite du 2026-11-24 », « Les deux parties »."""
    label = str(LABELS[kind](code).label) if kind in LABELS and code else ""
    if kind == "visit_photo":
        return _("%(stage)s, visite du %(day)s") % {"stage": label, "day": _day(text)}
    if kind in ("payment_proof", "signed_receipt", "clearance"):
        return _("référence %(reference)s") % {"reference": text}
    return ", ".join(part for part in (text, label) if part)


def _day(iso: str) -> str:
    import datetime as dt

    from sr_portal.web.templatetags.portal import day

    return day(dt.date.fromisoformat(iso))
