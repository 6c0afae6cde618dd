"""Partners shut out of new projects: why, since when, by whom, until when. Each exclusion is kept."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .organisations import Organisation


@tracked()
class Exclusion(ChecksAtOnce):
    """One exclusion. It lasts until its day (`until`, empty: until it is lifted); `organisation.excluded` says the same.

    Without `ended_by`, it ended because its day came.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="exclusions", verbose_name=_("organisation")
    )
    reason = models.TextField(_("motif de l’exclusion"))
    excluded_on = models.DateField(_("exclu le"), default=clock.today)
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("exclu par"), help_text=_("Vide : d’avant la tenue de ce registre."),
    )  # fmt: skip
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    ended_on = models.DateField(_("levée le"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("levée par"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        ordering = ["-excluded_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(ended_on__isnull=True), name="exclusion_one_under_way",
                violation_error_message=_("Ce partenaire est déjà exclu."),
            ),
            models.CheckConstraint(
                name="exclusion_with_reason", condition=~Q(reason=""),
                violation_error_message=_("Indiquez le motif de l’exclusion."),
            ),
            models.CheckConstraint(
                name="exclusion_ends_after_it_begins",
                condition=(Q(until__isnull=True) | Q(until__gt=F("excluded_on")))
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("excluded_on"))),
                violation_error_message=_("Une exclusion finit après avoir commencé."),
            ),
            models.CheckConstraint(
                name="exclusion_lifted_once_ended", condition=Q(ended_by__isnull=True) | Q(ended_on__isnull=False)
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.ReadOnly(name="pronounced_for_good", fields=["reason", "excluded_on", "excluded_by", "until"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.excluded_on}"
