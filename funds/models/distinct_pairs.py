"""Two organisations that look like one and are not: somebody looked, and said why."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import refuse_truncate, tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .contributions import user
from .organisations import Organisation


class DistinctPairQuerySet(models.QuerySet):
    def standing_between(self, one: Organisation, other: Organisation) -> Self:
        """Marks not lifted that say of these two, or of records since merged into them, that they differ."""

        def side(name: str, organisation: Organisation) -> Q:
            return Q(**{name: organisation}) | Q(**{f"{name}__merged_into": organisation})

        either_way = side("earlier", one) & side("later", other) | side("earlier", other) & side("later", one)
        return self.filter(either_way, lifted_at=None)


@tracked()
class DistinctPair(ChecksAtOnce):
    """« Différentes » : the pair is no longer proposed as a duplicate until the mark is lifted; both are kept."""

    earlier = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("fiche"))
    later = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("fiche inscrite ensuite")
    )
    reason = models.CharField(_("en quoi elles diffèrent"), max_length=250)
    marked_by = user(_("marquées par"))
    marked_at = models.DateTimeField(_("marquées le"), default=clock.now, editable=False)
    lifted_by = user(_("marque levée par"))
    lifted_at = models.DateTimeField(_("marque levée le"), null=True, blank=True, editable=False)

    objects = DistinctPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("fiches distinctes")
        verbose_name_plural = _("fiches distinctes")
        ordering = ["-marked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["earlier", "later"],
                condition=Q(lifted_at__isnull=True),
                name="distinct_pair_once",
                violation_error_message=_("Ces deux fiches sont déjà marquées différentes."),
            ),
            models.CheckConstraint(name="distinct_pair_in_order", condition=Q(earlier__lt=F("later"))),
            models.CheckConstraint(
                name="distinct_pair_with_reason",
                condition=~Q(reason="") & Q(marked_by__isnull=False),
                violation_error_message=_("Dites en quoi elles diffèrent."),
            ),
            models.CheckConstraint(
                name="distinct_pair_lifted_by_somebody",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="marked_for_good", fields=["earlier", "later", "reason", "marked_by", "marked_at"]),
            pgtrigger.Protect(
                name="lifted_for_good", operation=pgtrigger.Update, condition=pgtrigger.Q(old__lifted_at__isnull=False)
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            refuse_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} ≠ {self.later}"
