"""Which priority of its region's plan a project serves, said or mended after it was submitted.

Its author says it in the proposal; plans are validated later too, so those who write plans may attach a project in
their region, whatever its state. What it is attached to changes no money, only where its money counts.
"""

import rules
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from projects.models import Project
from projects.states import EDITABLE, State
from regions.access import WRITERS
from regions.models import Priority
from sr_portal.web.versions import Changed

from .refusals import as_refusal

NEVER = EDITABLE | {State.INADMISSIBLE, State.REFUSED, State.WITHDRAWN}


@rules.predicate
def attaches(user, project) -> bool:
    """Those who write the plans of its region, while neither its author still writes it nor it came to nothing."""
    held = (user.scopes[role] for role in WRITERS if role in user.scopes)
    return State(project.state) not in NEVER and any(scope.covers(project.region_id) for scope in held)


@transaction.atomic
def attach(*, by, project: Project, priority: Priority | None, seen: int | None) -> Project:
    """`seen` is the key of the priority that it served when the page was read.

    Raises PermissionDenied, `Changed`, ValidationError naming `priority`.
    """
    project = Project.objects.select_for_update().defer("search").get(pk=project.pk)
    if not attaches(by, project):
        raise PermissionDenied
    if project.priority_id != seen:
        raise Changed(_("Quelqu’un d’autre a changé la priorité entre-temps : comparez, puis enregistrez de nouveau."))
    project.priority = priority
    try:
        with transaction.atomic():
            project.save(update_fields=["priority"])
    except DatabaseError as error:
        raise as_refusal(error) from error
    return project
