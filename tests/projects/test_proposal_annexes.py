"""Files joined to a proposal: looked into before they are kept, and handed only to those who may see the project."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.models import Attachment, Project
from projects.services import annexes
from projects.services.submission import submit
from sr_portal.accounts.roles import Role
from sr_portal.documents.models import Document
from sr_portal.documents.services import withdraw
from tests.documents.files import jpeg, pdf
from tests.factories.accounts import user_with
from tests.factories.projects import complete_draft, fresh, region
from tests.ground.laid_once import laid_once
from tests.projects.proposal_browser import address, browser

pytestmark = pytest.mark.django_db
GAO = {1: "N", 2: (16.0, 16.0, 18.0), 3: "W", 4: (0.0, 2.0, 42.0)}
BAMAKO = {1: "N", 2: (12.0, 39.0, 0.0), 3: "W", 4: (8.0, 0.0, 0.0)}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@laid_once
def project() -> Project:
    return complete_draft()


def upload(client, project, *files: tuple[str, bytes], kind: str = "quote", caption: str = ""):
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    typed = {"action": "upload", "kind": kind, "caption": caption, "files": sent}
    return client.post(address(project, "annexes"), typed)


def joined(project, name: str = "Devis.pdf", content: bytes | None = None, kind: str = "quote") -> Attachment:
    file = SimpleUploadedFile(name, content or pdf())
    return annexes.add_annex(project=project, user=fresh(project.author), upload=file, kind=kind)


def act(client, project, annex, action: str, **typed):
    return client.post(address(project, "annexes"), {"action": f"{action}:{annex.pk}", **typed})


def test_a_quote_is_joined_and_listed(project):
    client = browser(project.author)
    answer = upload(client, project, ("Devis Sahel.pdf", pdf()), caption="Entreprise Sahel, mars 2026")
    assert answer.status_code == 302
    annex = project.attachments.get()
    assert (annex.kind, annex.caption, annex.document.original_name) == (
        "quote", "Entreprise Sahel, mars 2026", "Devis Sahel.pdf",
    )  # fmt: skip
    page = client.get(address(project, "annexes")).content.decode()
    assert "Entreprise Sahel, mars 2026" in page and "Devis – au dossier" in page


def test_several_files_are_joined_at_once_and_a_second_click_joins_none_again(project):
    client = browser(project.author)
    sent = [("a.jpg", jpeg()), ("b.jpg", jpeg((300, 300)))]
    assert upload(client, project, *sent, kind="photo").status_code == 302
    assert upload(client, project, *sent, kind="photo").status_code == 302
    assert project.attachments.count() == 2 == Document.objects.count()


@pytest.mark.parametrize(
    ("name", "content", "kind", "said"),
    [
        ("devis.exe", b"MZ\x90\x00", "quote", "devis.exe"),
        ("devis.pdf", b"MZ\x90\x00" + b"0" * 100, "quote", "son contenu n’est pas celui"),
        ("photo.jpg", pdf(), "photo", "son contenu n’est pas celui"),
        ("vide.pdf", b"", "quote", "vide.pdf"),
        ("devis.pdf", pdf(), "photo", "une photo est une image"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_the_reason(project, files, name, content, kind, said):
    answer = upload(browser(project.author), project, (name, content), kind=kind, caption="Ma légende")
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert "Ma légende" in page, "what was typed is kept"
    assert not Document.objects.exists() and not [path for path in files.rglob("*") if path.is_file()]


def test_a_file_that_is_too_large_is_refused(project, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    answer = upload(browser(project.author), project, ("devis.pdf", pdf() + b" " * 2000))
    assert answer.status_code == 422 and "dépasse" in answer.content.decode()
    assert not project.attachments.exists()


def test_of_several_files_the_good_ones_are_kept_and_the_others_named(project):
    answer = upload(browser(project.author), project, ("bon.pdf", pdf()), ("mauvais.pdf", b"MZ" + b"0" * 99))
    assert answer.status_code == 422 and "mauvais.pdf" in answer.content.decode()
    assert [annex.document.original_name for annex in project.attachments.all()] == ["bon.pdf"]


@pytest.mark.parametrize("typed", [{"kind": ""}, {"kind": "poster"}])
def test_a_file_without_a_nature_is_refused(project, typed):
    answer = upload(browser(project.author), project, ("devis.pdf", pdf()), **typed)
    assert answer.status_code == 422 and not project.attachments.exists()


def test_no_file_is_no_upload(project):
    answer = upload(browser(project.author), project)
    assert answer.status_code == 422 and "au moins un fichier" in answer.content.decode()


def test_after_the_end_of_the_session_the_caption_is_back_and_the_files_are_asked_for_again(project):
    client = browser(project.author)
    client.logout()
    assert upload(client, project, ("devis.pdf", pdf()), caption="Entreprise Sahel").status_code == 302
    client.force_login(project.author, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(address(project, "annexes")).content.decode()
    assert 'value="Entreprise Sahel"' in page and "choisissez-les de nouveau" in page
    assert not Document.objects.exists()


def test_a_photo_offers_its_place_and_the_author_may_take_it(project):
    annex = joined(project, "site.jpg", jpeg(gps=GAO), "photo")
    client = browser(project.author)
    page = client.get(address(project, "annexes")).content.decode()
    assert "Utiliser cette position" in page and "16,27167" in page
    assert act(client, project, annex, "position").status_code == 302
    project.refresh_from_db()
    assert (project.latitude, project.longitude) == (Decimal("16.27167"), Decimal("-0.045"))
    assert "Utiliser cette position" not in client.get(address(project, "annexes")).content.decode()


def test_a_photo_taken_in_another_region_does_not_move_the_project(project):
    annex = joined(project, "bureau.jpg", jpeg(gps=BAMAKO), "photo")
    answer = act(browser(project.author), project, annex, "position")
    assert answer.status_code == 422 and "hors de la région" in answer.content.decode()
    assert Project.objects.get(pk=project.pk).latitude is None


def test_what_is_said_of_a_file_can_change(project):
    annex = joined(project)
    typed = {f"annex-{annex.pk}-kind": "plan", f"annex-{annex.pk}-caption": "Plan de masse"}
    assert act(browser(project.author), project, annex, "describe", **typed).status_code == 302
    annex.refresh_from_db()
    assert (annex.kind, annex.caption) == ("plan", "Plan de masse")


def test_a_document_cannot_be_called_a_photo(project):
    annex = joined(project)
    typed = {f"annex-{annex.pk}-kind": "photo", f"annex-{annex.pk}-caption": ""}
    assert act(browser(project.author), project, annex, "describe", **typed).status_code == 422
    annex.refresh_from_db()
    assert annex.kind == "quote"


def test_a_removed_file_is_handed_to_nobody_and_stays_on_file(project):
    annex = joined(project)
    url = reverse("projects:attachment", args=[project.pk, annex.document.public_id])
    client = browser(project.author)
    assert client.get(url).status_code == 200
    assert 'data-confirm="Retirer cette annexe' in client.get(address(project, "annexes")).content.decode()
    assert act(client, project, annex, "remove").status_code == 302
    assert act(client, project, annex, "remove").status_code == 302, "twice is as good as once"
    assert client.get(url).status_code == 404
    assert not project.attachments.exists() and Document.objects.get().is_withdrawn


def test_a_file_withdrawn_elsewhere_is_handed_to_nobody_either(project):
    annex = joined(project)
    withdraw(annex.document, by=project.author, reason="Devis d’une autre entreprise.")
    url = reverse("projects:attachment", args=[project.pk, annex.document.public_id])
    assert browser(project.author).get(url).status_code == 404


def test_nobody_touches_the_annexes_of_a_submitted_proposal(project):
    annex = joined(project)
    submit(project=project, user=fresh(project.author))
    client = browser(project.author)
    assert upload(client, project, ("b.jpg", jpeg()), kind="photo").status_code == 403
    assert act(client, project, annex, "remove").status_code == 403
    assert project.attachments.count() == 1


def test_the_annex_of_another_project_cannot_be_removed_through_one_s_own(project):
    foreign = joined(complete_draft())
    act(browser(project.author), project, foreign, "remove")
    assert Attachment.objects.filter(pk=foreign.pk).exists()
    assert act(browser(project.author), project, foreign, "describe").status_code == 404


def test_a_file_is_handed_only_to_those_who_may_see_the_project(project):
    annex = joined(project, "site.jpg", jpeg(), "photo")
    file = reverse("projects:attachment", args=[project.pk, annex.document.public_id])
    small = reverse("projects:attachment_thumbnail", args=[project.pk, annex.document.public_id])
    submit(project=project, user=fresh(project.author))
    for url in (file, small):
        assert browser(project.author).get(url).status_code == 200
        assert browser(user_with(Role.AUDITOR)).get(url).status_code == 200
        assert browser(user_with(Role.PROGRAMME_OFFICER, region=region("ML-8"))).get(url).status_code == 404
        assert browser(user_with(Role.ADMINISTRATOR)).get(url).status_code == 404
        assert browser(user_with(Role.PARTNER)).get(url).status_code == 404


def test_a_file_s_address_holds_only_with_its_own_project(project):
    annex, other = joined(project), complete_draft(author=project.author)
    url = reverse("projects:attachment", args=[other.pk, annex.document.public_id])
    assert browser(project.author).get(url).status_code == 404


def test_who_is_not_signed_in_gets_no_file(project, client):
    annex = joined(project)
    url = reverse("projects:attachment", args=[project.pk, annex.document.public_id])
    assert client.get(url).status_code == 302
    assert client.post(url).status_code in (302, 405)


def test_a_document_is_a_download_and_a_thumbnail_a_small_picture(project):
    annex, photo = joined(project), joined(project, "site.jpg", jpeg((2000, 1000)), "photo")
    client = browser(project.author)
    file = client.get(reverse("projects:attachment", args=[project.pk, annex.document.public_id]))
    assert file["Content-Disposition"].startswith("attachment") and file["X-Content-Type-Options"] == "nosniff"
    small = client.get(reverse("projects:attachment_thumbnail", args=[project.pk, photo.document.public_id]))
    assert small["Content-Type"] == "image/jpeg" and len(b"".join(small)) < 40_000
    none = client.get(reverse("projects:attachment_thumbnail", args=[project.pk, annex.document.public_id]))
    assert none.status_code == 404
