"""The whole file of a project as one ZIP: folders by kind, what the portal prints, and a manifest of fingerprints."""

import csv
import hashlib
import io
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _

from projects.dossier_pieces import Piece, by_folder
from sr_portal.documents.paper import Paper
from sr_portal.documents.typesetting import typeset
from sr_portal.web import clock

PRINTED = "0-edites-par-le-portail"
WITHDRAWN_NOWHERE = ""
CHUNK = 1 << 16
AS_THEY_ARE = {"image/jpeg", "image/png", "image/webp", "application/pdf"}  # packed already: no second time
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def dossier_zip(pieces: Sequence[Piece], papers: Iterable[Callable[[], Paper]]) -> IO[bytes]:
    """An open file, at its start and gone once closed; memory stays flat however large the documents are.

    A withdrawn document is in the manifest alone. One that the server has lost, or whose content is no longer that of
    its fingerprint, is told there too: it costs nothing of the rest.
    """
    packed = tempfile.TemporaryFile(prefix="dossier-")  # noqa: SIM115 - the answer that hands it out closes it
    try:
        _fill(packed, pieces, papers)
    except BaseException:
        packed.close()
        raise
    packed.seek(0)
    return packed


def _fill(packed: IO[bytes], pieces: Sequence[Piece], papers: Iterable[Callable[[], Paper]]) -> None:
    names = _Names()
    lines: list[list[str]] = []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for make in papers:
            lines.append(_print(archive, names, make()))
        for folder, held in by_folder(pieces):
            lines += [_pack(archive, names, folder.slug, piece) for piece in held]
        archive.writestr(_entry("manifest.csv"), _manifest(lines))


# --- Entries --------------------------------------------------------------------------------------------------------
def _print(archive: zipfile.ZipFile, names: "_Names", paper: Paper) -> list[str]:
    content = typeset(paper)
    path = names.give(PRINTED, f"{paper.file_name}.pdf")
    archive.writestr(_entry(path, stored=True), content)
    digest = hashlib.sha256(content).hexdigest()
    made = timezone.localtime(paper.made_at, timezone.get_default_timezone()).isoformat(timespec="minutes")
    return [path, _("Édité par le portail"), paper.title, "", str(len(content)), digest, "", made, _("en vigueur"), ""]


def _pack(archive: zipfile.ZipFile, names: "_Names", folder: str, piece: Piece) -> list[str]:
    document = piece.document
    path, standing = WITHDRAWN_NOWHERE, _standing(piece)
    if not document.is_withdrawn:
        path = names.give(folder, document.original_name)
        problem = _copy(archive, path, piece)
        if problem:
            standing = problem
    filed = timezone.localtime(document.uploaded_at, timezone.get_default_timezone()).isoformat(timespec="minutes")
    about = ", ".join(part for part in (piece.caption, piece.about) if part)
    return [
        path, str(piece.kind.label), about, document.original_name, str(document.size), document.sha256,
        str(document.uploaded_by), filed, standing, document.withdrawal_reason,
    ]  # fmt: skip


def _standing(piece: Piece) -> str:
    if piece.document.is_withdrawn:
        return _("retiré")
    return _("remplacé") if piece.is_superseded else _("en vigueur")


def _copy(archive: zipfile.ZipFile, path: str, piece: Piece) -> str:
    """Copy the file in pieces; what is wrong with it, empty when nothing is."""
    document = piece.document
    digest = hashlib.sha256()
    try:
        source = document.file.open("rb")
    except OSError:
        return _("absent du serveur")
    with source, archive.open(_entry(path, document.uploaded_at, document.content_type in AS_THEY_ARE), "w") as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return "" if digest.hexdigest() == document.sha256 else _("contenu différent de l’empreinte")


def _entry(path: str, when=None, stored: bool = False) -> zipfile.ZipInfo:
    local = timezone.localtime(when or clock.now(), timezone.get_default_timezone())
    entry = zipfile.ZipInfo(path, local.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


class _Names:
    """Paths that any system can unpack: no folder of somebody else's choice, and none twice, whatever the case."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def give(self, folder: str, name: str) -> str:
        plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
        plain = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "_", plain).strip(" .") or _("document")
        stem, suffix = PurePath(plain).stem[:100].rstrip(" ."), PurePath(plain).suffix[:12]
        path, rank = f"{folder}/{stem}{suffix}", 1
        while path.casefold() in self.given:
            rank += 1
            path = f"{folder}/{stem} ({rank}){suffix}"
        self.given.add(path.casefold())
        return path


# --- The manifest -----------------------------------------------------------------------------------------------------
def _manifest(lines: Sequence[Sequence[str]]) -> bytes:
    """CSV that Excel opens with its accents, and in which no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([
        _("chemin"), _("nature"), _("objet"), _("nom d’origine"), _("taille (octets)"), "sha256", _("déposé par"),
        _("déposé le"), _("état"), _("motif du retrait"),
    ])  # fmt: skip
    writer.writerows([[_cell(value) for value in line] for line in lines])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value
