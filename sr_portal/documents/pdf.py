"""PDF files: whole, readable, and without anything that runs or hides another file."""

import re
import zlib
from collections.abc import Iterator
from typing import NoReturn

from django.utils.translation import gettext as _

from sr_portal.documents.refusals import RefusedFile

ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z0-9])")
LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")
OBJECT_STREAM = re.compile(rb"/ObjStm(?![A-Za-z0-9])")
MOST_INFLATED = 40 * 1024 * 1024


def check_pdf(name: str, content: bytes) -> None:
    """Raises RefusedFile. Names are looked for in the clear and in compressed object streams, escapes undone."""
    if not content.startswith(b"%PDF-"):
        reason = _("son contenu n’est pas celui d’un document PDF. Exportez-le de nouveau en PDF.")
        raise RefusedFile(name, reason)
    end = content.rfind(b"%%EOF")
    if end < 0 or content[end + 5 :].strip(b"\r\n\t \x00"):
        reason = _("le document PDF est tronqué ou suivi d’autre chose. Exportez-le de nouveau en PDF.")
        raise RefusedFile(name, reason)
    _refuse_active(name, content)
    if LOCKED.search(_plain(content)):
        reason = _("le document PDF est protégé par un mot de passe. Enregistrez-le sans protection.")
        raise RefusedFile(name, reason)
    for part in _object_streams(name, content):
        _refuse_active(name, part)


def _plain(content: bytes) -> bytes:
    return ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), content) if b"#" in content else content


def _refuse_active(name: str, content: bytes) -> None:
    if ACTIVE.search(_plain(content)):
        reason = _(
            "le document PDF contient un programme, une action ou un fichier joint. Imprimez-le en PDF, puis déposez "
            "cette version."
        )
        raise RefusedFile(name, reason)


def _object_streams(name: str, content: bytes) -> Iterator[bytes]:
    """The object streams, inflated: a PDF's dictionaries may be kept compressed, where a plain search sees nothing."""
    found = list(OBJECT_STREAM.finditer(content))
    if len(found) != len(OBJECT_STREAM.findall(_plain(content))):
        _refuse_unreadable(name)  # nobody honest writes this name with escapes
    total, last = 0, -1
    for match in found:
        stream = STREAM.search(content, match.end())
        if not stream or stream.end() == last:
            continue
        last = stream.end()
        start = content.rfind(b"obj", max(0, match.start() - 4096), match.start())
        data = content[last : max(content.find(b"endstream", last), last)]
        if b"/Filter" in _plain(content[max(start, 0) : stream.start()]):
            data = _inflate(name, data)
        total += len(data)
        if total > MOST_INFLATED:
            _refuse_unreadable(name)
        yield data


def _inflate(name: str, data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(data, MOST_INFLATED + 1)
    except zlib.error:
        inflated = b""
    if not inflater.eof:
        _refuse_unreadable(name)
    return inflated


def _refuse_unreadable(name: str) -> NoReturn:
    reason = _("le document PDF ne peut pas être vérifié. Imprimez-le en PDF, puis déposez cette version.")
    raise RefusedFile(name, reason)
