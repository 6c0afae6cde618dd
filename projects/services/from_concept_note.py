"""A draft proposal made of an accepted concept note: what the note says, written into the form."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from funds.models import ConceptNote
from funds.services.concept_notes import become_project
from projects.models import BudgetLine, ExpectedResult, Project, ProjectOrigin
from regions.models import Region
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role

from .submission import create_draft


@transaction.atomic
def draft_from_note(*, by: User, note: ConceptNote, region: Region, title: str) -> Project:
    """A draft of `by` in one of the note's regions, with its need, objective, results, priority and outline.

    The note is then a project's, and no second draft is made of it. Raises PermissionDenied, ValidationError.
    """
    scope = by.scopes.get(Role.PROPOSER)
    if scope is None or not scope.covers(region.pk):
        raise PermissionDenied
    places = set(note.places.values_list("region", flat=True))
    if places and region.pk not in places:
        raise ValidationError({"region": _("Choisissez une région de la note.")})
    note = become_project(note=note)
    priority = note.priority if note.priority and note.priority.plan.region_id == region.pk else None
    project = create_draft(
        author=by, title=title, mechanism=note.mechanism, region=region, need=_need_of(note), objective=note.objective,
        duration_months=note.months if note.mechanism.max_months is None or (note.months or 0) <= note.mechanism.max_months else None,
        priority=priority if priority and priority.plan.status == "validated" else None,
    )  # fmt: skip
    for statement in note.expected:
        ExpectedResult.objects.create(project=project, statement=statement[:250])
    for line in note.lines.all():
        BudgetLine.objects.create(
            project=project, category=line.category, label=line.label, unit=_("forfait"), quantity=1, currency="USD",
            unit_cost=line.amount_usd,
        )  # fmt: skip
    ProjectOrigin.objects.create(project=project, note=note)
    return project


def _need_of(note: ConceptNote) -> str:
    """The need, and for whom: a proposal counts its beneficiaries one by one, which a note does not."""
    return f"{note.need}\n\n{note.beneficiaries}".strip()
