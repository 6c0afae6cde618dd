"""What a file really is: name, size, then content against extension. Whatever is doubtful is refused with a reason."""

import re
import unicodedata
from dataclasses import dataclass

import filetype
from django.conf import settings
from django.core.files import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from sr_portal.documents.images import CleanImage, clean_image
from sr_portal.documents.office import check_office
from sr_portal.documents.pdf import check_pdf
from sr_portal.documents.refusals import RefusedFile

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "docx": OFFICE + "wordprocessingml.document",
    "xlsx": OFFICE + "spreadsheetml.sheet",
    "odt": OPEN + "text",
    "ods": OPEN + "spreadsheet",
}
ACCEPT = ",".join(f".{extension}" for extension in TYPES)  # for the `accept` of a file field
LONGEST_NAME = 150


@dataclass(frozen=True)
class CheckedFile:
    """What may be kept: `content` is the file itself or, for a photo, the image drawn again from its pixels."""

    name: str
    content: bytes
    content_type: str
    image: CleanImage | None = None


def check(upload: File) -> CheckedFile:
    """The upload, found good. Raises RefusedFile, in less than a second for any file under the limit."""
    name, extension = check_name(upload.name or "")
    content = _read(upload, name)
    content_type = TYPES[extension]
    _check_sniff(name, extension, content)
    if content_type.startswith("image/"):
        image = clean_image(name, content, content_type)
        return CheckedFile(name, image.content, content_type, image)
    if extension == "pdf":
        check_pdf(name, content)
    else:
        check_office(name, content, extension)
    return CheckedFile(name, content, content_type)


def check_name(raw: str) -> tuple[str, str]:
    """The name in composed Unicode and its extension; no path, no control or direction mark."""
    name = unicodedata.normalize("NFC", raw).strip()
    if not name:
        raise RefusedFile(_("(sans nom)"), _("le fichier n’a pas de nom. Renommez-le, puis déposez-le de nouveau."))
    visible = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    if visible != name or "/" in name or "\\" in name or name.startswith(".") or ":" in name:
        reason = _("son nom contient un chemin ou des caractères interdits. Renommez-le (lettres, chiffres, espaces).")
        raise RefusedFile(visible, reason)
    if len(name) > LONGEST_NAME:
        reason = _("son nom dépasse %(count)d caractères. Donnez-lui un nom plus court.")
        raise RefusedFile(name, reason, count=LONGEST_NAME)
    _stem, dot, extension = name.rpartition(".")
    extension = extension.lower()
    if not dot or extension not in TYPES:
        raise RefusedFile(
            name,
            _(
                "ce type de fichier n’est pas accepté. Déposez un document PDF, Word (.docx), Excel (.xlsx), "
                "LibreOffice (.odt, .ods) ou une photo JPEG, PNG ou WebP."
            ),
        )
    return name, extension


def _read(upload: File, name: str) -> bytes:
    limit = settings.MAX_UPLOAD_BYTES
    upload.seek(0)
    content = upload.read(limit + 1)
    if not content:
        raise RefusedFile(name, _("le fichier est vide. Vérifiez qu’il s’ouvre chez vous, puis déposez-le de nouveau."))
    if len(content) > limit:
        reason = _(
            "le fichier dépasse %(limit)s. Réduisez-le (photo plus petite, document allégé) ou déposez-le en plusieurs parties."
        )
        raise RefusedFile(name, reason, limit=filesizeformat(limit))
    return content


def _check_sniff(name: str, extension: str, content: bytes) -> None:
    """The first bytes must be those of the extension; the families' own checks look further."""
    kind = filetype.guess(content[:8192])
    found = kind.mime if kind else ""
    expected = TYPES[extension]
    archive = content.startswith(b"PK\x03\x04") and (found == "application/zip" or found.startswith((OFFICE, OPEN)))
    if extension in ("docx", "xlsx", "odt", "ods"):
        agrees = archive
    elif extension == "pdf":
        agrees = content.startswith(b"%PDF-")
    else:
        agrees = found == expected
    if agrees and not re.match(rb"MZ|\x7fELF|#!", content):
        return
    reason = _(
        "son contenu n’est pas celui d’un fichier .%(extension)s. Ouvrez-le dans son logiciel, enregistrez-le au bon "
        "format, puis déposez-le de nouveau."
    )
    raise RefusedFile(name, reason, extension=extension)
