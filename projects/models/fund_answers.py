"""What a proposal answers to its mechanism beyond what all proposals say (`funds.models.asked`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from funds.models import FormQuestion, Marker, MarkerLevel
from projects.triggers import mechanism
from sr_portal.history.tracking import tracked

from .projects import Project

LONGEST_ANSWER = 10_000  # characters


@tracked()
class ProjectMarker(models.Model):
    """Where a project places itself on a marker of its mechanism."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="marked")
    marker = models.ForeignKey(Marker, on_delete=models.PROTECT, related_name="+", verbose_name=_("marqueur"))
    level = models.ForeignKey(MarkerLevel, on_delete=models.PROTECT, related_name="+", verbose_name=_("niveau"))

    class Meta:
        verbose_name = _("marqueur du projet")
        verbose_name_plural = _("marqueurs du projet")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["project", "marker"], name="project_marker_once")]
        triggers = mechanism.MARKER_TRIGGERS

    def __str__(self) -> str:
        return str(self.level)


@tracked()
class ProjectAnswer(models.Model):
    """What a project answers to a question of its mechanism's form."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="answered")
    question = models.ForeignKey(FormQuestion, on_delete=models.PROTECT, related_name="+", verbose_name=_("question"))
    text = models.TextField(_("réponse"), max_length=LONGEST_ANSWER)

    class Meta:
        verbose_name = _("réponse au fonds")
        verbose_name_plural = _("réponses au fonds")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["project", "question"], name="project_answer_once")]
        triggers = mechanism.ANSWER_TRIGGERS

    def __str__(self) -> str:
        return self.text[:80]
