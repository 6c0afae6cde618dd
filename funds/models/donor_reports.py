"""Reports that the section owes a donor for a contribution, until they are sent."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _

from funds import rules
from funds.donor_report_querysets import DonorReportQuerySet
from sr_portal.documents.models import Document
from sr_portal.history.tracking import refuse_truncate, tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .contributions import Contribution, user
from .donor_report_triggers import DONOR_REPORT_TRIGGERS


class DonorReportKind(models.TextChoices):
    INTERIM = "interim", _("Intermédiaire")
    ANNUAL = "annual", _("Annuel")
    FINAL = "final", _("Final")


class DonorReportContent(models.TextChoices):
    NARRATIVE = "narrative", _("Narratif")
    FINANCIAL = "financial", _("Financier")
    BOTH = "both", _("Narratif et financier")


class DonorReportState(models.TextChoices):
    DUE = "due", _("À transmettre")
    SENT = "sent", _("Transmis")
    WAIVED = "waived", _("Dispensé")

    @property
    def tone(self) -> str:
        return {"due": "info", "sent": "positive"}.get(self.value, "neutral")

    @property
    def icon(self) -> str:
        return {"due": "hourglass-split", "sent": "check-circle"}.get(self.value, "archive")


@tracked()
class DonorReport(ChecksAtOnce):
    """One report that the agreement with the donor asks for, on a period.

    `due_on` is the day by which it is sent: given as it stands, or `due_days` calendar days after `period_end`, then
    held equal to that by the database. Once sent (with the exact file, by whom, on which day) or waived by the donor
    (with the reason) it never changes. `covers_since` to `covers_until` is what the file that was sent covers. A sending
    that was recorded by mistake is undone with a reason, the last of which stays here; then the report is due again.
    """

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="donor_reports", verbose_name=_("contribution")
    )
    kind = models.CharField(_("rapport"), max_length=10, choices=DonorReportKind.choices)
    content = models.CharField(
        _("contenu"), max_length=10, choices=DonorReportContent.choices, default=DonorReportContent.BOTH
    )
    period_start = models.DateField(_("début de la période"), null=True, blank=True)
    period_end = models.DateField(_("fin de la période"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(
        _("jours après la fin de la période"), null=True, blank=True,
        validators=[MaxValueValidator(rules.MOST_DAYS_TO_REPORT)],
    )  # fmt: skip
    due_on = models.DateField(_("à transmettre le"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="donor_reports", verbose_name=_("responsable")
    )
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(
        _("état"), max_length=10, choices=DonorReportState.choices, default=DonorReportState.DUE, editable=False
    )
    covers_since = models.DateField(_("rapport du"), null=True, blank=True, editable=False)
    covers_until = models.DateField(_("rapport jusqu’au"), null=True, blank=True, editable=False)
    sent_on = models.DateField(_("transmis le"), null=True, blank=True, editable=False)
    sent_by = user(_("transmis par"))
    sent_at = models.DateTimeField(_("envoi enregistré le"), null=True, blank=True, editable=False)
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="donor_report",
        verbose_name=_("rapport transmis"),
    )  # fmt: skip
    waived_by = user(_("dispense enregistrée par"))
    waived_at = models.DateTimeField(_("dispense enregistrée le"), null=True, blank=True, editable=False)
    waiver_reason = models.CharField(_("motif de la dispense"), max_length=250, blank=True, editable=False)
    undone_by = user(_("envoi annulé par"))
    undone_at = models.DateTimeField(_("envoi annulé le"), null=True, blank=True, editable=False)
    undo_reason = models.CharField(_("motif de l’annulation"), max_length=250, blank=True, editable=False)
    created_by = user(_("inscrit par"))
    created_at = models.DateTimeField(_("inscrit le"), default=clock.now, editable=False)

    objects = DonorReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("rapport à un donateur")
        verbose_name_plural = _("rapports aux donateurs")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["due_on", "id"], name="donor_report_by_day"),
            models.Index(fields=["due_on", "id"], condition=Q(state="due"), name="donor_report_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "kind", "content", "due_on"],
                condition=~Q(state="waived"),
                name="donor_report_once",
                violation_error_message=_("Ce rapport est déjà inscrit pour ce jour."),
            ),
            models.CheckConstraint(
                name="donor_report_words_known",
                condition=Q(kind__in=DonorReportKind.values, content__in=DonorReportContent.values)
                & Q(state__in=DonorReportState.values),
            ),
            models.CheckConstraint(
                name="donor_report_due_by_its_rule",
                condition=Q(due_days__isnull=True)
                | Q(
                    period_end__isnull=False,
                    due_days__lte=rules.MOST_DAYS_TO_REPORT,
                    due_on=ExpressionWrapper(F("period_end") + F("due_days"), output_field=models.DateField()),
                ),
                violation_error_message=_(
                    "L’échéance ne suit pas la règle : tant de jours après la fin de la période."
                ),
            ),
            models.CheckConstraint(
                name="donor_report_period_in_order",
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_start__lte=F("period_end")),
                violation_error_message=_("La période finit avant de commencer."),
            ),
            models.CheckConstraint(
                name="donor_report_sent_whole",
                condition=Q(state="sent", sent_on__isnull=False, sent_by__isnull=False, sent_at__isnull=False)
                & Q(document__isnull=False)
                | ~Q(state="sent")
                & Q(sent_on__isnull=True, sent_by__isnull=True, sent_at__isnull=True, document__isnull=True)
                & Q(covers_since__isnull=True, covers_until__isnull=True),
                violation_error_message=_("Un rapport transmis dit quand, par qui, et garde son fichier."),
            ),
            models.CheckConstraint(
                name="donor_report_covers_in_order",
                condition=Q(covers_since__isnull=True)
                | Q(covers_until__isnull=True)
                | Q(covers_since__lte=F("covers_until")),
            ),
            models.CheckConstraint(
                name="donor_report_waived_with_reason",
                condition=Q(state="waived", waived_by__isnull=False, waived_at__isnull=False) & ~Q(waiver_reason="")
                | ~Q(state="waived") & Q(waived_by__isnull=True, waived_at__isnull=True, waiver_reason=""),
                violation_error_message=_("Dites pourquoi le donateur dispense de ce rapport."),
            ),
            models.CheckConstraint(
                name="donor_report_undone_with_reason",
                condition=Q(undone_by__isnull=True, undone_at__isnull=True, undo_reason="")
                | Q(undone_by__isnull=False, undone_at__isnull=False) & ~Q(undo_reason=""),
                violation_error_message=_("Dites pourquoi l’envoi est annulé."),
            ),
            models.CheckConstraint(name="donor_report_entered_by_somebody", condition=Q(created_by__isnull=False)),
        ]
        triggers = [*DONOR_REPORT_TRIGGERS, pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]
        triggers += [refuse_truncate()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_content_display().lower()})"

    @property
    def state_label(self) -> DonorReportState:
        return DonorReportState(self.state)

    @property
    def days_late(self) -> int:
        """How long after its day it was sent, or is still waiting; 0 when in time or waived."""
        if self.state == DonorReportState.WAIVED:
            return 0
        return max(((self.sent_on or clock.today()) - self.due_on).days, 0)

    @property
    def is_late(self) -> bool:
        return self.state == DonorReportState.DUE and self.days_late > 0
