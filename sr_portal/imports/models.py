"""What was brought in, by whom, from which file; and how each person's columns are called."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import tracked
from sr_portal.web import clock


class ImportStatus(models.TextChoices):
    RECEIVED = "received", _("À vérifier")
    FAULTY = "faulty", _("À corriger")
    CHECKED = "checked", _("Prêt à importer")
    QUEUED = "queued", _("En attente")
    RUNNING = "running", _("En cours")
    DONE = "done", _("Importé")
    FAILED = "failed", _("Échoué")

    @property
    def tone(self) -> str:
        tones = {"faulty": "danger", "failed": "danger", "done": "positive", "checked": "info", "running": "info"}
        return tones.get(self.value, "neutral")

    @property
    def icon(self) -> str:
        icons = {"faulty": "x-circle", "failed": "x-circle", "done": "check-circle", "checked": "clipboard-check"}
        return icons.get(self.value, "hourglass-split")


def random_path(_instance: "DataImport", _filename: str) -> str:
    name = secrets.token_hex(24)
    return f"imports/{name[:2]}/{name}"


@tracked(exclude=["faults"])
class DataImport(models.Model):
    """One file, from its reception to what it became. Counts are rows of the file; `faults` are kept up to a limit.

    `mapping` is kind of sheet → {"sheet": its name, "columns": field → place from 0}.
    """

    kind = models.CharField(_("contenu"), max_length=20)
    file = models.FileField(_("fichier"), upload_to=random_path, max_length=120)
    original_name = models.CharField(_("nom d’origine"), max_length=200)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("taille"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports", verbose_name=_("importé par")
    )
    created_at = models.DateTimeField(_("reçu le"), default=clock.now)
    status = models.CharField(_("état"), max_length=10, choices=ImportStatus.choices, default=ImportStatus.RECEIVED)
    mapping = models.JSONField(_("colonnes"), default=dict, blank=True)
    options = models.JSONField(_("options"), default=dict, blank=True)
    rows = models.PositiveIntegerField(_("lignes"), default=0)
    created = models.PositiveIntegerField(_("à créer"), default=0)
    updated = models.PositiveIntegerField(_("à modifier"), default=0)
    unchanged = models.PositiveIntegerField(_("inchangées"), default=0)
    fault_count = models.PositiveIntegerField(_("erreurs"), default=0)
    faults = models.JSONField(_("détail des erreurs"), default=list, blank=True)
    failure = models.TextField(_("motif de l’échec"), blank=True)
    finished_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="import_fingerprint", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="import_done_without_fault",
                condition=~Q(status=ImportStatus.DONE) | Q(fault_count=0, finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def status_label(self) -> ImportStatus:
        return ImportStatus(self.status)


class ImportProgress(models.Model):
    """How many rows a running import has written. A row of its own, written by another connection: it is seen while
    the import's transaction is not yet committed."""

    data_import = models.OneToOneField(DataImport, on_delete=models.CASCADE, primary_key=True, related_name="progress")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"


class ColumnMapping(models.Model):
    """How somebody's files call their columns: kind of sheet → field → heading, as `spreadsheets.cells.key` writes it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    headings = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="mapping_once")]

    def __str__(self) -> str:
        return self.kind
