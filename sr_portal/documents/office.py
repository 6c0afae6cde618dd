"""Word, Excel and LibreOffice files are zip archives: what they hold is counted, bounded and looked through."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from sr_portal.documents.refusals import RefusedFile

MOST_MEMBERS = 2_000
MOST_INFLATED = 60 * 1024 * 1024
HIGHEST_RATIO = 150  # XML of a sheet packs 50 to 1; a bomb 1,000 to 1
SMALL = 1024 * 1024  # below this, the ratio says nothing
END_OF_ARCHIVE = b"PK\x05\x06"
CHUNK = 256 * 1024

HEART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "odt": "content.xml", "ods": "content.xml"}
DECLARED = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
MACRO = re.compile(r"(^|/)(vbaProject.*|vbaData\.xml|(Basic|Scripts)/.+|macrosheets/.+|activeX/.+)$", re.IGNORECASE)
PROGRAM = re.compile(
    r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|sh|py|php|html?|svg|swf|zip|docm|xlsm)$",
    re.IGNORECASE,
)
PROGRAM_START = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
OLE_START = b"\xd0\xcf\x11\xe0"  # an old Office container: can hold any file
FORBIDDEN_TEXT = re.compile(rb"<!ENTITY|macroEnabled|attachedTemplate\"[^>]*TargetMode=\"External")


def check_office(name: str, content: bytes, extension: str) -> None:
    """Raises RefusedFile for a bomb, a macro, a program, an entity, a path, or another format's archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_directory(name, archive, content, members)
            _check_format(name, archive, extension)
            for member in members:
                _check_member(name, archive, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        reason = _("le document est endommagé. Ouvrez-le, enregistrez-le de nouveau, puis déposez-le.")
        raise RefusedFile(name, reason) from error


def _check_directory(name: str, archive: zipfile.ZipFile, content: bytes, members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    bomb = total > SMALL and total > HIGHEST_RATIO * max(min(packed, len(content)), 1)
    if len(members) > MOST_MEMBERS or total > MOST_INFLATED or bomb:
        reason = _("le document se déplie en une taille démesurée. Allégez-le ou exportez-le en PDF.")
        raise RefusedFile(name, reason)
    if archive.comment or content[-22:-18] != END_OF_ARCHIVE:
        reason = _("le document est suivi d’autre chose. Ouvrez-le, enregistrez-le de nouveau, puis déposez-le.")
        raise RefusedFile(name, reason)
    seen = set()
    for member in members:
        path = member.orig_filename
        parts = path.replace("\\", "/").split("/")
        if "\x00" in path or path.startswith(("/", "\\")) or ":" in path or ".." in parts or path in seen:
            reason = _("le document contient des chemins interdits. Enregistrez-le de nouveau depuis son logiciel.")
            raise RefusedFile(name, reason)
        seen.add(path)
        if member.flag_bits & 0x1:
            reason = _("le document est protégé par un mot de passe. Enregistrez-le sans protection.")
            raise RefusedFile(name, reason)
        if MACRO.search(path):
            reason = _("le document contient des macros. Enregistrez-le sans macros ou exportez-le en PDF.")
            raise RefusedFile(name, reason)
        if PROGRAM.search(path):
            _refuse_program(name)


def _check_format(name: str, archive: zipfile.ZipFile, extension: str) -> None:
    names = set(archive.namelist())
    good = HEART[extension] in names
    if extension in DECLARED:
        good = good and "mimetype" in names and archive.read("mimetype").strip() == DECLARED[extension]
    else:
        good = good and "[Content_Types].xml" in names
    if not good:
        reason = _(
            "son contenu n’est pas celui d’un fichier .%(extension)s. Ouvrez-le dans son logiciel, enregistrez-le au "
            "bon format, puis déposez-le de nouveau."
        )
        raise RefusedFile(name, reason, extension=extension)


def _check_member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    tail, first = b"", True
    for chunk in _chunks(archive, member):
        if first and (chunk.startswith(PROGRAM_START) or chunk.startswith(OLE_START)):
            _refuse_program(name)
        first = False
        if member.filename.lower().endswith((".xml", ".rels", ".rdf")) and FORBIDDEN_TEXT.search(tail + chunk):
            reason = _("le document contient un renvoi ou une macro interdits. Exportez-le en PDF.")
            raise RefusedFile(name, reason)
        tail = chunk[-512:]


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's bytes; zipfile stops at the declared size, which the directory's check has bounded."""
    with archive.open(member) as opened:
        while chunk := opened.read(CHUNK):
            yield chunk


def _refuse_program(name: str) -> None:
    reason = _("le document contient un programme ou un objet incorporé. Retirez-le ou exportez le document en PDF.")
    raise RefusedFile(name, reason)
