"""Keeping files: storing what passed the checks, withdrawing it later."""

import hashlib
import os
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.translation import gettext as _

from sr_portal import encryption
from sr_portal.accounts.models import User
from sr_portal.documents.checks import check
from sr_portal.documents.models import Document
from sr_portal.documents.refusals import RefusedFile
from sr_portal.web import clock


class _UntilCommitted:
    """Removes files from the disk unless the transaction commits.

    Django forgets its `on_commit` calls when a transaction or a savepoint rolls back; this object lives in one of
    them alone, so that to be forgotten is to be finalised. A process killed in between leaves a file nobody sees.
    """

    def __init__(self, storage: Storage, names: Iterable[str]) -> None:
        self._remove = weakref.finalize(self, _remove, storage, list(names))

    def keep(self) -> None:
        self._remove.detach()


def _remove(storage: Storage, names: list[str]) -> None:
    for name in names:
        storage.delete(name)


def store(upload: File, *, by: User, sealed: bool = False, replaces: Document | None = None) -> Document:
    """Check an upload and keep it, in the caller's transaction; RefusedFile (a ValidationError) says why not.

    The size and the fingerprint are those of what is kept: a photo is drawn again (see `images`). With `sealed`, the
    file rests encrypted (see `sr_portal.encryption`), without thumbnail or position. `replaces` is the version before it.
    """
    checked = check(upload)
    image = checked.image if not sealed else None
    document = Document(
        original_name=checked.name,
        content_type=checked.content_type,
        size=len(checked.content),
        sha256=hashlib.sha256(checked.content).hexdigest(),
        uploaded_by=by,
        uploaded_at=clock.now(),
        is_sealed=sealed,
        replaces=replaces,
    )
    kept = encryption.seal(checked.content, context=document.seal_context) if sealed else checked.content
    storage = document.file.storage
    written: list[str] = []
    try:
        document.file.save(checked.name, ContentFile(kept), save=False)
        written.append(str(document.file.name))
        if image:
            document.width, document.height = image.width, image.height
            document.latitude, document.longitude = image.latitude, image.longitude
            document.thumbnail.save("thumbnail", ContentFile(image.thumbnail), save=False)
            written.append(str(document.thumbnail.name))
        with transaction.atomic():
            document.full_clean(exclude=["uploaded_by"])
            document.save(force_insert=True)
    except BaseException:
        _remove(storage, written)
        raise
    transaction.on_commit(_UntilCommitted(storage, written).keep)
    return document


def withdraw(document: Document, *, by: User, reason: str) -> Document:
    """Take a document away from its readers; it stays on file, with who, when and why. Twice changes nothing."""
    reason = reason.strip()
    if not reason:
        raise RefusedFile(document.original_name, _("dites pourquoi ce document est retiré."))
    with transaction.atomic():
        current = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if not current.is_withdrawn:
            current.withdrawn_at, current.withdrawn_by, current.withdrawal_reason = clock.now(), by, reason[:250]
            current.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    return current


def reseal(document: Document) -> bool:
    """Encrypt a sealed file again with the first key, in place; False when it already is. Raises Unreadable, OSError.

    The new file is written aside, then put in the place of the old one: a reader finds one or the other, whole.
    """
    path = Path(document.file.path)
    token = path.read_bytes()
    if encryption.is_sealed_by_first_key(token):
        return False
    again = encryption.seal(encryption.unseal(token, context=document.seal_context), context=document.seal_context)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".reseal-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(again)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, path.stat().st_mode)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    return True
