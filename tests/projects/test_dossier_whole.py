"""The whole file in one ZIP and in one PDF: complete, safe to unpack, and true to its fingerprints."""

import csv
import hashlib
import io
import re
import tracemalloc
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.dossier_pieces import pieces_of
from projects.exports.catalogue import papers_of, printed_of
from projects.exports.dossier import dossier
from projects.exports.dossier_zip import _Names, dossier_zip
from projects.models import Attachment, Project
from projects.services import dossier as services
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.documents.services import store
from sr_portal.documents.typesetting import typeset
from tests.documents.printed import assert_accessible, read, text_of
from tests.factories import implementation as life
from tests.factories.implementation import Crew
from tests.factories.projects import fresh
from tests.projects.test_dossier import upload
from tests.projects.test_papers import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def told(project: Project) -> Project:
    return Project.objects.for_page().with_life().get(pk=project.pk)


def add(project: Project, user: User, name: str) -> Attachment:
    return services.file_piece(project=project, user=fresh(user), upload=upload(name), kind="quote")


def unpacked(project: Project) -> tuple[zipfile.ZipFile, dict[str, list[str]]]:
    """The archive, and the manifest's lines by path (a withdrawn document by its fingerprint)."""
    project = told(project)
    archive = zipfile.ZipFile(dossier_zip(pieces_of(project), papers_of(project)))
    lines = list(csv.reader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig")), delimiter=";"))
    return archive, {line[0] or line[5]: line for line in lines[1:]}


def test_the_zip_holds_every_document_with_its_fingerprint():
    crew = Crew()
    project = life.in_state(State.CLOSED, crew)
    archive, lines = unpacked(project)

    assert archive.testzip() is None
    names = set(archive.namelist()) - {"manifest.csv"}
    assert names == set(lines)
    for name in names:
        assert hashlib.sha256(archive.read(name)).hexdigest() == lines[name][5]
    prints = {line[5] for line in lines.values()}
    assert {piece.document.sha256 for piece in pieces_of(project)} <= prints
    assert len([name for name in names if name.startswith("0-edites-par-le-portail/")]) == len(printed_of(project))


def test_names_are_safe_and_none_is_there_twice():
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew)
    for name in ("Devis.pdf", "devis.pdf", "DEVIS.PDF", "=cmd.pdf", "é'è.pdf"):
        add(project, crew.officer, name)
    archive, _lines = unpacked(project)

    names = archive.namelist()
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert not re.search(r'[\x00-\x1f<>:"|?*\\]', name) and ".." not in name and not name.startswith("/")


@pytest.mark.parametrize(
    "hostile", ["../../etc/passwd", "C:\\Windows\\cmd.exe", "/absolu", "...", "con\x00.pdf", "é" * 300, ""]
)
def test_no_name_leaves_its_folder(hostile):
    names = _Names()
    given = [names.give("1-proposition", hostile) for _twice in range(3)]

    assert len(set(given)) == 3
    for path in given:
        folder, name = path.split("/")
        assert folder == "1-proposition" and name.strip(". ") and len(name) < 130


def test_no_cell_of_the_manifest_is_a_formula():
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew)
    piece = add(project, crew.officer, "Devis.pdf")
    piece.caption = '=HYPERLINK("http://x")'
    piece.save()
    _archive, lines = unpacked(project)

    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines.values() for cell in line)
    assert any("HYPERLINK" in line[2] for line in lines.values())


def test_a_withdrawn_document_is_named_and_not_handed_out():
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew)
    piece = add(project, crew.officer, "Faux.pdf")
    services.withdraw_piece(
        project=project, user=fresh(crew.officer), public_id=piece.document.public_id, reason="Faux devis"
    )
    archive, lines = unpacked(project)

    assert not any("Faux" in name for name in archive.namelist())
    assert lines[piece.document.sha256][8:] == ["retiré", "Faux devis"]


def test_a_lost_or_altered_file_is_told_and_costs_nothing_of_the_rest():
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew)
    lost, altered = add(project, crew.officer, "Perdu.pdf"), add(project, crew.officer, "Altéré.pdf")
    lost.document.file.storage.delete(lost.document.file.name)
    with open(altered.document.file.path, "ab") as file:
        file.write(b"%")
    _archive, lines = unpacked(project)

    standing = {line[5]: line[8] for line in lines.values()}
    assert standing[lost.document.sha256] == "absent du serveur"
    assert standing[altered.document.sha256] == "contenu différent de l’empreinte"


def test_memory_stays_flat_whatever_the_size_of_the_documents():
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew)
    for rank in range(3):
        large = store(
            ContentFile(b"%PDF-1.7\n" + bytes([rank]) * 9_000_000 + b"\n%%EOF\n", name=f"Grand {rank}.pdf"),
            by=crew.officer,
        )
        Attachment.objects.create(project=project, document=large, kind="other")
    pieces = pieces_of(told(project))
    tracemalloc.start()
    with dossier_zip(pieces, []) as packed:
        packed.seek(0, io.SEEK_END)
        assert packed.tell() > 27_000_000
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3_000_000


def test_the_zip_is_a_download_that_nobody_keeps():
    crew = Crew()
    project = life.in_state(State.AGREED, crew)
    answer = browser(crew.officer).get(reverse("projects:dossier_zip", args=[project.pk]))

    assert answer["Content-Type"] == "application/zip" and answer["Cache-Control"] == "no-store"
    assert f"Dossier {project.reference}.zip" in answer["Content-Disposition"]
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert f"0-edites-par-le-portail/Dossier {project.reference}.pdf" in names


def test_the_pdf_tells_the_whole_life_of_the_project():
    crew = Crew()
    project = life.in_state(State.CLOSED, crew)
    pieces = pieces_of(project)
    printed = typeset(dossier(told(project), pieces))
    text = text_of(printed)

    for said in (
        "Sommaire", "Les décisions", "Le protocole d’accord", "Paiements et remboursements", "Quincaillerie du Fleuve",
        "Les visites et les constats", "Rapport narratif final", "Réception provisoire", "Bien accueilli.",
        "Les étapes franchies", "Clôturer", project.partner.name, project.title,
    ):  # fmt: skip
        assert said in text, said
    packed = re.sub(r"[\s\u200b]", "", text)
    assert all(piece.document.sha256 in packed for piece in pieces)
    assert_accessible(printed, language="fr", title=f"Dossier du projet {project.reference}")
    assert len(read(printed).outline) >= 8


def test_the_pdf_that_is_handed_out_tells_the_latest_changes_too():
    crew = Crew()
    project = life.in_state(State.AGREED, crew)
    answer = browser(crew.officer).get(reverse("projects:dossier_pdf", args=[project.pk]))

    text = text_of(b"".join(answer.streaming_content))
    assert "L’historique en bref" in text and "derniers changements" in text


def test_reading_the_whole_asks_the_same_of_the_database_however_much_there_is(django_assert_num_queries):
    crew = Crew()
    project = life.in_state(State.ACTIVE, crew)

    def read_whole() -> None:
        typeset(dossier(told(project), pieces_of(project)))

    first = life.instalment_of(project)
    life.pay(first, crew)
    life.justify(first, crew, first.amount_usd / 10)
    life.visit(project, crew.officer, photos=("before",))
    life.finding(project, crew.officer)
    with CaptureQueriesContext(connection) as few:
        read_whole()
    for _rank in range(5):
        life.justify(first, crew, first.amount_usd / 10)
        life.visit(project, crew.officer, photos=("during", "after"))
        life.finding(project, crew.officer)
    with django_assert_num_queries(len(few)):
        read_whole()


def test_the_pdf_of_a_draft_tells_what_there_is():
    project = life.approved()

    text = text_of(typeset(dossier(told(project), pieces_of(project))))
    assert "Les décisions" in text and "Les visites et les constats" not in text
