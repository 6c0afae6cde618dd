"""Review sessions: who sits, what is on the agenda, interests, scores, votes and the recommendation."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.committee_querysets import AgendaItemQuerySet, ReviewSessionQuerySet
from sr_portal.history.tracking import tracked
from sr_portal.web import clock

from .committees import Committee, CommitteeSeat
from .projects import Project


class SessionState(models.TextChoices):
    PLANNED = "planned", _("Prévue")
    OPEN = "open", _("Ouverte")
    CLOSED = "closed", pgettext_lazy("séance", "Close")  # bare, Django's own catalogue says « Fermer »

    @property
    def tone(self) -> str:
        return {"planned": "info", "open": "positive", "closed": "neutral"}[self.value]

    @property
    def icon(self) -> str:
        return {"planned": "calendar", "open": "play-circle", "closed": "lock"}[self.value]


class ItemState(models.TextChoices):
    WAITING = "waiting", _("À examiner")
    CLOSED = "closed", _("Clos")

    @property
    def tone(self) -> str:
        return "info" if self == ItemState.WAITING else "neutral"

    @property
    def icon(self) -> str:
        return "hourglass-split" if self == ItemState.WAITING else "lock"


class Recommendation(models.TextChoices):
    RECOMMENDED = "recommended", _("Recommandé")
    WITH_CONDITIONS = "with_conditions", _("Recommandé sous conditions")
    DEFERRED = "deferred", _("Ajourné")
    NOT_RECOMMENDED = "not_recommended", _("Non recommandé")

    @property
    def tone(self) -> str:
        return {"recommended": "positive", "with_conditions": "positive", "deferred": "warning"}.get(
            self.value, "danger"
        )

    @property
    def icon(self) -> str:
        return {"recommended": "hand-thumbs-up", "with_conditions": "clipboard-check", "deferred": "pause-circle"}.get(
            self.value, "hand-thumbs-down"
        )


class VoteValue(models.TextChoices):
    FOR = "for", _("Pour")
    AGAINST = "against", _("Contre")
    ABSTAIN = "abstain", _("Abstention")


@tracked()
class ReviewSession(models.Model):
    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("comité")
    )
    held_on = models.DateField(_("date de la séance"))
    place = models.CharField(_("lieu"), max_length=150, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=SessionState.choices, default=SessionState.PLANNED)
    opened_at = models.DateTimeField(_("ouverte le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)
    minutes = models.TextField(_("observations du procès-verbal"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ReviewSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("séance du comité")
        verbose_name_plural = _("séances du comité")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="session_times_follow_state",
                condition=Q(state="planned", opened_at__isnull=True, closed_at__isnull=True)
                | Q(state="open", opened_at__isnull=False, closed_at__isnull=True)
                | Q(state="closed", opened_at__isnull=False, closed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.committee} – {self.held_on:%d/%m/%Y}"

    @property
    def state_label(self) -> SessionState:
        return SessionState(self.state)


@tracked()
class SessionMember(models.Model):
    """Who sits at this session, copied from the committee when the session is planned, with their presence."""

    session = models.ForeignKey(ReviewSession, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="session_seats")
    seat = models.CharField(_("siège"), max_length=10, choices=CommitteeSeat.choices)
    present = models.BooleanField(_("présent"), default=False)

    class Meta:
        verbose_name = _("membre de la séance")
        verbose_name_plural = _("membres de la séance")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="session_member_once"),
            models.UniqueConstraint(fields=["session"], condition=Q(seat="chair"), name="session_one_chair"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def votes_here(self) -> bool:
        return self.seat in (CommitteeSeat.CHAIR, CommitteeSeat.MEMBER)


@tracked()
class AgendaItem(models.Model):
    """A project on a session's agenda, and once closed, what came of it."""

    session = models.ForeignKey(ReviewSession, on_delete=models.PROTECT, related_name="items", verbose_name=_("séance"))
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField(_("rang"), default=1)
    state = models.CharField(_("état"), max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    closed_at = models.DateTimeField(_("clos le"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("clos par"),
    )  # fmt: skip
    recommendation = models.CharField(_("recommandation"), max_length=16, choices=Recommendation.choices, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    explanation = models.TextField(_("motif"), blank=True)
    recommended_usd = models.DecimalField(
        _("montant recommandé (USD)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    mean = models.DecimalField(_("note pondérée"), max_digits=4, decimal_places=2, null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("voix pour"), default=0)
    votes_against = models.PositiveSmallIntegerField(_("voix contre"), default=0)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), default=0)
    quorum = models.BooleanField(_("quorum atteint"), null=True, blank=True)
    # Presence changes during a session: what was judged is told by who was there then.
    attendance = ArrayField(
        models.BigIntegerField(), verbose_name=_("présents à la clôture du point"), default=list, blank=True
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("point de l’ordre du jour")
        verbose_name_plural = _("points de l’ordre du jour")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "project"], name="agenda_project_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(state="waiting"), name="agenda_one_open_item"),
            models.CheckConstraint(
                name="agenda_closed_with_recommendation",
                condition=Q(state="waiting", recommendation="")
                | (Q(state="closed", closed_at__isnull=False) & ~Q(recommendation="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.project)

    @property
    def state_label(self) -> ItemState:
        return ItemState(self.state)

    @property
    def outcome(self) -> Recommendation | None:
        return Recommendation(self.recommendation) if self.recommendation else None


@tracked()
class Recusal(models.Model):
    """A member's declared interest in an item: they neither score nor vote nor count for its quorum."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="recusals")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("membre")
    )
    reason = models.CharField(_("intérêt déclaré"), max_length=250)
    declared_at = models.DateTimeField(_("déclaré le"), default=clock.now)

    class Meta:
        verbose_name = _("récusation")
        verbose_name_plural = _("récusations")
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="recusal_once")]

    def __str__(self) -> str:
        return self.reason


@tracked()
class Score(models.Model):
    """A member's score, 0 to 5, on one criterion."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="scores")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("membre")
    )
    criterion = models.ForeignKey(
        "funds.Criterion", on_delete=models.PROTECT, related_name="+", verbose_name=_("critère")
    )
    value = models.PositiveSmallIntegerField(_("note"), validators=[MinValueValidator(0), MaxValueValidator(5)])

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.UniqueConstraint(fields=["item", "user", "criterion"], name="score_once"),
            models.CheckConstraint(name="score_zero_to_five", condition=Q(value__range=(0, 5))),
        ]

    def __str__(self) -> str:
        return str(self.value)


@tracked()
class Vote(models.Model):
    """A vote as it was cast. Whether it counts is judged by `rules.count_votes`, never by its presence here."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("membre")
    )
    value = models.CharField(_("vote"), max_length=8, choices=VoteValue.choices)
    comment = models.CharField(_("explication de vote"), max_length=500, blank=True)
    cast_at = models.DateTimeField(_("exprimé le"), default=clock.now)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="vote_once")]

    def __str__(self) -> str:
        return self.get_value_display()
