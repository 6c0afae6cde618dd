"""Who sits on a committee, who may act from which seat, and the standing members that each session copies."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from projects import committee_access as doors
from projects.models import Committee, CommitteeMember, CommitteeSeat, ReviewSession, SessionMember, SessionState

from .steps import StepRefused, refuse_if


def locked_session(pk: int) -> ReviewSession:
    # Only the session's own row: the committee's is read by many sessions, and its region may be empty.
    return ReviewSession.objects.select_for_update(of=("self",)).select_related("committee").get(pk=pk)


def secretary_only(user, committee: Committee) -> None:
    if not doors.keeps(user, committee):
        raise PermissionDenied(_("Seul le secrétaire de ce comité peut le faire."))


def seat_of(session: ReviewSession, user) -> SessionMember:
    """The user's seat at this session. A seat without the role that it asks for gives no right any more."""
    seat = session.members.filter(user=user).first()
    if seat is None:
        raise PermissionDenied(_("Vous ne siégez pas à cette séance."))
    if not doors.may_sit(user, seat.seat, session.committee.region_id):
        raise PermissionDenied(_("Vous n’avez plus le rôle que demande votre siège."))
    return seat


def voting_seat_of(session: ReviewSession, user) -> SessionMember:
    seat = seat_of(session, user)
    if not seat.votes_here:
        raise PermissionDenied(_("Votre siège est sans voix."))
    return seat


def chair_only(session: ReviewSession, user) -> None:
    if seat_of(session, user).seat != CommitteeSeat.CHAIR:
        raise PermissionDenied(_("Seul le président de la séance peut le faire."))


def managers_only(user, committee: Committee) -> None:
    if not doors.manages(user, committee):
        raise PermissionDenied(_("Seuls le secrétaire de ce comité et l’administrateur peuvent le faire."))


def copy_members(session: ReviewSession) -> None:
    SessionMember.objects.bulk_create(
        SessionMember(session=session, user_id=member.user_id, seat=member.seat)
        for member in session.committee.members.all()
    )


@transaction.atomic
def renew_members(*, session: ReviewSession, user) -> None:
    """Seat the committee's present members instead of those of the day when the session was planned."""
    session = locked_session(session.pk)
    secretary_only(user, session.committee)
    if session.state != SessionState.PLANNED:
        refuse_if([_("La séance est déjà ouverte : sa composition ne change plus.")])
    session.members.all().delete()
    copy_members(session)


@transaction.atomic
def save_committee(*, committee: Committee, user, name: str) -> Committee:
    """Create or rename; its region is given once, when it is created, and left empty for the central one."""
    managers_only(user, committee)
    committee.name = name.strip()
    try:
        committee.full_clean()
    except ValidationError as error:
        raise StepRefused(error.messages) from error
    committee.save()
    return committee


@transaction.atomic
def give_seat(*, committee: Committee, user, person, seat: str) -> CommitteeMember:
    """Seat somebody, or change the seat that they have; sessions already planned keep theirs."""
    committee = Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)
    managers_only(user, committee)
    if seat not in CommitteeSeat.values:
        refuse_if([_("Siège inconnu.")])
    if not doors.may_sit(person, seat, committee.region_id):
        refuse_if(
            [_("%(name)s n’a pas, à cet endroit, le rôle que demande ce siège : demandez-le à l’administrateur.")
             % {"name": person.name}]
        )  # fmt: skip
    chair = committee.members.filter(seat=CommitteeSeat.CHAIR).exclude(user=person).select_related("user").first()
    if seat == CommitteeSeat.CHAIR and chair is not None:
        refuse_if([_("%(name)s préside ce comité : donnez-lui d’abord un autre siège.") % {"name": chair.user.name}])
    member, made = CommitteeMember.objects.get_or_create(committee=committee, user=person, defaults={"seat": seat})
    if not made and member.seat != seat:
        member.seat = seat
        member.save(update_fields=["seat"])
    return member


@transaction.atomic
def take_seat(*, committee: Committee, user, person_id: int) -> None:
    """Take somebody's seat away; a second call has no effect."""
    committee = Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)
    managers_only(user, committee)
    committee.members.filter(user_id=person_id).delete()
