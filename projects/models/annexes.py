"""The files joined to a proposal."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.triggers import mechanism
from sr_portal.documents.models import Document
from sr_portal.history.tracking import tracked

from .projects import Project


class AttachmentKind(models.TextChoices):
    PHOTO = "photo", _("Photo (avant)")
    QUOTE = "quote", _("Devis")
    PLAN = "plan", _("Plan")
    QUANTITIES = "quantities", _("Devis quantitatif et estimatif")
    ENGINEER = "engineer", _("Avis technique d’un ingénieur")
    LETTER = "letter", _("Lettre de l’autorité ou de la communauté")
    LAND_TITLE = "land_title", _("Titre foncier ou attestation")
    OTHER = "other", _("Autre pièce")


@tracked()
class Attachment(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="attachments")
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="attachment", verbose_name=_("fichier")
    )
    kind = models.CharField(_("nature"), max_length=12, choices=AttachmentKind.choices, default=AttachmentKind.OTHER)
    asked = models.ForeignKey(
        "funds.RequiredDocument", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("document exigé"),
    )  # fmt: skip
    caption = models.CharField(_("légende"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("pièce jointe")
        verbose_name_plural = _("pièces jointes")
        ordering = ["kind", "pk"]
        triggers = mechanism.ATTACHMENT_TRIGGERS

    def __str__(self) -> str:
        return self.caption or self.document.original_name
