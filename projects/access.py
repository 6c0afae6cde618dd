"""Who may read and act on a project: predicates over (user, project) (domain guide §2)."""

import rules
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.recipients import organisation_ids
from projects.states import EDITABLE, State
from sr_portal.accounts.roles import Role, Scope

# Which roles read projects in their scope, and whether drafts too. Partners read what is published, by the API.
READERS: dict[Role, bool] = {
    Role.PROPOSER: False,
    Role.PROGRAMME_OFFICER: False,
    Role.COMMITTEE_MEMBER: False,
    Role.COMMITTEE_CHAIR: False,
    Role.COMMITTEE_SECRETARY: False,
    Role.APPROVER: False,
    Role.FINANCE_OFFICER: False,
    Role.REGIONAL_MANAGER: True,
    Role.SECTION_HEAD: True,
    Role.AUDITOR: True,
}


def areas_of(user) -> tuple[Scope, Scope]:
    """Where a role of the user reads projects but not drafts, and where drafts too."""
    held = [(drafts_too, user.scopes[role]) for role, drafts_too in READERS.items() if role in user.scopes]
    without, with_drafts = (Scope.union(scope for one, scope in held if one is drafts) for drafts in (False, True))
    return without, with_drafts


def in_scope(role: Role) -> rules.Predicate:
    """The user holds `role` where the project is."""

    @rules.predicate(name=f"in_scope:{role.value}")
    def holds_here(user, project) -> bool:
        scope = user.scopes.get(role)
        return scope is not None and scope.covers(project.region_id)

    return holds_here


@rules.predicate
def is_writer(user, project) -> bool:
    return project.is_written_by(user)


@rules.predicate
def has_interest(user, project) -> bool:
    """Declared an interest in who receives the project's money (domain guide §2, last sentence).

    One that ended after the proposal was submitted still counts: nobody lifts it to decide on a file under way.
    """
    receiving = organisation_ids(project)
    if not receiving:
        return False
    lasting = Q(ended_at__isnull=True)
    if project.submitted_at is not None:
        lasting |= Q(ended_at__gt=project.submitted_at)
    return user.interests.filter(lasting, organisation_id__in=receiving).exists()


@rules.predicate
def is_its_screener(user, project) -> bool:
    return any(
        screening.screener_id == user.pk for screening in project.screenings.all() if screening.closed_at is None
    )


# Who follows a screening while it goes on; everybody else reads its rounds once they are closed.
OVERSEERS = (Role.PROGRAMME_OFFICER, Role.REGIONAL_MANAGER, Role.SECTION_HEAD, Role.AUDITOR)


@rules.predicate
def follows_screening(user, project) -> bool:
    """Reads the round under way, unless they wrote the proposal or hold an interest in its partner."""
    here = any(role in user.scopes and user.scopes[role].covers(project.region_id) for role in OVERSEERS)
    return here and not is_writer(user, project) and not has_interest(user, project)


@rules.predicate
def has_screened(user, project) -> bool:
    return any(screening.screener_id == user.pk for screening in project.screenings.all())


@rules.predicate
def has_voted(user, project) -> bool:
    """Voted or scored on any item of the project, in any session."""
    return any(user.pk in {vote.user_id for vote in item.votes.all()} for item in project.agenda_items.all())


@rules.predicate
def is_competent_approver(user, project) -> bool:
    """Mission-wide authority for any amount; a head of office only in the region and up to the delegated amount."""
    scope = user.scopes.get(Role.APPROVER)
    if scope is None or not scope.covers(project.region_id):
        return False
    return scope.everywhere or project.budget_usd <= project.mechanism.delegated_usd


@rules.predicate
def can_edit(user, project) -> bool:
    return State(project.state) in EDITABLE and Role.PROPOSER in user.scopes and project.is_written_by(user)


SEPARATION = {
    "is_writer": _("Vous avez rédigé cette proposition : quelqu’un d’autre doit s’en charger."),
    "has_interest": _("Vous avez déclaré un intérêt dans son partenaire : vous ne pouvez pas intervenir."),
    "has_screened": _("Vous avez présélectionné cette proposition : quelqu’un d’autre doit décider."),
    "has_voted": _("Vous avez voté sur cette proposition en comité : quelqu’un d’autre doit décider."),
}
