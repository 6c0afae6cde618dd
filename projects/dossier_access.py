"""Who adds to a project's file and who takes from it: predicates over (user, project) (domain guide §2)."""

import rules

from projects.access import has_interest, in_scope
from projects.states import EDITABLE, ENDED, GRANTED, State
from sr_portal.accounts.roles import Role


@rules.predicate
def keeps_file(user, project) -> bool:
    """The programme officer of the place, once the proposal is out of its writers' hands, and without interest in it."""
    if State(project.state) in EDITABLE or not in_scope(Role.PROGRAMME_OFFICER)(user, project):
        return False
    return not has_interest(user, project)


@rules.predicate
def writes_on(user, project) -> bool:
    """Its writers, once it is granted: while it is judged, only what the officer asks back for changes."""
    return State(project.state) in GRANTED and Role.PROPOSER in user.scopes and project.is_written_by(user)


@rules.predicate
def may_file(user, project) -> bool:
    return State(project.state) not in ENDED and (keeps_file(user, project) or writes_on(user, project))


@rules.predicate
def may_withdraw(user, project) -> bool:
    """In principle: `rules.dossier.reasons_against_withdrawing` says what else holds a document on file."""
    return State(project.state) not in ENDED and keeps_file(user, project)
