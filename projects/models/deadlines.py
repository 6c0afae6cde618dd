"""What is expected of somebody on a project: rows that the database computes and keeps (see `projects.deadlines`)."""

import datetime as dt
from enum import StrEnum

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from funds.models import PeriodicKind
from projects.deadline_querysets import DeadlineQuerySet
from projects.deadlines.table import DEADLINES
from projects.deadlines.turns import OFFICES, TURNS, Party, Turn
from projects.states import State
from projects.triggers import summary
from sr_portal.accounts.roles import Role
from sr_portal.web import clock

from .projects import Project
from .reports import ReportKind
from .visits import VisitKind

# What the detail of a deadline is a value of, where it is one.
DETAILS = {"visit": VisitKind, "report": ReportKind, "returned_report": ReportKind, "periodic_report": PeriodicKind}


class Standing(StrEnum):
    """How a deadline stands on a day."""

    DONE = "done"
    DONE_LATE = "done_late"
    LATE = "late"
    TODAY = "today"
    RUNNING = "running"
    FORESEEN = "foreseen"


class Deadline(models.Model):
    """Computed by the view `projects_deadline_computed` and kept by triggers: nobody writes it. Days are calendar days of the mission.

    `due_on` is null where something waits without limit; `done_on` is the day on which it was done; `turn` says whose
    turn it is and to do what (`TURNS`), null once it is done or while it is only foreseen; it is their turn from
    `opens_on`. `person` is whose it is when a record names somebody; `record_id` is that record's key;
    `barred` are the users who did what comes before it and must leave it to another.
    """

    id = models.CharField(primary_key=True, max_length=60)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="deadlines")
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("état"), max_length=20, choices=State.choices)
    code = models.CharField(_("échéance"), max_length=20)
    turn = models.CharField(_("à faire"), max_length=30, null=True)
    record_id = models.BigIntegerField(null=True)
    detail = models.CharField(_("objet"), max_length=120)
    since = models.DateField(_("depuis le"), null=True)
    opens_on = models.DateField(_("à faire à partir du"), null=True)
    due_on = models.DateField(_("échéance"), null=True)
    done_on = models.DateField(_("fait le"), null=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name=_("responsable"),
    )
    barred = ArrayField(models.BigIntegerField(), default=list)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("échéance")
        verbose_name_plural = _("échéances")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(turn__isnull=False), name="deadline_pressing"),
            models.Index(fields=["turn", "region", "due_on"], condition=Q(turn__isnull=False), name="deadline_turn"),
        ]
        triggers = [*summary.OF_DEADLINE]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        kinds = DETAILS.get(self.code)
        detail = str(kinds(self.detail).label).lower() if kinds else self.detail
        return capfirst(str(DEADLINES[self.code].label).format(detail=detail))

    @property
    def whose(self) -> Turn | None:
        """Whose turn it is and what they must do; None when it is nobody's."""
        turn = TURNS.get(self.turn or "")
        return None if turn is None or turn.party is Party.NOBODY else turn

    @property
    def escalates_to(self) -> Role | None:
        """Who is told when it stays late; None when nobody is."""
        return DEADLINES[self.code].escalates_to

    def standing(self, on: dt.date | None = None) -> Standing:
        on = on or clock.today()
        if self.done_on is not None:
            return Standing.DONE_LATE if self.due_on and self.done_on > self.due_on else Standing.DONE
        if self.turn is None:
            return Standing.FORESEEN
        if self.due_on is None or self.due_on > on:
            return Standing.RUNNING
        return Standing.LATE if self.due_on < on else Standing.TODAY

    @property
    def days_late(self) -> int:
        """By how many days it is late, or was when it was done; 0 when in time or without limit."""
        if self.due_on is None or self.turn is None and self.done_on is None:
            return 0
        return max(0, ((self.done_on or clock.today()) - self.due_on).days)

    @property
    def days_left(self) -> int | None:
        return (self.due_on - clock.today()).days if self.due_on else None

    @property
    def office(self) -> str:
        """Whose turn it is, by name when a record names them, by office otherwise."""
        return str(self.person or (OFFICES[self.whose.party] if self.whose else ""))

    @property
    def url(self) -> str:
        """The page where it is done."""
        turn = TURNS.get(self.turn or "")
        try:
            return reverse(turn.route if turn else "projects:detail", args=[self.project_id])
        except NoReverseMatch:
            return reverse("projects:detail", args=[self.project_id])
