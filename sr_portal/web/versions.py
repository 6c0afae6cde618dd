"""What a record said when somebody read it, so that a later save over a newer version is refused."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _


class Changed(ValidationError):
    """Somebody else changed the record in between; nothing was written."""


def version_of(record: models.Model) -> str:
    """A text that differs whenever any column of the record, as read from the database, does."""
    values = [str(getattr(record, column.attname)) for column in record._meta.concrete_fields]
    return salted_hmac(f"version of {record._meta.label}", "\x1f".join(values)).hexdigest()[:20]


def unchanged_since(record: models.Model, seen: str) -> None:
    """Raises `Changed` when the record is no longer the version `seen`."""
    if version_of(record) != seen:
        raise Changed(_("Quelqu’un d’autre a modifié cette fiche entre-temps : comparez, puis enregistrez de nouveau."))
