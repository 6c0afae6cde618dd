"""Findings of visits: made once however often they are sent, given to somebody, followed until they are closed."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import Finding, Project, Severity, Visit, VisitState
from projects.notices import happenings
from projects.notices.telling import tell_of_record
from projects.rules import visits as rules
from projects.visit_access import rights_of, visitors_of
from sr_portal.accounts.models import User
from sr_portal.web import clock

from .steps import StepRefused
from .visits import living, locked_visit


@dataclass(frozen=True)
class NewFinding:
    """A finding as it arrives; `key` is the form's or the device's own, so that it is made once."""

    text: str
    due_on: dt.date
    severity: str = Severity.MINOR
    owner: User | None = None
    key: UUID = field(default_factory=uuid4)


@transaction.atomic
def add_finding(*, project: Project, user: User, new: NewFinding, visit: Visit | None = None) -> Finding:
    """Make a finding, of a visit made or apart from any. A blocking one holds every payment back until it is closed.

    Raises PermissionDenied, StepRefused, ValidationError.
    """
    if visit is not None:
        project, visit = locked_visit(visit)
        if visit.state != VisitState.DONE:
            raise StepRefused(_("Cette visite n’est pas faite : elle n’a pas de constat."))
    else:
        project = living(project.pk)
    if not rights_of(user, project).visits:
        raise PermissionDenied
    return write_finding(project, visit, user, new)


def write_finding(project: Project, visit: Visit | None, user: User, new: NewFinding) -> Finding:
    """Under the project's lock and for whoever was let in: the row itself, or the one that its key already made."""
    if made := Finding.objects.filter(key=new.key).first():
        if (made.project_id, made.visit_id) != (project.pk, visit.pk if visit else None):
            raise ValidationError(_("Ce constat appartient à une autre visite."))
        return made
    rules.validate_due(new.due_on, since=visit.done_on if visit and visit.done_on else clock.today())
    check_owner(project, new.owner)
    finding = Finding(
        project=project, visit=visit, key=new.key, severity=new.severity, text=new.text.strip(), owner=new.owner,
        due_on=new.due_on, created_by=user,
    )  # fmt: skip
    finding.full_clean(exclude=["project", "visit", "owner", "created_by", "closed_by"])
    finding.save()
    tell_of_record(finding, happenings.of_finding(finding, user))
    return finding


@transaction.atomic
def close_finding(*, finding: Finding, user: User, note: str) -> Finding:
    """Say what was done; a blocking finding no longer holds the payments back. Raises as `add_finding`."""
    project, finding = _open_finding(finding)
    if not rights_of(user, project).closes(finding):
        raise PermissionDenied
    note = note.strip()
    if not note:
        raise ValidationError({"note": _("Dites ce qui a été fait pour lever ce constat.")})
    finding.closed_at, finding.closed_by, finding.closing_note = clock.now(), user, note
    finding.save(update_fields=["closed_at", "closed_by", "closing_note"])
    tell_of_record(finding, happenings.of_lifting(finding, user))
    return finding


@transaction.atomic
def move_finding(*, finding: Finding, user: User, owner: User | None, due_on: dt.date) -> Finding:
    """Give an open finding to somebody else, or another day. Raises as `add_finding`."""
    project, finding = _open_finding(finding)
    if not rights_of(user, project).moves(finding):
        raise PermissionDenied
    if due_on != finding.due_on:
        made_on = timezone.localdate(finding.created_at, timezone.get_default_timezone())
        since = finding.visit.done_on if finding.visit and finding.visit.done_on else made_on
        rules.validate_due(due_on, since=since)
    if owner is not None and owner.pk != finding.owner_id:
        check_owner(project, owner)
    given = owner is not None and owner.pk != finding.owner_id
    finding.owner, finding.due_on = owner, due_on
    finding.save(update_fields=["owner", "due_on"])
    if given:
        tell_of_record(finding, happenings.of_finding(finding, user))
    return finding


def check_owner(project: Project, owner: User | None) -> None:
    """Whoever follows the project may be asked to have a finding dealt with."""
    if owner is not None and not visitors_of(project).filter(pk=owner.pk).exists():
        raise ValidationError({"owner": _("Cette personne ne suit pas ce projet.")})


def _open_finding(finding: Finding) -> tuple[Project, Finding]:
    project = living(finding.project_id)
    found = Finding.objects.select_for_update(of=("self",)).select_related("visit").get(pk=finding.pk)
    if found.closed_at is not None:
        raise StepRefused(_("Ce constat est déjà levé."))
    found.project = project
    return project, found
