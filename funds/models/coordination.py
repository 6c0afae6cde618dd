"""Coordination with the partners: thematic and regional groups, their meetings, and what these decide."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funds.coordination_querysets import DecisionQuerySet, GroupQuerySet, MeetingQuerySet
from sr_portal.documents.models import Document
from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .organisations import Organisation


@tracked()
class CoordinationGroup(ChecksAtOnce):
    """A group of partners that meets: on a theme, in the whole country, or on one region."""

    name = models.CharField(_("nom"), max_length=150)
    theme = models.CharField(_("thème"), max_length=150, blank=True)
    region = models.ForeignKey(
        "regions.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("région"),
        help_text=_("Vide : un groupe thématique, pour tout le pays."),
    )  # fmt: skip
    purpose = models.TextField(_("objet du groupe"), blank=True)
    is_active = models.BooleanField(_("se réunit encore"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("groupe de coordination")
        verbose_name_plural = _("groupes de coordination")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                name="coordination_group_name_unique",
                violation_error_message=_("Un groupe porte déjà ce nom."),
            ),
            models.CheckConstraint(
                name="coordination_group_of_theme_or_region",
                condition=Q(region__isnull=False) | ~Q(theme=""),
                violation_error_message=_("Un groupe a une région ou un thème."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("Prévue")
    HELD = "held", _("Tenue")
    CANCELLED = "cancelled", _("Annulée")

    @property
    def tone(self) -> str:
        return {"planned": "info", "held": "positive"}.get(self.value, "neutral")

    @property
    def icon(self) -> str:
        return {"planned": "calendar", "held": "check-circle"}.get(self.value, "x-circle")


@tracked()
class Meeting(ChecksAtOnce):
    """A meeting of a group; `agenda` has one point a line. Once it was held it has minutes, as text."""

    group = models.ForeignKey(
        CoordinationGroup, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("groupe")
    )
    title = models.CharField(_("objet"), max_length=200)
    held_on = models.DateField(_("date"))
    starts_at = models.TimeField(_("heure"), null=True, blank=True)
    place = models.CharField(_("lieu"), max_length=150, blank=True)
    agenda = models.TextField(_("ordre du jour"), blank=True)
    state = models.CharField(_("état"), max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED)
    minutes = models.TextField(_("compte rendu"), blank=True)
    minutes_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("compte rendu rédigé par"),
    )  # fmt: skip
    minutes_document = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="meeting",
        verbose_name=_("compte rendu joint"),
    )  # fmt: skip
    cancel_reason = models.CharField(_("motif de l’annulation"), max_length=250, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False,
        verbose_name=_("prévue par"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("réunion de coordination")
        verbose_name_plural = _("réunions de coordination")
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["-held_on", "-id"], name="meeting_latest")]
        constraints = [
            models.CheckConstraint(
                name="meeting_held_with_minutes",
                condition=(Q(state="held", minutes_by__isnull=False) & ~Q(minutes=""))
                | (Q(state__in=["planned", "cancelled"], minutes="", minutes_by__isnull=True)
                   & Q(minutes_document__isnull=True)),
                violation_error_message=_("Une réunion tenue a un compte rendu ; une autre n’en a pas."),
            ),
            models.CheckConstraint(
                name="meeting_cancelled_with_reason",
                condition=(Q(state="cancelled") & ~Q(cancel_reason=""))
                | Q(state__in=["planned", "held"], cancel_reason=""),
                violation_error_message=_("Dites pourquoi la réunion est annulée."),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="meeting_held_once_happened",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "held_on"),
                condition=pgtrigger.Q(new__state="held"),
                # The day is the mission's, at most one ahead of UTC's.
                func="""
                    IF NEW.held_on > (now() AT TIME ZONE 'UTC')::date + 1 THEN
                        RAISE EXCEPTION 'meeting_held_once_happened: % is still to come', NEW.held_on;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="meeting_before_its_decisions",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("held_on"),
                func="""
                    IF EXISTS (SELECT 1 FROM funds_meetingdecision WHERE meeting_id = NEW.id AND due_on < NEW.held_on) THEN
                        RAISE EXCEPTION 'decision_after_its_meeting: a decision of % falls due before it', NEW.id;
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.FSM(
                name="meeting_state_follows", field="state",
                transitions=[("planned", "held"), ("planned", "cancelled")],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> MeetingState:
        return MeetingState(self.state)

    @property
    def points(self) -> list[str]:
        """The points of the agenda, without the marks that people put before them."""
        return [line.strip().lstrip("-–•* ") for line in self.agenda.splitlines() if line.strip()]


class Presence(models.TextChoices):
    INVITED = "invited", _("Invité")
    PRESENT = "present", _("Présent")
    EXCUSED = "excused", _("Excusé")


@tracked()
class MeetingParticipant(ChecksAtOnce):
    """An organisation or a person at a meeting; a person of no organisation of the registry is of the mission."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="meeting_participations",
        verbose_name=_("organisation"),
    )  # fmt: skip
    name = models.CharField(_("personne"), max_length=120, blank=True)
    function = models.CharField(_("fonction"), max_length=120, blank=True)
    presence = models.CharField(_("présence"), max_length=10, choices=Presence.choices, default=Presence.PRESENT)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "organisation", "name"], nulls_distinct=False, name="meeting_participant_once",
                violation_error_message=_("Ce participant est déjà inscrit."),
            ),
            models.CheckConstraint(
                name="meeting_participant_is_somebody",
                condition=Q(organisation__isnull=False) | ~Q(name=""),
                violation_error_message=_("Indiquez une organisation ou une personne."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or str(self.organisation)


class DecisionState(models.TextChoices):
    OPEN = "open", _("À faire")
    DONE = "done", _("Faite")
    DROPPED = "dropped", _("Abandonnée")

    @property
    def tone(self) -> str:
        return {"open": "info", "done": "positive"}.get(self.value, "neutral")

    @property
    def icon(self) -> str:
        return {"open": "hourglass-split", "done": "check-circle"}.get(self.value, "archive")


@tracked()
class MeetingDecision(ChecksAtOnce):
    """What a meeting decided, given to a person of the mission or to an organisation, followed until it is done."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(_("numéro"))
    text = models.TextField(_("décision"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="meeting_decisions",
        verbose_name=_("responsable dans la mission"),
    )  # fmt: skip
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="meeting_decisions",
        verbose_name=_("organisation responsable"),
    )  # fmt: skip
    due_on = models.DateField(_("échéance"))
    state = models.CharField(_("état"), max_length=10, choices=DecisionState.choices, default=DecisionState.OPEN)
    outcome = models.TextField(_("suite donnée"), blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("suivi clos par"),
    )  # fmt: skip
    closed_at = models.DateTimeField(_("suivi clos le"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False,
        verbose_name=_("enregistrée par"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("enregistrée le"), default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("décision de réunion")
        verbose_name_plural = _("décisions de réunion")
        ordering = ["number"]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(state="open"), name="meeting_decision_open")]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="meeting_decision_number_once"),
            models.CheckConstraint(
                name="meeting_decision_has_an_owner",
                condition=Q(owner__isnull=False) | Q(organisation__isnull=False),
                violation_error_message=_("Dites qui s’en charge : une personne ou une organisation."),
            ),
            models.CheckConstraint(
                name="meeting_decision_closed_with_outcome",
                condition=Q(state="open", closed_by__isnull=True, closed_at__isnull=True, outcome="")
                | (Q(state__in=["done", "dropped"], closed_by__isnull=False, closed_at__isnull=False) & ~Q(outcome="")),
                violation_error_message=_("Dites ce qui a été fait, ou pourquoi la décision est abandonnée."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="decision_after_its_meeting",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("due_on", "meeting_id"),
                declare=[("m", "funds_meeting%ROWTYPE")],
                # The meeting's row is locked first, so that its day does not move meanwhile.
                func="""
                    SELECT * INTO m FROM funds_meeting WHERE id = NEW.meeting_id FOR SHARE;
                    IF m.state <> 'held' THEN
                        RAISE EXCEPTION 'decision_of_a_held_meeting: meeting % decides nothing before it is held', m.id;
                    END IF;
                    IF NEW.due_on < m.held_on THEN
                        RAISE EXCEPTION 'decision_after_its_meeting: % is before the meeting', NEW.due_on;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.FSM(
                name="meeting_decision_state_follows", field="state",
                transitions=[("open", "done"), ("open", "dropped")],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def state_label(self) -> DecisionState:
        return DecisionState(self.state)

    @property
    def owner_names(self) -> str:
        return ", ".join(str(one) for one in (self.owner, self.organisation) if one)

    @property
    def is_late(self) -> bool:
        return self.state == DecisionState.OPEN and self.due_on < clock.today()
