"""Who decides what of a project is public, and who clears its photos and documents: predicates over (user, project)."""

import rules
from django.utils.translation import gettext_lazy as _

from projects.access import has_interest, in_scope
from projects.rules.publication import Disclosure, loosens
from projects.states import EDITABLE, ENDED, GRANTED, State
from sr_portal.accounts.roles import Role

head = in_scope(Role.SECTION_HEAD)
officer = in_scope(Role.PROGRAMME_OFFICER)
NOT_YOURS = _("La publication d’un projet se décide par le chef de section ou le gestionnaire du programme.")
HEAD_ONLY = _("Le gestionnaire peut restreindre ; seul le chef de section rend public ce qui ne l’était pas.")


@rules.predicate
def may_restrict(user, project) -> bool:
    """The section head, or the programme officer of the place without interest in the partner; never of a draft."""
    state = State(project.state)
    if state in EDITABLE or (state in ENDED and state not in GRANTED):
        return False
    return head(user, project) or (officer(user, project) and not has_interest(user, project))


def may_set(user, project, level: str) -> bool:
    """To restrict protects people, and must be quick; to tell more than before is for the section head."""
    if not may_restrict(user, project):
        return False
    return head(user, project) or not loosens(project.disclosure, level)


@rules.predicate
def may_clear(user, project) -> bool:
    """Clears photos and documents of a published project, or takes them back."""
    return project.published_on is not None and may_restrict(user, project)


def choices_for(user, project) -> list[Disclosure]:
    return [level for level in Disclosure if may_set(user, project, level)]
