"""Handing a file out. Who may have it is the caller's question: no address leads here by itself."""

import io
import re
from pathlib import PurePath
from typing import IO

from django.http import FileResponse, Http404

from sr_portal import encryption
from sr_portal.documents.models import Document


def serve(document: Document, *, thumbnail: bool = False) -> FileResponse:
    """The file as a download; inline only for pictures, which we drew ourselves. Http404 if it is not there.

    A sealed file is opened on the way, and no browser keeps it. Raises `encryption.Unreadable`.
    """
    field = document.thumbnail if thumbnail else document.file
    if not field:
        raise Http404
    try:
        opened = field.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    if document.is_sealed:
        with opened:
            opened = io.BytesIO(encryption.unseal(opened.read(), context=document.seal_context))
    name = safe_name(document.original_name)
    response = FileResponse(
        opened,
        as_attachment=not (thumbnail or document.is_image),
        filename=f"{PurePath(name).stem}-vignette.jpg" if thumbnail else name,
        content_type="image/jpeg" if thumbnail else document.content_type,
    )
    _guard(response)
    # Kept by the reader's own browser for a few minutes: rights may be withdrawn.
    response.headers["Cache-Control"] = "no-store" if document.is_sealed else "private, max-age=300"
    return response


def hand_out(content: bytes | IO[bytes], name: str, content_type: str) -> FileResponse:
    """A file made for this one reader, as a download: nobody keeps a copy on the way."""
    opened = io.BytesIO(content) if isinstance(content, bytes) else content
    response = FileResponse(opened, as_attachment=True, filename=safe_name(name), content_type=content_type)
    _guard(response)
    response.headers["Cache-Control"] = "no-store"
    return response


def safe_name(name: str) -> str:
    """A name for a file without what means something to a shell, a header or a folder."""
    return PurePath(re.sub(r"[\x00-\x1f\x7f\"\\/]", "_", name)).name or "_"


def _guard(response: FileResponse) -> None:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
