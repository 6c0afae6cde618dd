"""From which concept note a project came."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import tracked

from .projects import Project


@tracked()
class ProjectOrigin(models.Model):
    """The accepted concept note of which a project is made: one project of one note, for good."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="origin")
    note = models.OneToOneField(
        "funds.ConceptNote", on_delete=models.PROTECT, related_name="origin_of", verbose_name=_("note conceptuelle")
    )

    class Meta:
        verbose_name = _("note conceptuelle d’origine")
        verbose_name_plural = _("notes conceptuelles d’origine")
        triggers = [
            pgtrigger.ReadOnly(name="origin_stays", fields=["project", "note"]),
            pgtrigger.Trigger(
                name="origin_was_accepted",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM funds_conceptnote WHERE id = NEW.note_id AND status = 'project') THEN
                        RAISE EXCEPTION 'origin_was_accepted: note % was not accepted', NEW.note_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.note)
