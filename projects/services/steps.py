"""What every step on the road shares: the lock, the guards of the table, the change of state and its record."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from projects.lifecycle import TRANSITIONS, Transition, Words
from projects.models import Project, StateChange
from projects.notices import happenings
from projects.notices.telling import tell_of_step
from sr_portal.web import clock
from sr_portal.web.together import get_together


class StepRefused(ValidationError):
    """The step cannot be taken now; `messages` say why, in the reader's language."""


def locked(pk: int) -> Project:
    """The project with all that its rules read, its row locked until the end of the transaction; 404 when there is none."""
    return get_together(Project.objects.select_for_update().for_rules(), pk=pk)


def check_step(project: Project, transition: Transition, user, note: str = "") -> None:
    """Raise `PermissionDenied` when it is not for this user, `StepRefused` when it is not for now."""
    if not transition.is_allowed(user, project):
        raise PermissionDenied(" ".join(str(reason) for reason in transition.reasons_against(user, project)))
    refuse_if(transition.reasons_against(user, project))
    if transition.needs_note and not note.strip():
        refuse_if([_("Indiquez les motifs.")])


def refuse_if(reasons: Iterable[Words]) -> None:
    errors = [ValidationError(str(reason), code="refused") for reason in reasons]
    if errors:
        raise StepRefused(errors)


def record_step(project: Project, transition: Transition, user, note: str = "", **changes) -> Project:
    """Write the new state with the other `changes` of the row, and the step itself; tell whom it concerns."""
    now = clock.now()
    source = project.state
    values = {"state": transition.target, "state_since": now, "updated_at": now, **changes}
    for name, value in values.items():
        setattr(project, name, value)
    project.save(update_fields=list(values))
    change = StateChange.objects.create(
        project=project,
        transition=transition.name,
        source=source,
        target=transition.target,
        actor=user,
        at=now,
        note=note,
    )
    tell_of_step(change, happenings.step(transition.name, project, user))
    return project


@transaction.atomic
def withdraw(*, project: Project, user, note: str) -> Project:
    """The author takes the proposal back, for good; an open screening or agenda item ends with it."""
    project = locked(project.pk)
    step = TRANSITIONS["withdraw"]
    check_step(project, step, user, note)
    project.screenings.filter(closed_at__isnull=True).update(closed_at=clock.now(), outcome="withdrawn", note=note)
    project.agenda_items.filter(state="waiting").delete()
    return record_step(project, step, user, note)
