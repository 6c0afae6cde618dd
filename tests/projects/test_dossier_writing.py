"""Writing in a project's file: newer versions, documents more, documents taken away, and who may do which."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from funds.models import Interest
from projects.dossier_pieces import counts_of, newest, pieces_of
from projects.rules.dossier import PROPOSAL, PieceKind
from projects.services import dossier as services
from projects.services.annexes import AlreadyJoined
from projects.services.steps import StepRefused
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.documents.models import Document
from sr_portal.documents.refusals import RefusedFile
from tests.documents.files import jpeg, pdf
from tests.factories import implementation as life
from tests.factories.accounts import user_with
from tests.factories.implementation import Crew
from tests.factories.projects import complete_draft, fresh, region
from tests.projects.test_dossier import file_one, granted, page_of, upload
from tests.projects.test_papers import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# --- Newer versions -------------------------------------------------------------------------------------------------
def test_a_newer_version_supersedes_the_older_which_stays_readable():
    crew = Crew()
    project = granted(crew)
    old = file_one(project, crew.officer, caption="Devis Barka")
    new = file_one(project, crew.officer, replaces=old.document.public_id)

    assert new.kind == "quote" and new.caption == "Devis Barka"
    [shown] = [piece for piece in newest(pieces_of(project)) if piece.kind == PieceKind.QUOTE]
    assert shown.document == new.document and [older.document for older in shown.older] == [old.document]
    assert shown.older[0].is_superseded
    answer = browser(crew.officer).get(reverse("projects:dossier_file", args=[project.pk, old.document.public_id]))
    assert answer.status_code == 200


def test_a_chain_of_versions_is_told_from_the_newest_to_the_first():
    crew = Crew()
    project = granted(crew)
    chain = [file_one(project, crew.officer)]
    for _rank in range(3):
        chain.append(file_one(project, crew.officer, replaces=chain[-1].document.public_id))

    [shown] = [piece for piece in newest(pieces_of(project)) if piece.kind == PieceKind.QUOTE]
    assert [piece.document for piece in [shown, *shown.older]] == [piece.document for piece in reversed(chain)]


def test_when_the_newer_version_is_withdrawn_the_older_counts_again():
    crew = Crew()
    project = granted(crew)
    old = file_one(project, crew.officer)
    new = file_one(project, crew.officer, replaces=old.document.public_id)
    services.withdraw_piece(
        project=project, user=fresh(crew.officer), public_id=new.document.public_id, reason="Erreur"
    )

    assert counts_of(pieces_of(project))[PieceKind.QUOTE] == 1


def test_a_version_is_replaced_once():
    crew = Crew()
    project = granted(crew)
    old = file_one(project, crew.officer)
    file_one(project, crew.officer, replaces=old.document.public_id)

    with pytest.raises(ValidationError, match="plus récente"):
        file_one(project, crew.officer, replaces=old.document.public_id)
    second = life.pdf_of(crew.officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=second.pk).update(replaces=old.document)


def test_what_a_document_replaces_is_never_rewritten():
    crew = Crew()
    one, two = life.pdf_of(crew.officer), life.pdf_of(crew.officer)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Document.objects.filter(pk=two.pk).update(replaces=one)


# --- Adding and taking away -----------------------------------------------------------------------------------------
def test_the_same_content_is_not_filed_twice():
    crew = Crew()
    project = granted(crew)
    content = pdf(b"<< /Same >>")
    file_one(project, crew.officer, upload=upload(content=content))

    with pytest.raises(AlreadyJoined):
        file_one(project, crew.officer, upload=upload("Autre nom.pdf", content))


def test_a_signed_agreement_or_a_receipt_is_not_filed_by_this_door():
    crew = Crew()
    project = granted(crew)

    for kind in set(PieceKind) - set(PROPOSAL):
        with pytest.raises(RefusedFile):
            file_one(project, crew.officer, kind=kind)


def test_a_photo_is_a_picture():
    crew = Crew()
    project = granted(crew)

    with pytest.raises(RefusedFile):
        file_one(project, crew.officer, kind="photo")
    assert file_one(project, crew.officer, kind="photo", upload=upload("Puits.jpg", jpeg())).document.is_image


def test_a_document_is_withdrawn_with_a_reason_and_nobody_opens_it_any_more():
    crew = Crew()
    project = granted(crew)
    piece = file_one(project, crew.officer, caption="Devis erroné")
    url = reverse("projects:dossier_withdraw", args=[project.pk, piece.document.public_id])
    client = browser(crew.officer)

    assert client.post(url, {"reason": " ", "one_time_key": str(uuid.uuid4())}).status_code == 422
    answer = client.post(url, {"reason": "Mauvais fournisseur", "one_time_key": str(uuid.uuid4())})
    assert answer.status_code == 302
    page = page_of(project, crew.officer)
    assert "Devis erroné" in page and "Mauvais fournisseur" in page and piece.document.sha256 in page
    assert client.get(reverse("projects:dossier_file", args=[project.pk, piece.document.public_id])).status_code == 404
    assert Document.objects.get(pk=piece.document.pk).withdrawn_by == crew.officer


def test_what_a_step_rests_on_stays_on_file():
    crew = Crew()
    project = life.in_state(State.COMPLETED, crew)
    held = {piece.kind: piece.document for piece in pieces_of(project)}

    for kind in (PieceKind.AGREEMENT, PieceKind.VISIT_PHOTO, PieceKind.HANDOVER):
        with pytest.raises(StepRefused, match="étape franchie"):
            services.withdraw_piece(
                project=project, user=fresh(crew.officer), public_id=held[kind].public_id, reason="Erreur"
            )


def test_money_s_documents_are_never_withdrawn():
    crew = Crew()
    project = granted(crew)
    life.justify(life.pay(life.instalment_of(project), crew).instalment, crew)
    receipt = next(piece.document for piece in pieces_of(project) if piece.kind == PieceKind.RECEIPT)

    with pytest.raises(StepRefused, match="se rejette"):
        services.withdraw_piece(project=project, user=fresh(crew.officer), public_id=receipt.public_id, reason="Erreur")


@pytest.mark.parametrize("state", [State.CLOSED, State.CANCELLED])
def test_a_closed_file_takes_nothing_and_gives_nothing(state):
    crew = Crew()
    project = life.in_state(state, crew)

    with pytest.raises(PermissionDenied):
        file_one(project, crew.officer)
    answer = browser(crew.officer).get(reverse("projects:dossier_add", args=[project.pk]))
    assert answer.status_code == 403
    page = page_of(project, crew.officer)
    assert "Le dossier est clos" in page and reverse("projects:dossier_add", args=[project.pk]) not in page


def test_who_holds_an_interest_in_the_partner_leaves_the_file_alone():
    crew = Crew()
    project = granted(crew)
    piece = file_one(project, crew.officer)
    Interest.objects.create(user=crew.officer, organisation=project.partner, nature="Ancien président")

    with pytest.raises(PermissionDenied):
        file_one(project, crew.officer)
    with pytest.raises(PermissionDenied):
        services.withdraw_piece(
            project=project, user=fresh(crew.officer), public_id=piece.document.public_id, reason="x"
        )


def test_its_writers_add_once_it_is_granted_and_take_nothing_away():
    project = granted()
    piece = file_one(project, project.author)

    with pytest.raises(PermissionDenied):
        services.withdraw_piece(
            project=project, user=fresh(project.author), public_id=piece.document.public_id, reason="x"
        )
    draft = complete_draft()
    with pytest.raises(PermissionDenied):
        file_one(draft, draft.author)
    page = page_of(draft, draft.author)
    assert reverse("projects:edit", args=[draft.pk, "annexes"]) in page


def test_outside_their_scope_the_file_does_not_exist():
    project = granted()
    elsewhere = browser(user_with(Role.PROGRAMME_OFFICER, region=region("ML-8")))

    for route in ("dossier", "dossier_zip", "dossier_pdf", "dossier_add"):
        assert elsewhere.get(reverse(f"projects:{route}", args=[project.pk])).status_code == 404
