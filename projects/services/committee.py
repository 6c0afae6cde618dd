"""The review committee: sessions, agenda, interests, scores, votes, and the recommendation that follows."""

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from projects import access
from projects.committee_questions import barred_from, right_committee
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
    SessionState,
    Vote,
    VoteValue,
)
from sr_portal.web import clock

from .seats import chair_only, copy_members, locked_session, seat_of, secretary_only, voting_seat_of
from .steps import StepRefused, check_step, locked, record_step, refuse_if
from .tallying import outcome, present_at, reasons_against_closing, tally


@transaction.atomic
def plan_session(*, committee: Committee, user, held_on, place: str = "") -> ReviewSession:
    """A new session with the committee's present members in their seats."""
    secretary_only(user, committee)
    session = ReviewSession.objects.create(committee=committee, held_on=held_on, place=place, created_by=user)
    copy_members(session)
    return session


@transaction.atomic
def reschedule(*, session: ReviewSession, user, held_on, place: str) -> ReviewSession:
    session = locked_session(session.pk)
    secretary_only(user, session.committee)
    if session.state != SessionState.PLANNED:
        refuse_if([_("La séance est déjà ouverte : sa date et son lieu ne changent plus.")])
    session.held_on, session.place = held_on, place.strip()
    session.save(update_fields=["held_on", "place"])
    return session


@transaction.atomic
def put_on_agenda(*, project: Project, session: ReviewSession, user) -> Project:
    """Put an eligible proposal on the agenda of the right committee's session, planned or open."""
    project = locked(project.pk)
    session = locked_session(session.pk)
    step = TRANSITIONS["put_on_agenda"]
    check_step(project, step, user)
    secretary_only(user, session.committee)
    if session.state == SessionState.CLOSED:
        refuse_if([_("Cette séance est close.")])
    if session.committee != right_committee(project):
        refuse_if([_("Ce comité n’est pas compétent pour ce projet : voyez le montant délégué et la région.")])
    last = session.items.aggregate(last=Max("position"))["last"] or 0
    AgendaItem.objects.create(session=session, project=project, position=last + 1)
    return record_step(project, step, user, note=str(session))


@transaction.atomic
def move_item(*, item: AgendaItem, user, up: bool) -> None:
    """Move an item one rank up or down; at the end of the list it stays where it is."""
    session = locked_session(item.session_id)
    secretary_only(user, session.committee)
    if session.state == SessionState.CLOSED:
        refuse_if([_("Cette séance est close.")])
    rows = list(session.items.all())
    here = next((rank for rank, row in enumerate(rows) if row.pk == item.pk), None)
    if here is None:
        refuse_if([_("Ce point n’est plus à l’ordre du jour.")])
        return
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for rank, row in enumerate(rows, start=1):
        if row.position != rank:
            row.position = rank
            row.save(update_fields=["position"])


@transaction.atomic
def open_session(*, session: ReviewSession, user, present: frozenset[int]) -> ReviewSession:
    """The chair opens the session with those present (user keys)."""
    session = locked_session(session.pk)
    chair_only(session, user)
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
    session = locked_session(session.pk)
    chair_only(session, user)
    if session.state != SessionState.OPEN:
        refuse_if([_("La séance n’est pas ouverte.")])
    for member in session.members.all():
        if member.present != (member.user_id in present):
            member.present = member.user_id in present
            member.save(update_fields=["present"])


def _waiting_item(item: AgendaItem, user, *, session_states: tuple[str, ...]) -> AgendaItem:
    """The item, its row and its session's locked, if this voting member may still act on it."""
    session = locked_session(item.session_id)
    voting_seat_of(session, user)
    found = AgendaItem.objects.select_for_update(of=("self",)).select_related("project").filter(pk=item.pk).first()
    if found is None or session.state not in session_states or found.state != ItemState.WAITING:
        raise StepRefused(
            _("Ce point est clos ou la séance n’est pas ouverte : rien n’a été enregistré et rien ne compte.")
        )
    return found


def _able_to_judge(item: AgendaItem, user) -> None:
    if item.recusals.filter(user=user).exists():
        raise PermissionDenied(_("Vous vous êtes récusé sur ce point."))
    if bar := barred_from([item])[item.pk].get(user.pk):
        raise PermissionDenied(access.SEPARATION[bar])


@transaction.atomic
def declare_interest(*, item: AgendaItem, user, reason: str) -> Recusal:
    """Recuse oneself from an item, before or during the session; what one had scored or voted on it is taken out."""
    item = _waiting_item(item, user, session_states=(SessionState.PLANNED, SessionState.OPEN))
    if not reason.strip():
        refuse_if([_("Indiquez l’intérêt que vous déclarez.")])
    recusal, _made = Recusal.objects.get_or_create(item=item, user=user, defaults={"reason": reason.strip()})
    item.votes.filter(user=user).delete()
    item.scores.filter(user=user).delete()
    return recusal


@transaction.atomic
def judge(*, item: AgendaItem, user, scores: Mapping[int, int], vote: str = "", comment: str = "") -> AgendaItem:
    """Keep a member's scores (criterion → 0–5) and vote; both may be changed until the item is closed."""
    item = _waiting_item(item, user, session_states=(SessionState.OPEN,))
    _able_to_judge(item, user)
    if not seat_of(item.session, user).present:
        refuse_if([_("Vous n’êtes pas noté présent : demandez au président de corriger la présence.")])
    criteria = set(item.project.mechanism.criteria.values_list("pk", flat=True))
    refuse_if(_("Critère inconnu.") for criterion in scores if criterion not in criteria)
    refuse_if(_("Une note va de 0 à 5.") for value in scores.values() if not 0 <= value <= 5)
    known = dict(Score.objects.filter(item=item, user=user).values_list("criterion_id", "value"))
    changed = {criterion: value for criterion, value in scores.items() if known.get(criterion) != value}
    Score.objects.bulk_create(
        [Score(item=item, user=user, criterion_id=criterion, value=value) for criterion, value in changed.items()],
        update_conflicts=True,
        unique_fields=["item", "user", "criterion"],
        update_fields=["value"],
    )
    if vote:
        if vote not in VoteValue.values:
            refuse_if([_("Vote inconnu.")])
        Vote.objects.update_or_create(
            item=item, user=user, defaults={"value": vote, "comment": comment.strip(), "cast_at": clock.now()}
        )
    return item


STEP_OF = {
    Recommendation.RECOMMENDED: "recommend",
    Recommendation.WITH_CONDITIONS: "recommend",
    Recommendation.NOT_RECOMMENDED: "not_recommend",
    Recommendation.DEFERRED: "defer",
}


@transaction.atomic
def close_item(
    *, item: AgendaItem, user, conditions: str = "", recommended_usd: Decimal | None = None, defer: bool = False,
    explanation: str = "", shown: str = "",
) -> AgendaItem:  # fmt: skip
    """The chair closes an item: the rule gives the recommendation, the project moves with it.

    `recommended_usd` is at most the budget asked for, the whole of it by default. Without a quorum the item is
    deferred, whatever was voted. `shown` is the recommendation that the chair was asked to confirm: another vote may
    have come in since.
    """
    project = locked(item.project_id)
    session = locked_session(item.session_id)
    chair_only(session, user)
    item = AgendaItem.objects.select_for_update(of=("self",)).select_related("project__mechanism").get(pk=item.pk)
    if session.state != SessionState.OPEN or item.state != ItemState.WAITING:
        refuse_if([_("Ce point est déjà clos ou la séance n’est pas ouverte.")])
    if defer and not explanation.strip():
        refuse_if([_("Indiquez pourquoi le point est ajourné.")])
    amount = project.budget_usd if recommended_usd is None else recommended_usd
    if not 0 < amount <= project.budget_usd:
        refuse_if([_("Le montant recommandé doit être positif et ne pas dépasser le budget demandé.")])
    count = tally(item)
    refuse_if(reasons_against_closing(count, defer))
    result = outcome(count, defer, conditions)
    if shown and shown != result:
        refuse_if([_("Les votes ont changé depuis que la recommandation vous a été montrée : relisez-la.")])
    kept = result in (Recommendation.RECOMMENDED, Recommendation.WITH_CONDITIONS)
    item.attendance = sorted(present_at(item))
    item.state, item.closed_at, item.closed_by = ItemState.CLOSED, clock.now(), user
    item.recommendation, item.conditions, item.explanation = result, conditions.strip(), explanation.strip()
    item.recommended_usd = amount if kept else None
    item.mean, item.quorum = count.mean, count.quorum
    item.votes_for, item.votes_against, item.abstentions = count.votes_for, count.votes_against, count.abstentions
    item.save()
    step = TRANSITIONS[STEP_OF[result]]
    if project.state not in step.sources:
        refuse_if([_("Ce projet n’est plus en comité.")])
    record_step(project, step, user, note=item.conditions or item.explanation, recommended_usd=item.recommended_usd)
    return item


@transaction.atomic
def close_session(*, session: ReviewSession, user, minutes: str | None = None) -> ReviewSession:
    """The chair closes the session once every item is closed; `minutes` replace the remarks when given."""
    session = locked_session(session.pk)
    chair_only(session, user)
    if session.state != SessionState.OPEN:
        refuse_if([_("La séance n’est pas ouverte.")])
    if session.items.filter(state=ItemState.WAITING).exists():
        refuse_if([_("Un point de l’ordre du jour n’est pas clos : concluez-le ou ajournez-le.")])
    session.state, session.closed_at = SessionState.CLOSED, clock.now()
    if minutes is not None:
        session.minutes = minutes.strip()
    session.save(update_fields=["state", "closed_at", "minutes"])
    return session


@transaction.atomic
def write_minutes(*, session: ReviewSession, user, minutes: str, known: str) -> ReviewSession:
    """The secretary writes the remarks of the minutes; `known` is the text that they had before them."""
    session = locked_session(session.pk)
    secretary_only(user, session.committee)
    if session.state == SessionState.PLANNED:
        refuse_if([_("La séance n’est pas ouverte.")])
    if session.minutes != known:
        raise MinutesChanged(session.minutes)
    session.minutes = minutes.strip()
    session.save(update_fields=["minutes"])
    return session


class MinutesChanged(Exception):
    """Somebody else wrote the remarks meanwhile; the argument is their text."""
