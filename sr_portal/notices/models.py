"""Every mail of the portal with its fate, and what each person chose to receive."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import refuse_truncate, tracked
from sr_portal.web import clock

from .kinds import CHOICES, Kind, Way
from .querysets import MailQuerySet


class Status(models.TextChoices):
    QUEUED = "queued", _("À envoyer")
    HELD = "held", _("Attend le récapitulatif")
    GATHERED = "gathered", _("Repris dans un récapitulatif")
    SENT = "sent", _("Envoyé")
    FAILED = "failed", _("Échoué")

    @property
    def tone(self) -> str:
        return {"queued": "info", "held": "neutral", "failed": "danger"}.get(self.value, "positive")

    @property
    def icon(self) -> str:
        icons = {"queued": "clock", "held": "inbox", "gathered": "inbox", "sent": "check-circle", "failed": "x-circle"}
        return icons[self.value]


# What a mail says, to whom and about what never changes; only its fate does.
FIXED = ("id", "recipient", "address", "kind", "key", "subject", "text", "path", "about", "about_id", "urgent", "created_at")  # fmt: skip


class Mail(models.Model):
    """A mail to one person, or what waits to be gathered in one. `key` makes it once for this person.

    `text` is in the recipient's language, `path` the page that it leads to. `about` is the reference of the project,
    `about_id` its key. `waits_until` is the day from which a held one may be gathered. Instants are UTC.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mails", verbose_name=_("destinataire")
    )
    address = models.EmailField(_("adresse"), max_length=254)
    kind = models.CharField(_("objet"), max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=160)
    subject = models.CharField(_("sujet"), max_length=200)
    text = models.TextField(_("texte"))
    path = models.CharField(max_length=300, blank=True)
    about = models.CharField(_("projet"), max_length=40, blank=True, db_index=True)
    about_id = models.BigIntegerField(null=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    status = models.CharField(_("état"), max_length=10, choices=Status.choices)
    waits_until = models.DateField(null=True)
    digest = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="gathered")
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_try_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(_("envoyé le"), null=True)
    error = models.TextField(_("erreur"), blank=True)
    created_at = models.DateTimeField(_("écrit le"), default=clock.now)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("courriel")
        verbose_name_plural = _("courriels")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="mail_once_each"),
            models.CheckConstraint(name="mail_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(
                name="mail_sent_when", condition=Q(status="sent", sent_at__isnull=False) | ~Q(status="sent") & Q(sent_at=None)
            ),
            models.CheckConstraint(
                name="mail_gathered_in",
                condition=Q(status="gathered", digest__isnull=False) | ~Q(status="gathered") & Q(digest=None),
            ),
            models.CheckConstraint(name="mail_held_until", condition=~Q(status="held") | Q(waits_until__isnull=False)),
            models.CheckConstraint(name="mail_failed_why", condition=~Q(status="failed") | ~Q(error="")),
        ]  # fmt: skip
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="mail_newest_first"),
            models.Index(fields=["next_try_at"], condition=Q(status="queued"), name="mail_queued"),
            models.Index(fields=["recipient", "waits_until"], condition=Q(status="held"), name="mail_held"),
        ]
        triggers = [
            # A log of what was said to whom: nothing leaves it, nothing in it is written anew, no fate is undone.
            pgtrigger.Protect(name="mail_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="mail_said", fields=list(FIXED)),
            pgtrigger.FSM(
                name="mail_fate",
                field="status",
                transitions=[("queued", "sent"), ("queued", "failed"), ("held", "gathered")],
            ),
            refuse_truncate(),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def status_label(self) -> Status:
        return Status(self.status)


@tracked()
class MailPreference(models.Model):
    """How one person wants to hear of one kind of thing; who chose nothing hears as `kinds.CHOICES` says."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_preferences")
    kind = models.CharField(_("objet"), max_length=12, choices=Kind.choices)
    way = models.CharField(_("envoi"), max_length=8, choices=Way.choices)

    class Meta:
        verbose_name = _("choix de notification")
        verbose_name_plural = _("choix de notification")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="preference_once_a_kind"),
            models.CheckConstraint(
                name="preference_allowed",
                condition=Q(
                    *(Q(kind=kind.value, way__in=[way.value for way in choice.ways]) for kind, choice in CHOICES.items()),
                    _connector=Q.OR,
                ),
                violation_error_message=_("Cette notification ne se désactive pas."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.way}"
