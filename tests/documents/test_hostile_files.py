"""None of the hostile files of quality guide S5 gets in; each is refused in less than a second, with a reason."""

import io
import time
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from sr_portal.documents.checks import check
from sr_portal.documents.refusals import RefusedFile
from tests.documents.files import docx, jpeg, pdf, png, zipped

EXE = b"MZ\x90\x00\x03" + b"\x00" * 500 + b"This program cannot be run in DOS mode."
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def refusal(name: str, content: bytes) -> str:
    upload = SimpleUploadedFile("x", content)
    upload._name = name  # Django would cut paths off first; here the check stands alone
    started = time.perf_counter()
    with pytest.raises(RefusedFile) as refused:
        check(upload)
    assert time.perf_counter() - started < 1
    message = " ".join(refused.value.messages)
    assert message.startswith("« ") and "%(" not in message
    return message


@pytest.mark.parametrize("name", ["devis.pdf", "photo.jpg", "photo.png", "photo.webp", "devis.docx", "devis.ods"])
@pytest.mark.parametrize("content", [EXE, b"\x7fELF" + b"\x00" * 200, b"#!/bin/sh\nrm -rf /\n", SVG, b"<html><script>"])
def test_a_program_or_a_page_under_a_borrowed_name(name, content):
    assert "son contenu n’est pas celui" in refusal(name, content)


@pytest.mark.parametrize(
    "name", ["x.exe", "x.svg", "x.html", "x.htm", "x.docm", "x.xlsm", "x.zip", "x.gif", "x.js", "x.pdf.exe", "x", "pdf"]
)
def test_other_types_by_name(name):
    assert "n’est pas accepté" in refusal(name, pdf())


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.pdf", "..\\devis.pdf", "/etc/x.pdf", "C:\\x.pdf", ".htaccess.pdf", "a\x00.pdf", "a\u202efdp.pdf",
     "a\r\nSet-Cookie.pdf"],
)  # fmt: skip
def test_names_with_paths_or_hidden_characters(name):
    assert "caractères interdits" in refusal(name, pdf())


def test_a_name_without_end():
    assert "plus court" in refusal("a" * 200 + ".pdf", pdf())


def test_an_empty_file():
    assert "est vide" in refusal("devis.pdf", b"")


def test_a_file_over_the_limit(settings):
    settings.MAX_UPLOAD_BYTES = 1000
    assert "dépasse" in refusal("devis.pdf", pdf(b"x" * 2000))


@pytest.mark.parametrize("name, content", [("a.jpg", png()), ("a.png", jpeg()), ("a.pdf", jpeg()), ("a.docx", pdf())])
def test_a_good_file_under_another_extension(name, content):
    assert "son contenu n’est pas celui" in refusal(name, content)


# --- Images -----------------------------------------------------------------------------------------------------
def test_an_image_bomb():
    row = b"\x00" + b"\x00" * (30_000 // 8)
    header = b"IHDR" + (30_000).to_bytes(4, "big") * 2 + b"\x01\x00\x00\x00\x00"
    data = b"IDAT" + zlib.compress(row * 30_000, 9)
    chunks = [(len(c) - 4).to_bytes(4, "big") + c + zlib.crc32(c).to_bytes(4, "big") for c in (header, data, b"IEND")]
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
    assert len(bomb) < 1_000_000
    assert "millions de pixels" in refusal("photo.png", bomb)


def test_an_image_cut_short():
    assert "ne peut pas être lue" in refusal("photo.jpg", jpeg()[:400])


def test_a_polyglot_loses_what_it_hid():
    hidden = b"<script>alert(1)</script>" + zipped({"x.exe": EXE}) + b"<?php system($_GET[0]); ?>"
    kept = check(SimpleUploadedFile("photo.jpg", jpeg() + hidden))
    assert b"<script>" not in kept.content and b"PK\x03\x04" not in kept.content and b"<?php" not in kept.content


def test_a_script_in_the_comment_of_an_image_is_lost():
    buffer = io.BytesIO()
    Image.new("RGB", (40, 40)).save(buffer, "JPEG", comment=b"<script>alert(1)</script>")
    assert b"<script>" in buffer.getvalue()
    assert b"<script>" not in check(SimpleUploadedFile("photo.jpg", buffer.getvalue())).content


# --- PDF --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "entry",
    [b"/S /JavaScript /JS (app.alert(1))", b"/S /Launch /F (cmd.exe)", b"/Type /EmbeddedFile", b"/EmbeddedFiles 3 0 R",
     b"/S /J#61vaScript", b"/#4c#61unch (x)", b"/RichMedia << >>"],
)  # fmt: skip
def test_a_pdf_that_acts(entry):
    assert "programme, une action ou un fichier joint" in refusal("devis.pdf", pdf(b"<< " + entry + b" >>"))


def test_a_pdf_that_hides_its_action_in_a_compressed_object_stream():
    packed = zlib.compress(b"1 0 << /S /JavaScript /JS (app.alert(1)) >>")
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >> stream\n" + packed + b"\nendstream"
    assert "programme" in refusal("devis.pdf", pdf(stream))


def test_a_pdf_bomb():
    packed = zlib.compress(b"\x00" * 200_000_000, 9)
    stream = b"<< /Type /ObjStm /Filter /FlateDecode >> stream\n" + packed + b"\nendstream"
    assert "ne peut pas être vérifié" in refusal("devis.pdf", pdf(stream))


def test_a_locked_pdf():
    assert "mot de passe" in refusal("devis.pdf", pdf(b"<< /Encrypt 5 0 R >>"))


@pytest.mark.parametrize(
    "content", [pdf()[:-6], pdf() + zipped({"a": b"b"}), pdf() + b"<html><script>alert(1)</script>"]
)
def test_a_pdf_cut_short_or_followed_by_something(content):
    assert "tronqué ou suivi" in refusal("devis.pdf", content)


def test_a_pdf_preceded_by_something():
    assert "son contenu n’est pas celui" in refusal("devis.pdf", b"GIF89a" + pdf())


# --- Office -----------------------------------------------------------------------------------------------------
def test_a_zip_bomb():
    assert "démesurée" in refusal("devis.docx", docx({"word/media/a.xml": b"\x00" * 30_000_000}))


def test_a_zip_bomb_of_many_files():
    assert "démesurée" in refusal("devis.docx", docx({f"word/{n}.xml": b"" for n in range(2_500)}))


def test_a_zip_bomb_that_lies_about_its_size():
    content = docx({"word/media/a.xml": b"\x00" * 30_000_000})
    real = (30_000_000).to_bytes(4, "little")
    assert "endommagé" in refusal("devis.docx", content.replace(real, (900_000).to_bytes(4, "little")))


@pytest.mark.parametrize("path", ["word/vbaProject.bin", "Basic/Standard/Module1.xml", "xl/macrosheets/sheet1.xml"])
def test_macros(path):
    assert "macros" in refusal("devis.docx", docx({path: b"Sub AutoOpen()"}))


@pytest.mark.parametrize(
    "members",
    [{"word/x.exe": b"a"}, {"word/media/image1.png": EXE}, {"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0aaaa"},
     {"word/x.js": b"a"}, {"word/afchunk.html": b"a"}],
)  # fmt: skip
def test_programs_and_embedded_objects(members):
    assert "programme ou un objet" in refusal("devis.docx", docx(members))


def test_entities_remote_templates_and_macro_types():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    template = b'<Relationship Type="x/attachedTemplate" Target="http://x/" TargetMode="External"/>'
    for members in ({"word/a.xml": bomb}, {"word/_rels/settings.xml.rels": template}):
        assert "interdits" in refusal("devis.docx", docx(members))


@pytest.mark.parametrize("path", ["../../etc/cron.d/x.xml", "/etc/x.xml", "word\\..\\..\\x.xml", "C:/x.xml"])
def test_archives_that_climb_out_of_their_folder(path):
    assert "chemins interdits" in refusal("devis.docx", docx({path: b"a"}))


def test_a_plain_archive_is_no_document():
    assert "son contenu n’est pas celui" in refusal("devis.docx", zipped({"a.txt": b"a"}))
    assert "son contenu n’est pas celui" in refusal("devis.xlsx", docx())
    assert "son contenu n’est pas celui" in refusal("devis.odt", docx())


def test_a_document_cut_short_or_followed_by_something():
    assert "endommagé" in refusal("devis.docx", docx()[:-40])
    assert "suivi" in refusal("devis.docx", docx() + b"<script>alert(1)</script>")


def test_a_locked_archive():
    content = bytearray(docx())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.start_dir
    content[start + 8] |= 1
    assert "mot de passe" in refusal("devis.docx", bytes(content))
