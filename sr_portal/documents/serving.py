"""Handing a file out. Who may have it is the caller's question: no address leads here by itself."""

import re
from pathlib import PurePath

from django.http import FileResponse, Http404

from sr_portal.documents.models import Document


def serve(document: Document, *, thumbnail: bool = False) -> FileResponse:
    """The file as a download; inline only for pictures, which we drew ourselves. Http404 if it is not there."""
    field = document.thumbnail if thumbnail else document.file
    if not field:
        raise Http404
    try:
        opened = field.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = PurePath(re.sub(r"[\x00-\x1f\x7f\"\\/]", "_", document.original_name)).name
    response = FileResponse(
        opened,
        as_attachment=not (thumbnail or document.is_image),
        filename=f"{PurePath(name).stem}-vignette.jpg" if thumbnail else name,
        content_type="image/jpeg" if thumbnail else document.content_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Kept by the reader's own browser for a few minutes: rights may be withdrawn.
    response.headers["Cache-Control"] = "private, max-age=300"
    return response
