"""Good files are kept, drawn again when they are photos, handed out safely, and withdrawn rather than lost."""

import hashlib
import io
import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404
from PIL import Image

from sr_portal.documents.checks import TYPES, check
from sr_portal.documents.models import Document
from sr_portal.documents.services import store, withdraw
from sr_portal.documents.serving import serve
from sr_portal.history.reading import changes_of
from tests.documents.files import docx, jpeg, odf, pdf, png, webp, xlsx
from tests.factories.accounts import UserFactory

GOOD = {
    "Devis définitif.pdf": pdf(),
    "photo.JPG": jpeg(),
    "photo.jpeg": jpeg(),
    "plan.png": png(),
    "plan palette.png": png(mode="P"),
    "photo.webp": webp(),
    "Note.docx": docx(),
    "Devis.xlsx": xlsx(),
    "Note.odt": odf("text"),
    "Devis.ods": odf("spreadsheet"),
}
GAO = {1: "N", 2: (16.0, 16.0, 18.0), 3: "W", 4: (0.0, 2.0, 42.0)}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept(folder) -> int:
    return sum(1 for path in folder.rglob("*") if path.is_file())


def upload(name: str = "devis.pdf", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or GOOD.get(name) or pdf())


@pytest.mark.parametrize("name", GOOD)
def test_every_accepted_type_passes(name):
    assert check(upload(name)).content_type == TYPES[name.rpartition(".")[2].lower()]


def test_a_photo_gives_its_place_then_forgets_everything_else():
    checked = check(upload("photo.jpg", jpeg((4000, 2000), gps=GAO, orientation=6)))
    assert (checked.image.latitude, checked.image.longitude) == (16.27167, -0.045)
    with Image.open(io.BytesIO(checked.content)) as picture:
        assert not picture.getexif() and b"Fatoumata" not in checked.content
        assert picture.size == (1280, 2560) == (checked.image.width, checked.image.height), "upright and reduced"
    with Image.open(io.BytesIO(checked.image.thumbnail)) as small:
        assert (small.format, max(small.size)) == ("JPEG", 400)


NOWHERE = {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}
OFF_EARTH = {1: "N", 2: (99.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)}


@pytest.mark.parametrize("gps", [None, NOWHERE, OFF_EARTH])
def test_a_photo_without_a_plausible_place(gps):
    image = check(upload("photo.jpg", jpeg(gps=gps))).image
    assert (image.latitude, image.longitude) == (None, None)


@pytest.mark.django_db
def test_a_stored_file_has_a_name_that_says_nothing(files):
    document = store(upload("Devis définitif.pdf"), by=UserFactory())
    assert document.original_name == "Devis définitif.pdf"
    assert "Devis" not in document.file.name and len(document.file.name.split("/")[-1]) == 48
    assert document.file.read() == pdf() and document.size == len(pdf())
    assert document.sha256 == hashlib.sha256(pdf()).hexdigest()
    assert not document.thumbnail and kept(files) == 1


@pytest.mark.django_db
def test_a_rollback_takes_the_files_away(files):
    person = UserFactory()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        store(upload("photo.jpg", jpeg()), by=person)
        assert kept(files) == 2
        raise ZeroDivisionError
    assert kept(files) == 0 and not Document.objects.exists()


@pytest.mark.django_db
def test_a_commit_keeps_the_files(files, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        store(upload("photo.jpg", jpeg()), by=UserFactory())
    assert kept(files) == 2


def test_a_real_commit_and_a_real_rollback(files, own_database, django_db_blocker):
    def work() -> None:
        from django.db import connection

        person = UserFactory()
        store(upload(), by=person)
        counts.append(kept(files))
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            store(upload(), by=person)
            raise ZeroDivisionError
        counts.append(kept(files))
        connection.close()

    counts: list[int] = []
    with django_db_blocker.unblock():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert counts == [1, 1]


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing(files):
    with pytest.raises(ValidationError) as refused:
        store(upload("devis.pdf", b"MZ"), by=UserFactory())
    assert refused.value.messages[0].startswith("« devis.pdf » : son contenu")
    assert kept(files) == 0 and not Document.objects.exists()


@pytest.mark.django_db
def test_documents_are_downloads_and_photos_are_shown():
    person = UserFactory()
    document, photo = store(upload("Devis définitif n° 3.pdf"), by=person), store(upload("photo.JPG"), by=person)
    answer = serve(document)
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Devis%20d%C3%A9finitif%20n%C2%B0%203.pdf"
    assert serve(photo)["Content-Disposition"].startswith("inline")
    small = serve(photo, thumbnail=True)
    assert (small["Content-Type"], small["Content-Disposition"]) == (
        "image/jpeg",
        'inline; filename="photo-vignette.jpg"',
    )
    for response in (answer, small):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["Cache-Control"].startswith("private")
    assert b"".join(answer.streaming_content) == pdf()
    with pytest.raises(Http404):
        serve(document, thumbnail=True)


@pytest.mark.django_db
def test_a_file_gone_from_the_disk_is_not_found():
    document = store(upload(), by=UserFactory())
    document.file.storage.delete(document.file.name)
    with pytest.raises(Http404):
        serve(Document.objects.get())


@pytest.mark.django_db
def test_withdrawn_once_with_a_reason_and_on_record():
    author, officer = UserFactory(), UserFactory()
    document = store(upload(), by=author)
    with pytest.raises(ValidationError, match="pourquoi"):
        withdraw(document, by=officer, reason="  ")
    withdraw(document, by=officer, reason="Mauvais devis")
    again = withdraw(document, by=author, reason="Autre")
    assert (again.withdrawn_by, again.withdrawal_reason) == (officer, "Mauvais devis")
    fields = [line.field for line in changes_of(document).entries[0].changes]
    assert fields == ["Retiré le", "Retiré par", "Motif du retrait"]


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"file": "aa/bb/x"}, {"original_name": "x.pdf"}, {"size": 1}])
def test_what_was_filed_never_changes(change):
    document = store(upload(), by=UserFactory())
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        document.delete()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"latitude": 16.0}, {"latitude": 91, "longitude": 0}, {"withdrawal_reason": "x"}])
def test_the_database_refuses_what_makes_no_sense(change):
    document = store(upload(), by=UserFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)
