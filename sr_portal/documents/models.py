"""Any file of any record: what it is, where it is kept, and its fingerprint."""

import secrets
import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp")


def random_path(instance: "Document", filename: str) -> str:
    """A name that cannot be guessed and says nothing of the original."""
    name = secrets.token_hex(24)
    return f"{name[:2]}/{name[2:4]}/{name}"


@tracked()
class Document(ChecksAtOnce):
    """`size` in bytes, `sha256` in hexadecimal, position in degrees (from the photo's own data).

    They are those of the file as people read it; a sealed one is kept encrypted, and has no thumbnail.
    What was filed never changes: a wrong file is withdrawn, with a reason, and another one filed. A newer version says
    which one it `replaces`; the older stays readable.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("fichier"), upload_to=random_path, max_length=120)
    thumbnail = models.FileField(_("vignette"), upload_to=random_path, max_length=120, blank=True)
    original_name = models.CharField(_("nom d’origine"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("taille"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    width = models.PositiveIntegerField(_("largeur"), null=True, blank=True)
    height = models.PositiveIntegerField(_("hauteur"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("déposé par")
    )
    uploaded_at = models.DateTimeField(_("déposé le"), default=clock.now)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("remplace"),
    )
    is_sealed = models.BooleanField(_("chiffré"), default=False)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("retiré par"),
    )
    withdrawal_reason = models.CharField(_("motif du retrait"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.CheckConstraint(name="document_has_content", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="document_replaces_another",
                condition=Q(replaces__isnull=True) | ~Q(replaces=models.F("pk")),
            ),
            models.CheckConstraint(name="document_fingerprint", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="document_position_on_earth",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(  # a comparison with NULL is not false, so NULL is refused by name
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
            ),
            models.CheckConstraint(
                name="document_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason="")),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="filed_for_good",
                fields=["public_id", "file", "original_name", "content_type", "size", "sha256"]
                + ["uploaded_by", "uploaded_at", "is_sealed", "replaces"],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_image(self) -> bool:
        return self.content_type in IMAGE_TYPES

    @property
    def seal_context(self) -> str:
        """What the file's encryption is bound to: another document's file does not open in its place."""
        return f"documents.document:{self.public_id}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
