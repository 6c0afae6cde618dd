"""Projects that entered from a file, in the state in which they then stood, with the file and the row that say so."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.states import IMPORTED, State
from sr_portal.history.tracking import refuse_truncate, tracked
from sr_portal.web import clock

from .projects import Project


@tracked()
class ImportedProject(models.Model):
    """The one way past a project's road: it opens in the transaction of a running import, for a project made in it.

    `digest` (SHA-256) is of all that the file said of it: the same again is left alone, something else is refused.
    `transaction` is PostgreSQL's number of the import's transaction: once that is over, the way is shut for good.
    """

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="imported", verbose_name=_("projet"))
    data_import = models.ForeignKey(
        "imports.DataImport", on_delete=models.PROTECT, related_name="+", verbose_name=_("import")
    )
    row = models.PositiveIntegerField(_("ligne du fichier"))
    state = models.CharField(_("entré à l’état"), max_length=20, choices=State.choices)
    digest = models.CharField(_("empreinte"), max_length=64)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("importé par")
    )
    imported_at = models.DateTimeField(_("importé le"), default=clock.now)
    transaction = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("projet repris")
        verbose_name_plural = _("projets repris")
        constraints = [
            models.CheckConstraint(name="imported_state_allowed", condition=Q(state__in=sorted(IMPORTED))),
            models.CheckConstraint(name="imported_digest", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_a_running_import",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM imports_dataimport WHERE id = NEW.data_import_id
                        AND status = 'running' AND kind = 'portfolio' AND by_id = NEW.imported_by_id) THEN
                        RAISE EXCEPTION 'of_a_running_import: project % is not of a running import', NEW.project_id;
                    END IF;
                    IF EXISTS (SELECT 1 FROM projects_statechange WHERE project_id = NEW.project_id)
                       OR EXISTS (SELECT 1 FROM projects_budgetline WHERE project_id = NEW.project_id)
                       OR EXISTS (SELECT 1 FROM projects_project WHERE id = NEW.project_id
                                   AND (state <> 'draft' OR author_id <> NEW.imported_by_id)) THEN
                        RAISE EXCEPTION 'of_a_running_import: project % was there before', NEW.project_id;
                    END IF;
                    NEW.transaction = txid_current();
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="for_good", operation=pgtrigger.Update | pgtrigger.Delete),
            refuse_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.project} ({self.row})"
