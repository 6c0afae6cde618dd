"""Who receives, evaluates and checks a project's works, and who notes its lessons: predicates (domain guide §2, §8).

Who wrote the project, or holds an interest in its partner, neither receives nor evaluates nor checks.
"""

import rules
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects import access
from projects.rules import completion as rules_of
from projects.states import State
from sr_portal.accounts.roles import Role, holds

officer = access.in_scope(Role.PROGRAMME_OFFICER)
manager = access.in_scope(Role.REGIONAL_MANAGER)
head = access.in_scope(Role.SECTION_HEAD)

receives = officer  # the handover record
evaluates = officer | manager
checks = officer | manager
notes_lessons = officer | manager | head | (access.in_scope(Role.PROPOSER) & access.is_writer)

reads_lessons = holds(*access.READERS)
follows_closures = holds(
    Role.FINANCE_OFFICER, Role.PROGRAMME_OFFICER, Role.REGIONAL_MANAGER, Role.SECTION_HEAD, Role.AUDITOR
)

NOT_FOR_YOU = _("Votre rôle ne le permet pas ici.")


def reasons_against(who: rules.Predicate, user, project) -> list[str | Promise]:
    """Why this user may not receive, evaluate or check (`who`) this project; none when they may."""
    if not who(user, project):
        return [NOT_FOR_YOU]
    return [access.SEPARATION[bar.name] for bar in (access.is_writer, access.has_interest) if bar(user, project)]


def reasons_against_now(act: str, project) -> list[str | Promise]:
    """Why the state of the project does not open this act; none when it does (see `rules.completion.OPEN_IN`)."""
    state = State(project.state)
    if state in rules_of.OPEN_IN[act]:
        return []
    return [rules_of.closed_in(state)]
