"""The institutions with which a study was made, as the registry of organisations knows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models import Study
from sr_portal.history.tracking import tracked

from .organisations import Organisation


@tracked()
class StudyInstitution(models.Model):
    """An organisation of the registry that made a study with the section: the World Bank, a university…"""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="institutions")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="studies", verbose_name=_("institution partenaire")
    )

    class Meta:
        verbose_name = _("institution partenaire de l’étude")
        verbose_name_plural = _("institutions partenaires de l’étude")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "organisation"],
                name="study_institution_once",
                violation_error_message=_("Cette institution est déjà celle de l’étude."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)
