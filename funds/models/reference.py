"""Reference data of the money and of its purpose: sectors and the month's exchange rate."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .bilingual import BilingualName
from .contribution_triggers import SECTOR_TRIGGERS


class Sector(BilingualName):
    """A DAC purpose code behind a plain name, for instance 12230 « Infrastructures de santé de base »."""

    code = models.CharField(_("code CAD"), primary_key=True, max_length=5)
    group_fr = models.CharField(_("famille (français)"), max_length=100)
    group_en = models.CharField(_("famille (anglais)"), max_length=100)

    class Meta:
        verbose_name = _("secteur")
        verbose_name_plural = _("secteurs")
        ordering = ["group_fr", "name_fr"]
        triggers = [*SECTOR_TRIGGERS]

    def clean(self) -> None:
        earmarked = apps.get_model("funds", "Contribution").objects
        before = type(self).objects.filter(pk=self.pk).values_list("group_fr", flat=True).first()
        if before not in (None, self.group_fr) and earmarked.filter(theme=before).exists():
            raise ValidationError(
                {"group_fr": _("Des contributions sont affectées à cette famille : elle garde son nom.")}
            )


class ExchangeRate(models.Model):
    """The UN operational rate of a month: XOF for one USD. `month` is the month's first day."""

    month = models.DateField(_("mois"), unique=True)
    xof_per_usd = models.DecimalField(
        _("XOF pour 1 USD"), max_digits=10, decimal_places=4, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("taux de change")
        verbose_name_plural = _("taux de change")
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(name="rate_first_of_month", condition=Q(month__day=1)),
            models.CheckConstraint(name="rate_positive", condition=Q(xof_per_usd__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.xof_per_usd}"
