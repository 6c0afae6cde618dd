"""Who plans and makes visits, and who follows their findings: from roles, scopes and authorship (domain guide §2).

Proposers « file visits and reports », a regional manager makes « visits », the programme officer follows every project.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from funds.models import Interest
from projects.access import READERS, has_interest, in_scope, is_writer
from projects.recipients import organisation_ids
from projects.states import UNDER_AGREEMENT, State
from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.accounts.roles import Role, holds

VISITOR_ROLES = (Role.PROGRAMME_OFFICER, Role.REGIONAL_MANAGER)

reads_visits = holds(*READERS)
may_hold_visits = holds(Role.PROPOSER, *VISITOR_ROLES)

oversees = in_scope(Role.PROGRAMME_OFFICER) | in_scope(Role.REGIONAL_MANAGER)
follows = in_scope(Role.PROPOSER) & is_writer


@dataclass(frozen=True)
class Rights:
    """What one person may do with the visits and findings of one project. An interest in the partner excludes."""

    user_id: int
    lives: bool  # the project lives: visits may be planned, made and mended, findings followed
    visits: bool  # adds a visit, moves its day, makes it, files its report with its findings
    directs: bool  # decides who goes and what is given up: never those whose own project is visited
    judges: bool  # says that a finding is dealt with: the programme officer, never on a project they wrote

    def corrects(self, visit) -> bool:
        """Who wrote the report or was sent mends it, or who directs the visits."""
        return self.directs or (self.visits and self.user_id in (visit.reported_by_id, visit.visitor_id))

    def closes(self, finding) -> bool:
        """The programme officer, or who made the finding and still visits the project: never the partner's side."""
        return self.judges or (self.visits and finding.created_by_id == self.user_id)

    def moves(self, finding) -> bool:
        """Who may close a finding, or who directs the visits, gives it another owner or another day."""
        return self.directs or self.closes(finding)


def rights_of(user, project) -> Rights:
    """One query at most, besides the project's co-authors."""
    sees_all, writes = oversees(user, project), is_writer(user, project)
    free = (sees_all or follows(user, project)) and not has_interest(user, project)
    return Rights(
        user_id=user.pk,
        lives=State(project.state) in UNDER_AGREEMENT,
        visits=free,
        directs=free and sees_all and not writes,
        judges=free and not writes and in_scope(Role.PROGRAMME_OFFICER)(user, project),
    )


def visitors_of(project) -> QuerySet[User]:
    """Who may be sent: those who could file the report (`Rights.visits`), as one query."""
    assigned = RoleAssignment.objects.filter(
        Q(region_id=project.region_id) | Q(region__isnull=True), user=OuterRef("pk")
    )
    sees_all = Exists(assigned.filter(group__name__in=[role.value for role in VISITOR_ROLES]))
    writes = Q(pk=project.author_id) | Q(pk__in=project.coauthors.values("pk"))
    lasting = Q(ended_at__isnull=True)
    if project.submitted_at is not None:
        lasting |= Q(ended_at__gt=project.submitted_at)
    interests = Interest.objects.filter(lasting, user=OuterRef("pk"), organisation_id__in=organisation_ids(project))
    follow = writes & Q(Exists(assigned.filter(group__name=Role.PROPOSER.value)))
    return User.objects.filter(Q(sees_all) | follow, ~Exists(interests), is_active=True).order_by("name", "email")
