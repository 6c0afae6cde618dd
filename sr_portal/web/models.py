"""Keys of forms that must have one effect only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import clock


class OneTimeKey(models.Model):
    """A key that a form carried and that has had its effect: who sent it, where, and where it led."""

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("personne")
    )
    path = models.CharField(_("adresse du formulaire"), max_length=500)
    result = models.CharField(_("adresse du résultat"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("utilisée le"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("clé à usage unique")
        verbose_name_plural = _("clés à usage unique")

    def __str__(self) -> str:
        return str(self.key)
