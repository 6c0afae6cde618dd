"""The review committee: sessions, agenda, interests, scores, votes, and the recommendation that follows."""

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from projects import access, rules
from projects.lifecycle import TRANSITIONS
from projects.models import (
    AgendaItem,
    Committee,
    ItemState,
    Project,
    Recommendation,
    Recusal,
    ReviewSession,
    Score,
    SessionMember,
    SessionState,
    Vote,
    VoteValue,
)
from sr_portal.accounts.roles import Role
from sr_portal.web import clock

from .steps import check_step, locked, record_step, refuse_if


def _locked_session(pk: int) -> ReviewSession:
    return ReviewSession.objects.select_for_update().select_related("committee").get(pk=pk)


def _secretary_only(user, committee: Committee) -> None:
    scope = user.scopes.get(Role.COMMITTEE_SECRETARY)
    if scope is None or not (scope.everywhere or (committee.region_id and scope.covers(committee.region_id))):
        raise PermissionDenied(_("Seul le secrétaire de ce comité peut le faire."))


def _seat(session: ReviewSession, user) -> SessionMember:
    seat = session.members.filter(user=user).first()
    if seat is None:
        raise PermissionDenied(_("Vous ne siégez pas à cette séance."))
    return seat


def _chair_only(session: ReviewSession, user) -> None:
    if _seat(session, user).seat != "chair":
        raise PermissionDenied(_("Seul le président de la séance peut le faire."))


def right_committee(project: Project) -> Committee | None:
    """The regional committee up to the delegated amount, the central one above it (domain guide §6)."""
    if project.budget_usd <= project.mechanism.delegated_usd:
        regional = Committee.objects.filter(region_id=project.region_id).first()
        if regional:
            return regional
    return Committee.objects.filter(region__isnull=True).first()


@transaction.atomic
def plan_session(*, committee: Committee, user, held_on, place: str = "") -> ReviewSession:
    """A new session with the committee's present members in their seats."""
    _secretary_only(user, committee)
    session = ReviewSession.objects.create(committee=committee, held_on=held_on, place=place, created_by=user)
    SessionMember.objects.bulk_create(
        SessionMember(session=session, user_id=member.user_id, seat=member.seat) for member in committee.members.all()
    )
    return session


@transaction.atomic
def put_on_agenda(*, project: Project, session: ReviewSession, user) -> Project:
    """Put an eligible proposal on the agenda of the right committee's session, planned or open."""
    project = locked(project.pk)
    session = _locked_session(session.pk)
    step = TRANSITIONS["put_on_agenda"]
    check_step(project, step, user)
    _secretary_only(user, session.committee)
    if session.state == SessionState.CLOSED:
        refuse_if([_("Cette séance est close.")])
    if session.committee != right_committee(project):
        refuse_if([_("Ce comité n’est pas compétent pour ce projet : voyez le montant délégué et la région.")])
    last = session.items.aggregate(last=Max("position"))["last"] or 0
    AgendaItem.objects.create(session=session, project=project, position=last + 1)
    return record_step(project, step, user, note=str(session))


@transaction.atomic
def open_session(*, session: ReviewSession, user, present: frozenset[int]) -> ReviewSession:
    """The chair opens the session with those present (user keys)."""
    session = _locked_session(session.pk)
    _chair_only(session, user)
    if session.state != SessionState.PLANNED:
        refuse_if([_("Cette séance a déjà été ouverte.")])
    if not session.items.exists():
        refuse_if([_("L’ordre du jour est vide.")])
    session.state, session.opened_at = SessionState.OPEN, clock.now()
    session.save(update_fields=["state", "opened_at"])
    set_presence(session=session, user=user, present=present | {user.pk})
    return session


@transaction.atomic
def set_presence(*, session: ReviewSession, user, present: frozenset[int]) -> None:
    """The chair says who is present; may change while the session is open."""
    session = _locked_session(session.pk)
    _chair_only(session, user)
    if session.state != SessionState.OPEN:
        refuse_if([_("La séance n’est pas ouverte.")])
    for member in session.members.all():
        if member.present != (member.user_id in present):
            member.present = member.user_id in present
            member.save(update_fields=["present"])


def _open_item(item: AgendaItem, user) -> AgendaItem:
    """The item, its row and its session's locked, if this voting member may still act on it."""
    session = _locked_session(item.session_id)
    item = AgendaItem.objects.select_for_update(of=("self",)).select_related("project").get(pk=item.pk)
    seat = _seat(session, user)
    if not seat.votes_here:
        raise PermissionDenied(_("Votre siège est sans voix."))
    if session.state != SessionState.OPEN or item.state != ItemState.WAITING:
        refuse_if([_("Ce point est clos ou la séance n’est pas ouverte : rien n’a été enregistré et rien ne compte.")])
    return item


def _able_to_judge(item: AgendaItem, user) -> None:
    if item.recusals.filter(user=user).exists():
        raise PermissionDenied(_("Vous vous êtes récusé sur ce point."))
    project = Project.objects.for_page().get(pk=item.project_id)
    for bar in (access.is_writer, access.has_interest, access.has_screened):
        if bar(user, project):
            raise PermissionDenied(access.SEPARATION[bar.name])


@transaction.atomic
def declare_interest(*, item: AgendaItem, user, reason: str) -> Recusal:
    """Recuse oneself from an item; what one had scored or voted on it is taken out."""
    item = _open_item(item, user)
    if not reason.strip():
        refuse_if([_("Indiquez l’intérêt que vous déclarez.")])
    recusal, _made = Recusal.objects.get_or_create(item=item, user=user, defaults={"reason": reason.strip()})
    item.votes.filter(user=user).delete()
    item.scores.filter(user=user).delete()
    return recusal


@transaction.atomic
def judge(*, item: AgendaItem, user, scores: Mapping[int, int], vote: str = "", comment: str = "") -> AgendaItem:
    """Keep a member's scores (criterion → 0–5) and vote; both may be changed until the item is closed."""
    item = _open_item(item, user)
    _able_to_judge(item, user)
    if not _seat(item.session, user).present:
        refuse_if([_("Vous n’êtes pas noté présent : demandez au président de corriger la présence.")])
    criteria = set(item.project.mechanism.criteria.values_list("pk", flat=True))
    refuse_if(_("Critère inconnu.") for criterion in scores if criterion not in criteria)
    refuse_if(_("Une note va de 0 à 5.") for value in scores.values() if not 0 <= value <= 5)
    for criterion, value in scores.items():
        Score.objects.update_or_create(item=item, user=user, criterion_id=criterion, defaults={"value": value})
    if vote:
        if vote not in VoteValue.values:
            refuse_if([_("Vote inconnu.")])
        Vote.objects.update_or_create(
            item=item, user=user, defaults={"value": vote, "comment": comment.strip(), "cast_at": clock.now()}
        )
    return item


def tally(item: AgendaItem) -> rules.Tally:
    """What the item's votes and scores amount to now, or amounted to when it was closed."""
    scores: dict[int, dict[int, int]] = {}
    for score in item.scores.all():
        scores.setdefault(score.user_id, {})[score.criterion_id] = score.value
    mechanism = item.project.mechanism
    return rules.count_votes(
        seats=[rules.Seat(m.user_id, m.seat == "chair", m.votes_here, m.present) for m in item.session.members.all()],
        recused=frozenset(recusal.user_id for recusal in item.recusals.all()),
        votes=[rules.CastVote(vote.user_id, vote.value, vote.cast_at) for vote in item.votes.all()],
        scores=scores,
        weights={criterion.pk: criterion.weight for criterion in mechanism.criteria.all()},
        pass_mark=mechanism.pass_mark,
        closed_at=item.closed_at,
    )


def _outcome(count: rules.Tally, defer: bool, conditions: str) -> Recommendation:
    if defer or not count.quorum:
        return Recommendation.DEFERRED
    if not count.recommended:
        return Recommendation.NOT_RECOMMENDED
    return Recommendation.WITH_CONDITIONS if conditions.strip() else Recommendation.RECOMMENDED


STEP_OF = {
    Recommendation.RECOMMENDED: "recommend",
    Recommendation.WITH_CONDITIONS: "recommend",
    Recommendation.NOT_RECOMMENDED: "not_recommend",
    Recommendation.DEFERRED: "defer",
}


@transaction.atomic
def close_item(
    *, item: AgendaItem, user, conditions: str = "", recommended_usd: Decimal | None = None, defer: bool = False,
    explanation: str = "",
) -> AgendaItem:  # fmt: skip
    """The chair closes an item: the rule gives the recommendation, the project moves with it.

    `recommended_usd` is at most the budget asked for, the whole of it by default. Without a quorum the item is
    deferred, whatever was voted.
    """
    project = locked(item.project_id)
    session = _locked_session(item.session_id)
    _chair_only(session, user)
    item = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if session.state != SessionState.OPEN or item.state != ItemState.WAITING:
        refuse_if([_("Ce point est déjà clos ou la séance n’est pas ouverte.")])
    if defer and not explanation.strip():
        refuse_if([_("Indiquez pourquoi le point est ajourné.")])
    amount = project.budget_usd if recommended_usd is None else recommended_usd
    if not 0 < amount <= project.budget_usd:
        refuse_if([_("Le montant recommandé doit être positif et ne pas dépasser le budget demandé.")])
    count = tally(item)
    if count.quorum and not defer and count.mean is None:
        refuse_if([_("Aucune grille de notes n’est complète : notez tous les critères ou ajournez le point.")])
    outcome = _outcome(count, defer, conditions)
    kept = outcome in (Recommendation.RECOMMENDED, Recommendation.WITH_CONDITIONS)
    item.state, item.closed_at, item.closed_by = ItemState.CLOSED, clock.now(), user
    item.recommendation, item.conditions, item.explanation = outcome, conditions.strip(), explanation.strip()
    item.recommended_usd = amount if kept else None
    item.mean, item.quorum = count.mean, count.quorum
    item.votes_for, item.votes_against, item.abstentions = count.votes_for, count.votes_against, count.abstentions
    item.save()
    step = TRANSITIONS[STEP_OF[outcome]]
    if project.state not in step.sources:
        refuse_if([_("Ce projet n’est plus en comité.")])
    record_step(project, step, user, note=item.conditions or item.explanation, recommended_usd=item.recommended_usd)
    return item


@transaction.atomic
def close_session(*, session: ReviewSession, user, minutes: str = "") -> ReviewSession:
    """The chair closes the session once every item is closed."""
    session = _locked_session(session.pk)
    _chair_only(session, user)
    if session.state != SessionState.OPEN:
        refuse_if([_("La séance n’est pas ouverte.")])
    if session.items.filter(state=ItemState.WAITING).exists():
        refuse_if([_("Un point de l’ordre du jour n’est pas clos : concluez-le ou ajournez-le.")])
    session.state, session.closed_at, session.minutes = SessionState.CLOSED, clock.now(), minutes.strip()
    session.save(update_fields=["state", "closed_at", "minutes"])
    return session
