"""What the votes and scores of an agenda item amount to, and the recommendation that follows by the rule."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from projects import rules
from projects.committee_questions import barred_from
from projects.models import AgendaItem, CommitteeSeat, ItemState, Recommendation


def tally(item: AgendaItem, barred: Collection[int] | None = None) -> rules.Tally:
    """What the item's votes and scores amount to now, or amounted to when it was closed.

    `barred` saves its query when the caller has asked `barred_from` for many items at once.
    """
    if barred is None:
        barred = barred_from([item])[item.pk]
    scores: dict[int, dict[int, int]] = {}
    for score in item.scores.all():
        scores.setdefault(score.user_id, {})[score.criterion_id] = score.value
    mechanism = item.project.mechanism
    present = present_at(item)
    return rules.count_votes(
        seats=[
            rules.Seat(member.user_id, member.seat == CommitteeSeat.CHAIR, member.votes_here, member.user_id in present)
            for member in item.session.members.all()
        ],
        recused=frozenset(recusal.user_id for recusal in item.recusals.all()),
        barred=frozenset(barred),
        votes=[rules.CastVote(vote.user_id, vote.value, vote.cast_at) for vote in item.votes.all()],
        scores=scores,
        weights={criterion.pk: criterion.weight for criterion in mechanism.criteria.all()},
        pass_mark=mechanism.pass_mark,
        closed_at=item.closed_at,
    )


def present_at(item: AgendaItem) -> frozenset[int]:
    """Who is present (user keys), or was when the item was closed."""
    if item.state == ItemState.CLOSED:
        return frozenset(item.attendance)
    return frozenset(member.user_id for member in item.session.members.all() if member.present)


def outcome(count: rules.Tally, defer: bool = False, conditions: str = "") -> Recommendation:
    """The recommendation that the rule gives (domain guide §6); without a quorum the item is deferred."""
    if defer or not count.quorum:
        return Recommendation.DEFERRED
    if not count.recommended:
        return Recommendation.NOT_RECOMMENDED
    return Recommendation.WITH_CONDITIONS if conditions.strip() else Recommendation.RECOMMENDED


def reasons_against_closing(count: rules.Tally, defer: bool = False) -> list[str]:
    """What the committee must still do before the rule can give a recommendation."""
    if defer or not count.quorum:
        return []
    reasons = []
    if not count.votes_for + count.votes_against + count.abstentions:
        reasons.append(_("Aucun vote n’est exprimé : votez ou ajournez le point."))
    if count.mean is None:
        reasons.append(_("Aucune grille de notes n’est complète : notez tous les critères ou ajournez le point."))
    return reasons
