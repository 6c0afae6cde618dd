"""Reference data that has a name in both of the interface's languages."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class BilingualName(models.Model):
    name_fr = models.CharField(_("nom en français"), max_length=200)
    name_en = models.CharField(_("nom en anglais"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "fr").startswith("en") else self.name_fr
