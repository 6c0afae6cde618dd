"""Photos and documents of a project that somebody cleared for the public."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.triggers import publication as triggers
from sr_portal.documents.models import IMAGE_TYPES, Document
from sr_portal.history.tracking import refuse_truncate, tracked
from sr_portal.web import clock

from .projects import Project


class FileLanguage(models.TextChoices):
    FRENCH = "fr", _("Français")
    ENGLISH = "en", _("Anglais")


class PublishedFileQuerySet(models.QuerySet):
    def in_force(self) -> "PublishedFileQuerySet":
        """Cleared, not taken back, and still on file."""
        return self.filter(withdrawn_at=None, document__withdrawn_at=None)

    def shown(self) -> "PublishedFileQuerySet":
        """Those that partners are handed: in force, of a project that is told in full."""
        return self.in_force().filter(project__published_on__isnull=False, project__disclosure="full")

    def photos(self) -> "PublishedFileQuerySet":
        return self.filter(document__content_type__in=IMAGE_TYPES)


@tracked()
class PublishedFile(models.Model):
    """One clearing of one file: by whom, when, under which title. Taken back, it stays, with the reason.

    `consent` says that the people who can be recognised agreed, or that there are none.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="published_files")
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="publications", verbose_name=_("fichier")
    )
    title = models.CharField(_("titre publié"), max_length=200)
    language = models.CharField(_("langue"), max_length=2, choices=FileLanguage.choices, default=FileLanguage.FRENCH)
    consent = models.BooleanField(_("accord des personnes reconnaissables vérifié"))
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("publié par")
    )
    cleared_at = models.DateTimeField(_("publié le"), default=clock.now)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("dépublié par"),
    )  # fmt: skip
    withdrawn_at = models.DateTimeField(_("dépublié le"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("motif de la dépublication"), max_length=250, blank=True)

    objects = PublishedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("fichier publié")
        verbose_name_plural = _("fichiers publiés")
        ordering = ["cleared_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(withdrawn_at__isnull=True), name="published_file_once",
                violation_error_message=_("Ce fichier est déjà publié."),
            ),
            models.CheckConstraint(
                name="published_file_with_consent", condition=Q(consent=True) & ~Q(title=""),
                violation_error_message=_("Un fichier se publie sous un titre, l’accord des personnes étant vérifié."),
            ),
            models.CheckConstraint(
                name="published_file_withdrawn_whole",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason="")),
                violation_error_message=_("Un fichier dépublié dit par qui, quand et pourquoi."),
            ),
        ]  # fmt: skip
        triggers = [*triggers.FILE, refuse_truncate()]

    def __str__(self) -> str:
        return self.title
