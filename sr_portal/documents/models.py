"""Any file of any record: what it is, where it is kept, and its fingerprint."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import tracked
from sr_portal.web import clock


def random_path(instance: "Document", filename: str) -> str:
    """A name that cannot be guessed and says nothing of the original."""
    name = secrets.token_hex(24)
    return f"{name[:2]}/{name[2:4]}/{name}"


@tracked()
class Document(models.Model):
    """`size` in bytes, `sha256` in hexadecimal, position in degrees (from the photo's own data)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("fichier"), upload_to=random_path, max_length=120)
    thumbnail = models.FileField(_("vignette"), upload_to=random_path, max_length=120, blank=True)
    original_name = models.CharField(_("nom d’origine"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("taille"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("déposé le"), default=clock.now)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawal_reason = models.CharField(_("motif du retrait"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.original_name
