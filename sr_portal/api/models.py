"""Tokens that open the API, how much each asks of it, and the log of what changed."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .addresses import validate_range

MOST_RANGES = 10  # addresses or ranges that one token may be bound to


class TokenScope(models.TextChoices):
    """What a token opens, never more than its holder may read in the browser."""

    PUBLISHED = "published", _("Ce qui est publié")
    VISIBLE = "visible", _("Tout ce que je peux lire")


@tracked(exclude=["token_key", "digest"])
class Token(ChecksAtOnce):
    """A secret that a program shows instead of a person: kept as a digest, with an end, taken back in the browser.

    The secret (64 hexadecimal digits, 256 bits drawn at random by knox) is shown once. `address_ranges` are IP
    addresses or networks in CIDR form; none means from anywhere. A revoked token stays, with who took it back and when.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="auth_token_set", verbose_name=_("titulaire")
    )
    name = models.CharField(_("nom"), max_length=80, help_text=_("Le programme qui s’en servira, et où il tourne."))
    scope = models.CharField(_("portée"), max_length=12, choices=TokenScope.choices, default=TokenScope.PUBLISHED)
    token_key = models.CharField(max_length=25, db_index=True, editable=False)
    digest = models.CharField(max_length=128, unique=True, editable=False)
    created = models.DateTimeField(_("créé le"), default=clock.now, editable=False)
    expiry = models.DateTimeField(_("expire le"))
    address_ranges = ArrayField(
        models.CharField(max_length=43, validators=[validate_range]),
        default=list,
        blank=True,
        size=MOST_RANGES,
        verbose_name=_("adresses permises"),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("créé par")
    )
    revoked_at = models.DateTimeField(_("révoqué le"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("révoqué par"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("jeton d’accès")
        verbose_name_plural = _("jetons d’accès")
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(name="token_is_digest", condition=Q(digest__regex=r"^[0-9a-f]{128}$")),
            models.CheckConstraint(
                name="token_ends_after_start",
                condition=Q(expiry__gt=models.F("created")),
                violation_error_message=_("L’expiration suit la création."),
            ),
            models.CheckConstraint(
                name="token_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if len(self.address_ranges) != len(set(self.address_ranges)):
            raise ValidationError({"address_ranges": _("Une adresse est donnée deux fois.")})

    @property
    def has_expired(self) -> bool:
        return self.expiry <= clock.now()

    @property
    def opens(self) -> bool:
        return self.revoked_at is None and not self.has_expired


class Usage(models.Model):
    """How many requests a token, a session or an address made in the minute under way, and when the last one came."""

    subject = models.CharField(max_length=60, primary_key=True)
    minute = models.DateTimeField()
    requests = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("usage de l’API")
        verbose_name_plural = _("usages de l’API")

    def __str__(self) -> str:
        return f"{self.subject}: {self.requests}"


class Change(models.Model):
    """« This record looks different since that transaction »: one row a record and transaction, written by triggers.

    `position` is the number of the transaction that changed it, moved by `Timeline.base`; see `changes` for how it is
    read so that nothing is missed, and docs/decisions for why.
    """

    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    position = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("changement")
        verbose_name_plural = _("changements")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "position"], name="api_change_once")]
        indexes = [models.Index(fields=["kind", "position", "object_id"], name="api_change_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} @{self.position}"


class Timeline(models.Model):
    """The one row that says which life of the database the positions count in, and what is added to its numbers."""

    line = models.CharField(max_length=12)
    base = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("fil des changements")
        verbose_name_plural = _("fils des changements")
        constraints = [models.CheckConstraint(name="api_one_timeline", condition=Q(pk=1))]

    def __str__(self) -> str:
        return self.line
