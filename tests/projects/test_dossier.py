"""A project's file: what is in it, by kind and state, and what is missing at each stage."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects import dossier_pieces
from projects.dossier_pieces import by_folder, counts_of, pieces_of
from projects.models import Project, ReportFile
from projects.rules.dossier import REACHED, REQUIRED, WITHDRAWABLE, Facts, PieceKind, wanted
from projects.services import dossier as services
from projects.services.annexes import add_annex, remove_annex
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.documents.models import Document
from sr_portal.documents.services import withdraw as withdraw_document
from sr_portal.web import clock
from tests.documents.files import pdf
from tests.factories import implementation as life
from tests.factories.implementation import Crew
from tests.factories.projects import add_line, cast, complete_draft, fresh
from tests.projects.test_papers import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(name: str = "Devis.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf(f"<< /Id ({uuid.uuid4()}) >>".encode()))


def granted(crew: Crew | None = None, state: State = State.ACTIVE, **fields) -> Project:
    return life.in_state(state, crew or Crew(), **fields)


def file_one(project: Project, user: User, kind: str = "quote", **more):
    return services.file_piece(
        project=project, user=fresh(user), upload=more.pop("upload", None) or upload(), kind=kind, **more
    )


def page_of(project: Project, user: User) -> str:
    answer = browser(user).get(reverse("projects:dossier", args=[project.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


# --- What is in it --------------------------------------------------------------------------------------------------
def test_every_document_of_the_project_is_in_its_file_by_kind():
    crew = Crew()
    project = life.in_state(State.CLOSED, crew)
    file_one_before = pieces_of(project)

    kinds = counts_of(file_one_before)
    assert kinds[PieceKind.AGREEMENT] == 1 and kinds[PieceKind.RECEIPT] == 3
    assert kinds[PieceKind.VISIT_PHOTO] == 2 and kinds[PieceKind.HANDOVER] == 1
    assert [folder.slug for folder, _held in by_folder(file_one_before)] == [
        "2-protocole", "3-argent", "4-visites", "6-reception",
    ]  # fmt: skip


def test_the_files_of_a_report_join_it_once_the_report_is_submitted():
    crew = Crew()
    project = granted(crew)
    life.pay(life.instalment_of(project), crew)
    draft = life.report(project, crew, state="draft")
    held = ReportFile.objects.create(report=draft, document=life.pdf_of(project.author, "Liste de présence.pdf"))
    url = reverse("projects:dossier_file", args=[project.pk, held.document.public_id])

    assert browser(crew.officer).get(url).status_code == 404
    assert "Liste de présence.pdf" not in page_of(project, crew.officer)
    draft.state, draft.submitted_by, draft.submitted_at = "submitted", project.author, clock.now()
    draft.save()
    assert browser(crew.officer).get(url).status_code == 200


def test_the_partner_s_bank_details_are_not_in_it():
    crew = Crew()
    project = granted(crew)
    proofs = set(project.partner.bank_accounts.values_list("proof_id", flat=True))

    assert proofs and not proofs & {piece.document.pk for piece in pieces_of(project)}
    proof = Document.objects.get(pk=proofs.pop())
    url = reverse("projects:dossier_file", args=[project.pk, proof.public_id])
    assert browser(crew.payer).get(url).status_code == 404


def test_the_documents_of_another_project_are_not_handed_out_by_this_one():
    crew = Crew()
    people = cast()
    mine, other = (life.in_state(State.ACTIVE, crew, people) for _twice in range(2))
    foreign = pieces_of(other)[0].document

    assert (
        browser(crew.officer).get(reverse("projects:dossier_file", args=[mine.pk, foreign.public_id])).status_code
        == 404
    )


def test_the_page_shows_names_fingerprints_and_what_the_portal_prints():
    crew = Crew()
    project = life.in_state(State.CLOSED, crew)
    page = page_of(project, crew.officer)

    for piece in pieces_of(project):
        assert piece.document.sha256 in page
    for route in ("sheet_pdf", "memo_pdf", "agreement_pdf", "dossier_zip", "dossier_pdf"):
        assert reverse(f"projects:{route}", args=[project.pk]) in page
    for instalment in (1, 2, 3):
        assert reverse("projects:instalment_request_pdf", args=[project.pk, instalment]) in page
    for visit in project.visits.filter(state="done"):
        assert reverse("projects:visit_pdf", args=[project.pk, visit.pk]) in page


def test_the_page_asks_the_same_of_the_database_for_two_documents_and_for_forty():
    crew = Crew()
    project = granted(crew)
    client = browser(crew.officer)
    url = reverse("projects:dossier", args=[project.pk])
    file_one(project, crew.officer)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _rank in range(20):
        file_one(project, crew.officer)
        life.visit(project, crew.officer, photos=("during",))
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few) <= 12


def test_what_was_taken_off_the_proposal_or_replaced_at_a_handover_is_still_told():
    draft = complete_draft()
    annex = add_annex(project=draft, user=draft.author, upload=upload("Vieux devis.pdf"), kind="quote", caption="Vieux")
    remove_annex(project=draft, user=draft.author, annex=annex, reason="Périmé")
    [gone] = pieces_of(draft)
    assert gone.document.is_withdrawn and gone.caption == "Vieux" and gone.kind == PieceKind.QUOTE
    assert "Périmé" in page_of(draft, draft.author)

    crew = Crew()
    project = granted(crew)
    handover = life.hand_over(project, crew.officer)
    first = handover.signed_copy
    withdraw_document(first, by=crew.officer, reason="Signature manquante")
    handover.signed_copy = life.pdf_of(crew.officer, "Procès-verbal complet.pdf")
    handover.save()
    copies = [piece.document for piece in pieces_of(project) if piece.kind == PieceKind.HANDOVER]
    assert copies == [first, handover.signed_copy]
    assert counts_of(pieces_of(project))[PieceKind.HANDOVER] == 1


# --- What is asked for ----------------------------------------------------------------------------------------------
def missing_in(state: State, counts: dict | None = None, **facts) -> set[PieceKind]:
    return {each.need.kind for each in wanted(state, Facts(**facts), counts or {}) if each.is_missing}


def test_every_state_has_its_stage():
    assert set(REACHED) == set(State)
    assert set(WITHDRAWABLE) == set(PieceKind)
    assert {need.kind for needs in REQUIRED.values() for need in needs} <= set(PieceKind)


def test_a_draft_lacks_nothing_yet_and_is_told_what_its_submission_will_ask():
    asked = wanted(State.DRAFT, Facts(works=True), {})

    assert asked and not any(each.is_due for each in asked)


def test_works_ask_for_plan_quantities_opinion_and_land_title():
    asked = missing_in(State.SUBMITTED, works=True) - missing_in(State.SUBMITTED)

    assert asked == {PieceKind.PLAN, PieceKind.QUANTITIES, PieceKind.ENGINEER, PieceKind.LAND_TITLE}


def test_a_dear_line_asks_for_three_quotes():
    assert PieceKind.QUOTE not in missing_in(State.SUBMITTED)
    assert PieceKind.QUOTE in missing_in(State.SUBMITTED, {PieceKind.QUOTE: 2}, dear_lines=1)
    assert PieceKind.QUOTE not in missing_in(State.SUBMITTED, {PieceKind.QUOTE: 3}, dear_lines=1)


def test_each_stage_asks_for_more_than_the_one_before():
    told = [
        len(missing_in(state, payments=2))
        for state in (State.SUBMITTED, State.AGREED, State.ACTIVE, State.COMPLETED, State.CLOSED)
    ]

    assert told == sorted(set(told))


def test_each_payment_asks_for_the_partner_s_signed_receipt():
    assert PieceKind.SIGNED_RECEIPT in missing_in(State.ACTIVE, {PieceKind.SIGNED_RECEIPT: 1}, payments=2)
    assert PieceKind.SIGNED_RECEIPT not in missing_in(State.ACTIVE, {PieceKind.SIGNED_RECEIPT: 2}, payments=2)


def test_what_ended_early_is_asked_for_nothing_that_was_to_come():
    assert all(each.is_due for each in wanted(State.REFUSED, Facts(), {}))


def test_the_page_counts_what_is_missing_and_a_filed_document_meets_it():
    crew = Crew()
    project = granted(crew, amount="20000")
    assert "Trois devis au-delà du seuil" in page_of(project, crew.officer)
    assert "0 sur 3" in page_of(project, crew.officer)

    for _rank in range(3):
        file_one(project, crew.officer)
    assert "3 sur 3" in page_of(project, crew.officer)


def test_a_document_that_was_withdrawn_or_replaced_does_not_count():
    crew = Crew()
    project = granted(crew)
    first, second = file_one(project, crew.officer), file_one(project, crew.officer)
    services.withdraw_piece(
        project=project, user=fresh(crew.officer), public_id=first.document.public_id, reason="Erreur"
    )
    file_one(project, crew.officer, replaces=second.document.public_id)

    assert counts_of(pieces_of(project))[PieceKind.QUOTE] == 1


def test_an_empty_file_says_so():
    draft = complete_draft()
    add_line(draft, "10")

    assert "Aucun document n’est au dossier." in page_of(draft, draft.author)
    assert dossier_pieces.piece_for(draft, uuid.uuid4()) is None
