"""Where partners' programs hear of changes, how far each was told, and everything that was sent with its fate."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sr_portal.api.models import TokenScope
from sr_portal.api.reader import Reader
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .querysets import TEST, DeliveryQuerySet, EndpointQuerySet
from .targets import LONGEST, validate_address

MOST_KINDS = 20


class PauseReason(models.TextChoices):
    PERSON = "person", _("mis en pause à la main")
    FAILURES = "failures", _("trop d’envois échoués de suite")
    GONE = "gone", _("le destinataire ne veut plus rien recevoir (410)")


# Secrets, and what every sending counts, stay out of the history; that a secret was replaced is told by `secret_made_at`.
@tracked(exclude=["key_sealed", "previous_sealed", "failures"])
class Endpoint(ChecksAtOnce):
    """An address that is told which records changed, of the `kinds` of the change feed, as far as its owner reads them.

    `scope` narrows as a token's does. `key_sealed` is bound to `public_id`; while `previous_until` has not come, what
    leaves is signed with the secret before as well. `failures` counts the deliveries that failed one after the other.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("titulaire")
    )
    name = models.CharField(_("nom"), max_length=80)
    url = models.CharField(_("adresse"), max_length=LONGEST, validators=[validate_address])
    kinds = ArrayField(models.CharField(max_length=30), size=MOST_KINDS, verbose_name=_("ce qui l’intéresse"))
    scope = models.CharField(_("portée"), max_length=12, choices=TokenScope.choices, default=TokenScope.PUBLISHED)
    key_sealed = models.TextField(editable=False)
    previous_sealed = models.TextField(blank=True, editable=False)
    previous_until = models.DateTimeField(_("l’ancien secret signe jusqu’au"), null=True, editable=False)
    secret_made_at = models.DateTimeField(_("secret fait le"), default=clock.now, editable=False)
    created = models.DateTimeField(_("créé le"), default=clock.now, editable=False)
    paused_at = models.DateTimeField(_("en pause depuis le"), null=True, editable=False)
    paused_why = models.CharField(
        _("raison de la pause"), max_length=10, choices=PauseReason.choices, blank=True, editable=False
    )
    failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = EndpointQuerySet.as_manager()
    history_hides = ("public_id",)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "url"],
                name="webhook_once_an_address",
                violation_error_message=_("Un webhook va déjà à cette adresse."),
            ),
            # In clear to this machine itself only, which a setting has to allow as well.
            models.CheckConstraint(
                name="webhook_https",
                condition=Q(url__regex=r"^(https://|http://(localhost|127\.0\.0\.1|\[::1\])[:/])"),
                violation_error_message=_("L’adresse commence par https:// : rien ne part en clair."),
            ),
            models.CheckConstraint(
                name="webhook_asks_something",
                condition=Q(kinds__len__gt=0),
                violation_error_message=_("Choisissez au moins un genre de fiches."),
            ),
            models.CheckConstraint(name="webhook_scope_known", condition=Q(scope__in=TokenScope.values)),
            models.CheckConstraint(name="webhook_has_secret", condition=~Q(key_sealed="")),
            models.CheckConstraint(
                name="webhook_paused_why",
                condition=Q(paused_at__isnull=True, paused_why="")
                | Q(paused_at__isnull=False, paused_why__in=PauseReason.values),
            ),
            models.CheckConstraint(
                name="webhook_old_secret_ends",
                condition=Q(previous_sealed="", previous_until__isnull=True)
                | ~Q(previous_sealed="") & Q(previous_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reader(self) -> Reader:
        """Whose eyes look at what may be told."""
        return Reader(self.user, scope=self.scope)


class Place(models.Model):
    """How far in the log of changes a webhook was told of one kind: a `Mark`."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="places")
    kind = models.CharField(max_length=30)
    position = models.BigIntegerField()
    key = models.BigIntegerField()

    class Meta:
        verbose_name = _("repère de webhook")
        verbose_name_plural = _("repères de webhooks")
        constraints = [models.UniqueConstraint(fields=["endpoint", "kind"], name="webhook_place_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.position}-{self.key}"


class State(models.TextChoices):
    QUEUED = "queued", _("À envoyer")
    SENDING = "sending", _("En cours d’envoi")
    SENT = "sent", _("Remis")
    FAILED = "failed", _("Échoué")
    DROPPED = "dropped", _("Sans objet")

    @property
    def tone(self) -> str:
        tones = {"queued": "info", "sending": "info", "sent": "positive", "failed": "danger", "dropped": "neutral"}
        return tones[self.value]

    @property
    def icon(self) -> str:
        icons = {
            "queued": "clock",
            "sending": "clock",
            "sent": "check-circle",
            "failed": "x-circle",
            "dropped": "inbox",
        }
        return icons[self.value]


class Delivery(models.Model):
    """One message to one webhook: some changes of one kind, as [key, when] in the order of the log.

    What it says is worked out again at each try from what the owner may then read. Its key makes the `webhook-id`, the
    same for every try. While it is `sending`, no other worker takes it before `leased_until`. `attempts` counts the tries
    since it was last asked for, `replays` how often somebody asked for it again; of tries only the last is told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=30)
    changes = models.JSONField(default=list)
    state = models.CharField(_("état"), max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    replays = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("écrit le"), default=clock.now)
    next_try_at = models.DateTimeField(default=clock.now)
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(_("réponse"), null=True)
    milliseconds = models.PositiveIntegerField(_("durée"), null=True)
    excerpt = models.TextField(blank=True)
    error = models.TextField(_("erreur"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("envoi")
        verbose_name_plural = _("envois")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="delivery_leased_while_sending",
                condition=Q(state="sending", leased_until__isnull=False)
                | ~Q(state="sending") & Q(leased_until__isnull=True),
            ),
            models.CheckConstraint(
                name="delivery_finished_when",
                condition=Q(state__in=("queued", "sending"), finished_at__isnull=True)
                | Q(state__in=("sent", "failed", "dropped"), finished_at__isnull=False),
            ),
            models.CheckConstraint(name="delivery_failed_why", condition=~Q(state="failed") | ~Q(error="")),
            models.CheckConstraint(name="delivery_test_asked", condition=~Q(kind=TEST) | Q(asked_by__isnull=False)),
        ]
        indexes = [
            models.Index("endpoint", F("created_at").desc(), F("id").desc(), name="delivery_newest_first"),
            models.Index("endpoint", "state", F("created_at").desc(), F("id").desc(), name="delivery_by_state"),
            models.Index(fields=["next_try_at"], condition=Q(state="queued"), name="delivery_queued"),
            models.Index(fields=["leased_until"], condition=Q(state="sending"), name="delivery_leased"),
            models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="delivery_old"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="delivery_said", fields=["id", "endpoint", "kind", "changes", "created_at"]),
            pgtrigger.FSM(
                name="delivery_fate",
                field="state",
                transitions=[
                    ("queued", "sending"), ("queued", "dropped"), ("sending", "sent"), ("sending", "queued"),
                    ("sending", "failed"), ("sent", "queued"), ("failed", "queued"),
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.message_id

    @property
    def message_id(self) -> str:
        return f"msg_{self.pk.hex}"

    @property
    def state_label(self) -> State:
        return State(self.state)

    @property
    def is_test(self) -> bool:
        return self.kind == TEST

    @property
    def is_replayable(self) -> bool:
        return self.state in (State.SENT, State.FAILED)
