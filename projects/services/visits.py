"""The plan of a project's visits: made at signature, then added to, moved, given to somebody else, cancelled."""

import datetime as dt
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from projects.models import Project, Visit, VisitKind, VisitState
from projects.notices import happenings
from projects.notices.telling import tell_of_record
from projects.rules import visits as rules
from projects.states import UNDER_AGREEMENT, State
from projects.visit_access import rights_of, visitors_of
from sr_portal.accounts.models import User
from sr_portal.web import clock

from .steps import StepRefused, locked

LATEST_DAYS = 366  # after the last possible day: a visit long after the works is still one, a mistyped year is not


class Outdated(Exception):
    """Somebody saved the visit after the reader opened it: `stored` is what they saved."""

    def __init__(self, stored: Visit) -> None:
        super().__init__(stored.pk)
        self.stored = stored


def locked_visit(visit: Visit) -> tuple[Project, Visit]:
    """The project that lives, then its visit, both locked. Raises `PermissionDenied` once the project ended."""
    project = living(visit.project_id)
    found = Visit.objects.select_for_update().get(pk=visit.pk)
    found.project = project
    return project, found


def living(pk: int) -> Project:
    project = locked(pk)
    must_live(project)
    return project


def must_live(project: Project) -> None:
    if State(project.state) not in UNDER_AGREEMENT:
        raise PermissionDenied(
            _("Le projet est à l’état « %(state)s » : ses visites et ses constats ne changent plus.")
            % {"state": State(project.state).label}
        )


def plan_first(project: Project, user: User) -> list[Visit]:
    """The mid-way and the final visit, in the transaction of the signature; those that are there already stay."""
    project.refresh_from_db(fields=["starts_on", "ends_on"])
    days = rules.planned_days(
        project.starts_on, project.ends_on, project.mechanism.first_visit_days, not_before=clock.today()
    )
    there = set(project.visits.exclude(state=VisitState.CANCELLED).values_list("kind", flat=True))
    visitor = visitors_of(project).filter(pk=project.author_id).first()
    return [
        Visit.objects.create(project=project, kind=kind, planned_on=day, visitor=visitor, created_by=user)
        for kind, day in zip((VisitKind.MIDWAY, VisitKind.FINAL), days, strict=True)
        if kind not in there
    ]


def moved_by(project: Project, ends_before: dt.date, ends_after: dt.date) -> list[tuple[Visit, dt.date]]:
    """The visits that another last possible day moves, each with its new day: those still as the plan made them.

    What people did since stays: a visit made, cancelled, added, or given a day of their own.
    """
    moved = rules.moved_days(
        project.starts_on, ends_before, ends_after, project.mechanism.first_visit_days, clock.today()
    )
    visits = list(project.visits.filter(state=VisitState.PLANNED, kind__in=moved)) if moved else []
    planned = _days_of_plans(project, ends_before) if visits else {}
    return [(visit, moved[visit.kind]) for visit in visits if visit.planned_on in planned[visit.kind]]


def follow_length(project: Project, ends_before: dt.date) -> None:
    """Move them, in the transaction of the amendment, which holds the project's lock; the history names its approver."""
    project.refresh_from_db(fields=["starts_on", "ends_on"])
    for visit, day in moved_by(project, ends_before, project.ends_on):
        visit.planned_on, visit.version = day, visit.version + 1
        visit.save(update_fields=["planned_on", "version"])


def _days_of_plans(project: Project, ends_on: dt.date) -> dict[str, set[dt.date]]:
    """Each day on which a plan up to `ends_on` put the visit of a kind: one made late begins on the day it was made."""
    lengthened = project.amendments.filter(state="approved", changes__contains=[{"field": "duration_months"}])
    made = [project.agreement.signed_at, *lengthened.values_list("decided_at", flat=True)]
    found: dict[str, set[dt.date]] = {kind: set() for kind in rules.MANDATORY}
    for since in (project.starts_on, *(clock.day_of(instant) for instant in made if instant)):
        days = rules.planned_days(project.starts_on, ends_on, project.mechanism.first_visit_days, not_before=since)
        for kind, day in zip(rules.MANDATORY, days, strict=True):
            found[kind].add(day)
    return found


@transaction.atomic
def add_visit(
    *, project: Project, user: User, kind: str, planned_on: dt.date, visitor: User | None, key: UUID | None = None
) -> Visit:
    """Plan one more visit. The same `key` again gives the visit that it made. Raises PermissionDenied, ValidationError."""
    project = living(project.pk)
    if not rights_of(user, project).visits:
        raise PermissionDenied
    if key is not None and (made := Visit.objects.filter(key=key).first()):
        if made.project_id != project.pk:
            raise ValidationError(_("Cette visite appartient à un autre projet."))
        return made
    _check_visitor(project, user, visitor, None)
    visit = Visit(project=project, kind=kind, planned_on=planned_on, visitor=visitor, created_by=user)
    if key is not None:
        visit.key = key
    _check_day(project, planned_on, since=project.agreement.signed_on)
    visit.full_clean(exclude=["project", "visitor", "created_by"])
    visit.save()
    _tell_visitor(visit, user)
    return visit


@transaction.atomic
def reschedule(*, visit: Visit, user: User, version: int, planned_on: dt.date, visitor: User | None) -> Visit:
    """Give a planned visit another day or another visitor; only who directs the visits sends somebody else.

    Raises PermissionDenied, ValidationError, `Outdated` when it was saved since `version`.
    """
    project, visit = locked_visit(visit)
    if not rights_of(user, project).visits:
        raise PermissionDenied
    _must_be_planned(visit)
    if (visit.planned_on, visit.visitor_id) == (planned_on, visitor.pk if visitor else None):
        return visit
    if visit.version != version:
        raise Outdated(visit)
    _check_visitor(project, user, visitor, visit.visitor_id)
    if planned_on != visit.planned_on:
        _check_day(project, planned_on)
    given = visitor is not None and visitor.pk != visit.visitor_id
    visit.planned_on, visit.visitor, visit.version = planned_on, visitor, visit.version + 1
    visit.save(update_fields=["planned_on", "visitor", "version"])
    if given:
        _tell_visitor(visit, user)
    return visit


@transaction.atomic
def cancel(*, visit: Visit, user: User, reason: str, replaced_on: dt.date | None = None) -> Visit | None:
    """Give a planned visit up, with the reason; gives the visit planned in its place, if any.

    The only mid-way or final visit of a project is never given up, only replaced: `replaced_on` is then asked for.
    Raises PermissionDenied, ValidationError.
    """
    project, visit = locked_visit(visit)
    if not rights_of(user, project).directs:
        raise PermissionDenied
    _must_be_planned(visit)
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": _("Indiquez le motif de l’annulation.")})
    if replaced_on is None and is_indispensable(visit):
        raise ValidationError(
            {"replaced_on": _("Cette visite est obligatoire : donnez la date de celle qui la remplace.")}
        )
    visit.state, visit.cancelled_reason, visit.version = VisitState.CANCELLED, reason, visit.version + 1
    visit.full_clean(exclude=["project", "visitor", "created_by"])
    replacement = None  # made first: the database refuses a project without its mandatory visits
    if replaced_on is not None:
        _check_day(project, replaced_on, "replaced_on")
        replacement = Visit.objects.create(
            project=project, kind=visit.kind, planned_on=replaced_on, visitor=visit.visitor, created_by=user
        )
    visit.save(update_fields=["state", "cancelled_reason", "version"])
    return replacement


def _tell_visitor(visit: Visit, user: User) -> None:
    if visit.visitor_id is not None:
        tell_of_record(visit, happenings.of_visit(visit, user))


def is_indispensable(visit: Visit) -> bool:
    """The project has no other visit, planned or made, of this mandatory kind."""
    if visit.kind not in rules.MANDATORY:
        return False
    others = Visit.objects.filter(project_id=visit.project_id, kind=visit.kind).exclude(state=VisitState.CANCELLED)
    return not others.exclude(pk=visit.pk).exists()


def _must_be_planned(visit: Visit) -> None:
    if visit.state != VisitState.PLANNED:
        raise StepRefused(
            _("Cette visite est à l’état « %(state)s » : elle ne se déplace ni ne s’annule plus.")
            % {"state": visit.state_label.label}
        )


def _check_day(project: Project, day: dt.date, field: str = "planned_on", since: dt.date | None = None) -> None:
    """A day to come, or one since `since`: a visit made on the way is added afterwards. Late projects are visited too."""
    if day < (since or clock.today()):
        text = _("Cette date précède la signature du protocole.") if since else _("Cette date est passée.")
        raise ValidationError({field: text})
    if project.ends_on and day > project.ends_on + dt.timedelta(days=LATEST_DAYS):
        raise ValidationError({field: _("Cette date vient plus d’un an après le dernier jour du projet.")})


def _check_visitor(project: Project, user: User, visitor: User | None, present: int | None) -> None:
    """Whoever directs the visits sends anybody who may go; the others send themselves, or leave it as it is."""
    if visitor is None or visitor.pk == present:
        return
    if visitor.pk != user.pk and not rights_of(user, project).directs:
        raise ValidationError(
            {"visitor": _("Vous pouvez vous charger de la visite, non la confier à quelqu’un d’autre.")}
        )
    if not visitors_of(project).filter(pk=visitor.pk).exists():
        raise ValidationError({"visitor": _("Cette personne ne peut pas visiter ce projet.")})
