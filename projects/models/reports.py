"""Reports on a project: interim, final narrative, final financial; submitted, returned with remarks, accepted."""

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models import PeriodicKind
from projects.rules.reports import FINALS, declares
from projects.triggers import reports as triggers
from projects.triggers.deadlines import OF_REPORT, OF_REPORT_RETURN
from sr_portal.documents.models import Document
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce
from sr_portal.web.templatetags.portal import day

from .instalments import Instalment
from .plan import ExpectedResult
from .projects import Project, headcount


class ReportKind(models.TextChoices):
    INTERIM = "interim", _("Rapport intermédiaire")
    PERIODIC = "periodic", _("Rapport périodique")
    FINAL_NARRATIVE = "final_narrative", _("Rapport narratif final")
    FINAL_FINANCIAL = "final_financial", _("Rapport financier final")


def declared(label) -> models.DecimalField:
    """What the partner declares, USD; null where the mechanism asks for no declaration."""
    return models.DecimalField(
        label, max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )


class ReportState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("rapport", "En rédaction")
    SUBMITTED = "submitted", pgettext_lazy("rapport", "Soumis")
    RETURNED = "returned", pgettext_lazy("rapport", "Renvoyé")
    ACCEPTED = "accepted", pgettext_lazy("rapport", "Accepté")

    @property
    def tone(self) -> str:
        return {"draft": "neutral", "submitted": "info", "returned": "warning", "accepted": "positive"}[self.value]

    @property
    def icon(self) -> str:
        return {
            "draft": "pencil", "submitted": "send", "returned": "arrow-return-left", "accepted": "check-circle",
        }[self.value]  # fmt: skip


def periodic_title(period: str, due_on: dt.date) -> str:
    return _now("%(kind)s du %(day)s") % {"kind": PeriodicKind(period).label, "day": day(due_on)}


@tracked()
class Report(ChecksAtOnce):
    """A report; an interim one accounts for `instalment`, a periodic one answers to `due_on`, a day of the mechanism's calendar, for a `period`. Days are calendar days, headcounts are persons reached.

    The financial figures are not typed: they are the receipts' and payments'. Where the mechanism opens the next tranche
    on what is spent or committed, the partner declares both, cumulated since the start, the commitments not yet paid.
    `version` refuses a save on an older one.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(_("type de rapport"), max_length=16, choices=ReportKind.choices)
    instalment = models.ForeignKey(
        Instalment, on_delete=models.PROTECT, null=True, blank=True, related_name="reports",
        verbose_name=_("tranche justifiée"),
    )  # fmt: skip
    period = models.CharField(_("périodicité"), max_length=12, choices=PeriodicKind.choices, blank=True)
    due_on = models.DateField(_("attendu le"), null=True, blank=True)
    state = models.CharField(
        _("état"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    period_from = models.DateField(_("période du"), null=True, blank=True)
    period_to = models.DateField(_("au"), null=True, blank=True)
    done = models.TextField(_("activités réalisées"), blank=True)
    difficulties = models.TextField(_("difficultés et solutions"), blank=True)
    confidence = models.TextField(_("effet sur la confiance"), blank=True)
    inclusion = models.TextField(_("genre, inclusion et protection"), blank=True)
    sustainability = models.TextField(_("pérennité et entretien"), blank=True)
    visibility = models.TextField(_("visibilité"), blank=True)
    lessons = models.TextField(_("leçons apprises"), blank=True)
    next_steps = models.TextField(_("prochaines étapes"), blank=True)
    spending = models.TextField(_("commentaire sur les dépenses et les écarts"), blank=True)
    declared_spent_usd = declared(_("dépensé depuis le début (USD)"))
    declared_committed_usd = declared(_("engagé et non encore payé (USD)"))
    reached_women = headcount(_("femmes atteintes"))
    reached_men = headcount(_("hommes atteints"))
    reached_girls = headcount(_("filles atteintes"))
    reached_boys = headcount(_("garçons atteints"))
    reached_displaced = headcount(_("dont personnes déplacées"))
    reached_disabled = headcount(_("dont personnes handicapées"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("rédigé par")
    )
    created_at = models.DateTimeField(_("créé le"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("modifié le"), default=clock.now, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("soumis par"),
    )  # fmt: skip
    submitted_at = models.DateTimeField(_("soumis le"), null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("accepté par"),
    )  # fmt: skip
    judged_at = models.DateTimeField(_("accepté le"), null=True, blank=True)

    class Meta:
        verbose_name = _("rapport")
        verbose_name_plural = _("rapports")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"], condition=Q(kind__in=FINALS), name="report_final_once",
                violation_error_message=_("Ce rapport final existe déjà : reprenez-le."),
            ),
            models.UniqueConstraint(
                fields=["project", "instalment"], condition=Q(kind="interim"), name="report_interim_once",
                violation_error_message=_("Cette tranche a déjà son rapport intermédiaire : reprenez-le."),
            ),
            models.UniqueConstraint(
                fields=["project", "due_on"], condition=Q(kind="periodic"), name="report_periodic_once",
                violation_error_message=_("Ce rapport périodique existe déjà : reprenez-le."),
            ),
            models.CheckConstraint(
                name="report_periodic_has_its_day",
                condition=Q(kind="periodic", due_on__isnull=False, period__in=PeriodicKind.values)
                | (~Q(kind="periodic") & Q(due_on__isnull=True, period="")),
            ),
            models.CheckConstraint(
                name="report_interim_has_instalment",
                condition=Q(kind="interim", instalment__isnull=False) | (~Q(kind="interim") & Q(instalment__isnull=True)),
            ),
            models.CheckConstraint(
                name="report_judged_by_another",
                condition=~Q(state="accepted")
                | (
                    Q(judged_by__isnull=False, judged_at__isnull=False, submitted_by__isnull=False)
                    & ~Q(judged_by=F("submitted_by")) & ~Q(judged_by=F("written_by"))
                ),
                violation_error_message=_("Qui rédige ou soumet un rapport ne l’accepte pas."),
            ),
            models.CheckConstraint(
                name="report_declared_not_negative",
                condition=(Q(declared_spent_usd__isnull=True) | Q(declared_spent_usd__gte=0))
                & (Q(declared_committed_usd__isnull=True) | Q(declared_committed_usd__gte=0)),
            ),
            models.CheckConstraint(
                name="report_period_in_order",
                condition=Q(period_from__isnull=True) | Q(period_to__isnull=True) | Q(period_from__lte=F("period_to")),
                violation_error_message=_("La période se termine avant de commencer."),
            ),
        ]  # fmt: skip
        triggers = [*triggers.REPORT, OF_REPORT]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.project}"

    @property
    def state_label(self) -> ReportState:
        return ReportState(self.state)

    def get_kind_display(self) -> str:
        """« Rapport semestriel du 15 juin 2026 » for a periodic one."""
        if self.kind == ReportKind.PERIODIC and self.due_on:
            return periodic_title(self.period, self.due_on)
        return str(ReportKind(self.kind).label)

    @property
    def declares(self) -> bool:
        """Whether its author says what is spent and committed, for the gate of the next tranche."""
        return declares(self.kind, self.project.mechanism.next_tranche_counts)

    @property
    def declared_usd(self) -> Decimal | None:
        """Spent or committed together; None when nothing is declared."""
        if self.declared_spent_usd is None or self.declared_committed_usd is None:
            return None
        return self.declared_spent_usd + self.declared_committed_usd


@tracked()
class ResultReached(models.Model):
    """What a report says of an expected result: the value reached, beside baseline and target."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="results")
    result = models.ForeignKey(
        ExpectedResult, on_delete=models.PROTECT, related_name="reached", verbose_name=_("résultat attendu")
    )
    value = models.DecimalField(_("valeur atteinte"), max_digits=14, decimal_places=2, null=True, blank=True)
    comment = models.CharField(_("commentaire"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("résultat atteint")
        verbose_name_plural = _("résultats atteints")
        ordering = ["result_id"]
        constraints = [models.UniqueConstraint(fields=["report", "result"], name="result_reached_once")]
        triggers = [*triggers.RESULT_REACHED]

    def __str__(self) -> str:
        return str(self.value)


@tracked()
class ReportReturn(models.Model):
    """One return of a report to its author, with what is to be mended; each is kept."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="returns")
    text = models.TextField(_("à corriger"))
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("renvoyé par")
    )
    returned_at = models.DateTimeField(_("renvoyé le"), default=clock.now)

    class Meta:
        verbose_name = _("renvoi de rapport")
        verbose_name_plural = _("renvois de rapport")
        ordering = ["returned_at", "pk"]
        triggers = [*triggers.RETURN, OF_REPORT_RETURN]

    def __str__(self) -> str:
        return self.text


@tracked()
class ReportFile(models.Model):
    """A file joined to a report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="report_file", verbose_name=_("fichier")
    )
    caption = models.CharField(_("légende"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("pièce du rapport")
        verbose_name_plural = _("pièces du rapport")
        ordering = ["pk"]
        triggers = [*triggers.FILE]

    def __str__(self) -> str:
        return self.caption or self.document.original_name
