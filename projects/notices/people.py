"""Who must act on a project, as people with an address: `DeadlineQuerySet.for_user` asked the other way round.

That one says which turns are a user's, these conditions say whose a turn is; a test holds both equal for every row.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from funds.models import Interest
from projects.committee_questions import right_committee
from projects.deadline_querysets import ROLES_OF, SEPARATE
from projects.deadlines.turns import TURNS, Party
from projects.models import CommitteeMember, Deadline, Project, Recusal, SessionMember, Vote
from projects.recipients import organisation_ids
from projects.states import EDITABLE, State
from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.accounts.roles import Role
from sr_portal.notices.kinds import Kind
from sr_portal.notices.telling import with_ways

from .table import EVENTS, Event

NOBODY = Q(pk__in=[])


@dataclass(frozen=True)
class Happening:
    """Something that happens to a project, by `actor`. `person_id` is whose turn it becomes where a record names
    somebody, `barred` are the users who must leave it to another, `also` those who hear of it besides (user keys)."""

    event: str
    project: Project
    actor: User
    person_id: int | None = None
    barred: frozenset[int] = frozenset()
    also: frozenset[int] = frozenset()
    detail: str = ""

    @property
    def about(self) -> Event:
        return EVENTS[self.event]


def told_of(happening: Happening) -> dict[User, Kind]:
    """Everybody who is told, but who did it: those whose turn it becomes, and those who learn of it. One query."""
    event, project = happening.about, happening.project
    acts = turn_is_of(event.turn, project, happening.person_id, happening.barred) if event.turn else NOBODY
    learns = Q(pk__in=happening.also)
    for party in event.informs if project.submitted_at else ():  # nobody else knows of a draft
        learns |= of_party(party, project)
    if event.members:
        seats = CommitteeMember.objects.filter(user=OuterRef("pk"), committee=right_committee(project))
        learns |= Q(Exists(seats)) & elsewhere(project)
    people = with_ways(User.objects.filter(is_active=True).exclude(pk=happening.actor.pk))
    people = people.annotate(acts=ExpressionWrapper(acts, output_field=BooleanField()))
    return {user: Kind.TURN if user.acts else Kind.PROGRESS for user in people.filter(Q(acts=True) | learns)}


def holders(deadline: Deadline, project: Project) -> list[User]:
    """Whose turn an open deadline is. One query."""
    if not deadline.whose:
        return []
    mine = turn_is_of(deadline.turn, project, deadline.person_id, deadline.barred)
    return list(User.objects.filter(mine, is_active=True))


def turn_is_of(turn: str, project: Project, person_id: int | None = None, barred: Iterable[int] = ()) -> Q:
    """The users whose turn it is: the person that a record names, or those of the party."""
    party = TURNS[turn].party
    if party in (Party.WRITERS, Party.SCREENER) and person_id is not None:
        found = Q(pk=person_id)
    elif party is Party.SCREENER or person_id is not None and party is not Party.JUDGES:
        found = NOBODY
    else:
        found = of_party(party, project)
    return found & ~Q(pk__in=list(barred)) if barred else found


def of_party(party: Party, project: Project) -> Q:
    if party is Party.WRITERS:
        return Q(pk__in=writers_of(project)) & holds(Role.PROPOSER)
    if party is Party.JUDGES:
        return _may_judge(project) & elsewhere(project)
    found = NOBODY
    for role in ROLES_OF.get(party, ()):
        # A head of office decides up to the delegated amount, only the mission's authority above it.
        above = role is Role.APPROVER and project.budget_usd > project.mechanism.delegated_usd
        found |= holds(role, None if above else project.region_id, anywhere=False)
    return found & elsewhere(project) if party in SEPARATE else found


def holds(role: Role, region_id: int | None = None, *, anywhere: bool = True) -> Q:
    """Holds the role, wherever; or, unless `anywhere`, for the whole mission or in this region."""
    held = RoleAssignment.objects.filter(user=OuterRef("pk"), group__name=role)
    if not anywhere:
        held = held.filter(Q(region=None) | Q(region_id=region_id))
    return Q(Exists(held))


def elsewhere(project: Project) -> Q:
    """Neither wrote the proposal nor holds an interest in its partner."""
    lasting = Q(ended_at=None)
    if project.submitted_at and State(project.state) not in EDITABLE:  # while it is written, a new submission counts
        lasting |= Q(ended_at__gt=project.submitted_at)
    interested = Interest.objects.filter(lasting, user=OuterRef("pk"), organisation_id__in=organisation_ids(project))
    return ~Q(pk__in=writers_of(project)) & ~Q(Exists(interested))


def writers_of(project: Project) -> list[int]:
    return [project.author_id, *(person.pk for person in project.coauthors.all())]


def _may_judge(project: Project) -> Q:
    """Present at the open session where the project waits, and has neither voted on it nor stood back from it."""
    seats = SessionMember.objects.filter(
        user=OuterRef("pk"), session__state="open", present=True, seat__in=["chair", "member"],
        session__items__project=project, session__items__state="waiting",
    )  # fmt: skip
    waiting = {"user": OuterRef("pk"), "item__project": project, "item__state": "waiting"}
    return Q(Exists(seats)) & ~Q(Exists(Vote.objects.filter(**waiting))) & ~Q(Exists(Recusal.objects.filter(**waiting)))
