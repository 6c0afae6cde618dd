"""Which projects a study's finding bears on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models import KeyFinding
from sr_portal.history.tracking import tracked

from .projects import Project


@tracked()
class FindingProject(models.Model):
    """A finding of a study that speaks of a project, or that a project answers."""

    finding = models.ForeignKey(KeyFinding, on_delete=models.CASCADE, related_name="project_bearings")
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="finding_bearings", verbose_name=_("projet")
    )

    class Meta:
        verbose_name = _("constat d’étude lié au projet")
        verbose_name_plural = _("constats d’études liés au projet")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["finding", "project"], name="finding_project_once")]

    def __str__(self) -> str:
        return str(self.finding)
