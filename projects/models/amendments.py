"""Amendments (avenants): a copy of what is to change, with its own small approval."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.triggers import follow_up as triggers
from projects.triggers.deadlines import OF_AMENDMENT
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .projects import Project


class AmendmentState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("avenant", "En préparation")
    SUBMITTED = "submitted", pgettext_lazy("avenant", "Soumis")
    APPROVED = "approved", pgettext_lazy("avenant", "Approuvé")
    REFUSED = "refused", pgettext_lazy("avenant", "Refusé")
    WITHDRAWN = "withdrawn", pgettext_lazy("avenant", "Retiré")

    @property
    def tone(self) -> str:
        return {"draft": "neutral", "submitted": "info", "approved": "positive", "refused": "danger"}.get(
            self.value, "neutral"
        )

    @property
    def icon(self) -> str:
        return {"draft": "pencil", "submitted": "send", "approved": "patch-check", "refused": "x-circle"}.get(
            self.value, "archive"
        )


@tracked()
class Amendment(ChecksAtOnce):
    """`changes` is a list of `{"field", "before", "after"}` in plain machine values; the original stays readable.

    `before` is what the writer saw: an approval is refused when the project no longer says so. `budget_delta_usd` is what
    the approved amount gains or loses; with those before it, the QIP's ceiling and 6 months hold (domain guide §7).
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField(_("numéro"))
    state = models.CharField(
        _("état"), max_length=10, choices=AmendmentState.choices, default=AmendmentState.DRAFT, editable=False
    )
    reason = models.TextField(_("motif"))
    changes = models.JSONField(_("modifications"), default=list)
    budget_delta_usd = models.DecimalField(
        _("variation du budget (USD)"), max_digits=12, decimal_places=2, default=Decimal("0")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("rédigé par")
    )
    created_at = models.DateTimeField(_("créé le"), default=clock.now, editable=False)
    submitted_at = models.DateTimeField(_("soumis le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("décidé par"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    decision_note = models.TextField(_("motifs de la décision"), blank=True)

    class Meta:
        verbose_name = _("avenant")
        verbose_name_plural = _("avenants")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="amendment_number_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state__in=["draft", "submitted"]), name="amendment_one_open",
                violation_error_message=_("Un avenant est déjà en cours : terminez-le d’abord."),
            ),
            models.CheckConstraint(
                name="amendment_decided_by_another",
                condition=Q(state__in=["draft", "submitted", "withdrawn"], decided_by__isnull=True)
                | (
                    Q(state__in=["approved", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("written_by"))
                ),
                violation_error_message=_("Qui rédige un avenant ne le décide pas."),
            ),
            models.CheckConstraint(
                name="amendment_refused_with_reasons", condition=~Q(state="refused") | ~Q(decision_note=""),
                violation_error_message=_("Indiquez les motifs du refus."),
            ),
        ]  # fmt: skip
        triggers = [*triggers.AMENDMENT, OF_AMENDMENT]

    def __str__(self) -> str:
        return f"{self.project.reference} – {self.number}"

    @property
    def state_label(self) -> AmendmentState:
        return AmendmentState(self.state)
