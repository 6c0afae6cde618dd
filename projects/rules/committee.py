"""The committee's arithmetic: quorum, valid votes, weighted mean, recommendation (domain guide §6)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Seat:
    """A member of a session as its rules see them."""

    user_id: int
    is_chair: bool
    votes: bool
    present: bool


@dataclass(frozen=True)
class CastVote:
    user_id: int
    value: str  # "for", "against" or "abstain"
    cast_at: dt.datetime


@dataclass(frozen=True)
class Uncounted:
    """A vote that counts for nothing, and why."""

    user_id: int
    reason: str


NOT_A_MEMBER, RECUSED, BARRED, ABSENT = "not_a_member", "recused", "barred", "absent"
LATE, WITHOUT_QUORUM = "late", "without_quorum"

UNCOUNTED_REASONS = {
    NOT_A_MEMBER: _("n’est pas membre votant de la séance"),
    RECUSED: _("s’est récusé"),
    BARRED: _("ne peut pas juger ce projet : rédaction, présélection ou intérêt dans le partenaire"),
    ABSENT: _("est absent de la séance"),
    LATE: _("a voté après la clôture du point"),
    WITHOUT_QUORUM: _("le quorum n’est pas atteint"),
}


@dataclass(frozen=True)
class Tally:
    """What the valid votes and scores of an item amount to."""

    quorum: bool
    needed: int
    present: int
    votes_for: int
    votes_against: int
    abstentions: int
    mean: Decimal | None
    recommended: bool
    uncounted: tuple[Uncounted, ...]


def quorum_of(seats: Iterable[Seat], recused: frozenset[int]) -> tuple[bool, int, int]:
    """(reached, needed, present): the chair, and half of the other voting members; the recused count on no side."""
    voting = [seat for seat in seats if seat.votes and seat.user_id not in recused]
    others = [seat for seat in voting if not seat.is_chair]
    needed = 1 + (len(others) + 1) // 2
    present = [seat for seat in voting if seat.present]
    chair_present = any(seat.is_chair for seat in present)
    return chair_present and len(present) >= needed, needed, len(present)


def weighted_mean(
    scores: Mapping[int, Mapping[int, int]], weights: Mapping[int, int], members: frozenset[int]
) -> Decimal | None:
    """The mean, 0.00–5.00, over the complete score sheets of `members`; None when there is none.

    `scores` is member → criterion → 0–5; `weights` is criterion → weight.
    """
    sheets = [sheet for user, sheet in scores.items() if user in members and weights.keys() <= sheet.keys()]
    if not sheets or not weights:
        return None
    points = sum(sheet[criterion] * weight for sheet in sheets for criterion, weight in weights.items())
    mean = Decimal(points) / (len(sheets) * sum(weights.values()))
    return mean.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def count_votes(
    *,
    seats: Iterable[Seat],
    recused: frozenset[int],
    votes: Iterable[CastVote],
    scores: Mapping[int, Mapping[int, int]],
    weights: Mapping[int, int],
    pass_mark: Decimal,
    barred: frozenset[int] = frozenset(),
    closed_at: dt.datetime | None = None,
) -> Tally:
    """Judge an item: who counts, the quorum, the majority, the mean (domain guide §6).

    Recommended when the majority of the votes for and against is for, ties going to the chair, and the weighted
    mean reaches `pass_mark`. Without a quorum no vote counts. The `barred` (authors, screeners, those with an interest
    in the partner) count as little as the `recused`, though they declared nothing.
    """
    seats = list(seats)
    by_user = {seat.user_id: seat for seat in seats}
    out = recused | barred
    reached, needed, present = quorum_of(seats, out)

    def why_not(vote: CastVote) -> str | None:
        seat = by_user.get(vote.user_id)
        if seat is None or not seat.votes:
            return NOT_A_MEMBER
        if vote.user_id in recused:
            return RECUSED
        if vote.user_id in barred:
            return BARRED
        if not seat.present:
            return ABSENT
        if closed_at is not None and vote.cast_at > closed_at:
            return LATE
        return None if reached else WITHOUT_QUORUM

    judged = [(vote, why_not(vote)) for vote in votes]
    valid = [vote for vote, reason in judged if reason is None]
    count = {value: sum(vote.value == value for vote in valid) for value in ("for", "against", "abstain")}
    chair_for = any(by_user[vote.user_id].is_chair and vote.value == "for" for vote in valid)
    majority = count["for"] > count["against"] or (count["for"] == count["against"] and chair_for)
    members = frozenset(seat.user_id for seat in seats if seat.votes and seat.present and seat.user_id not in out)
    mean = weighted_mean(scores, weights, members) if reached else None
    return Tally(
        quorum=reached,
        needed=needed,
        present=present,
        votes_for=count["for"],
        votes_against=count["against"],
        abstentions=count["abstain"],
        mean=mean,
        recommended=reached and majority and mean is not None and mean >= pass_mark,
        uncounted=tuple(Uncounted(vote.user_id, reason) for vote, reason in judged if reason is not None),
    )
