"""What the pages of a session show of an item: who sits, who is out, who has judged, and what it amounts to."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects import access, rules
from projects import committee_access as doors
from projects.committee_questions import barred_from
from projects.models import (
    AgendaItem,
    ItemState,
    Recommendation,
    Recusal,
    ReviewSession,
    SessionMember,
    SessionState,
    Vote,
)
from projects.services.tallying import outcome, present_at, reasons_against_closing, tally

BARS = {
    "is_writer": _("a rédigé la proposition"),
    "has_interest": _("a déclaré un intérêt dans le partenaire"),
    "has_screened": _("a présélectionné la proposition"),
}


@dataclass(frozen=True)
class Judge:
    """A seat at the session, as one item sees it."""

    seat: SessionMember
    present: bool
    recusal: Recusal | None
    bar: str | Promise  # told of somebody
    bar_said: str | Promise  # told to them
    vote: Vote | None
    sheet: dict[int, int]
    is_complete: bool
    mean: Decimal | None
    uncounted: str | Promise

    @property
    def is_out(self) -> bool:
        return bool(self.recusal or self.bar)

    @property
    def is_done(self) -> bool:
        """All criteria scored, and voted."""
        return self.is_complete and self.vote is not None

    @property
    def is_expected(self) -> bool:
        """Present, with a voice, and free to judge."""
        return self.present and self.seat.votes_here and not self.is_out


@dataclass(frozen=True)
class CriterionRow:
    name: str
    weight: int
    mean: Decimal | None
    scores: list[int | None]


class Standing:
    """One item with everything drawn from its prefetched rows; asks nothing more of the database."""

    def __init__(self, item: AgendaItem, barred: dict[int, str]) -> None:
        self.item = item
        self.barred = barred
        self.tally = tally(item, barred)
        self.criteria = list(item.project.mechanism.criteria.all())

    @property
    def is_closed(self) -> bool:
        return self.item.state == ItemState.CLOSED

    @property
    def can_be_judged(self) -> bool:
        return not self.is_closed and self.item.session.state == SessionState.OPEN

    @cached_property
    def judges(self) -> list[Judge]:
        weights = {criterion.pk: criterion.weight for criterion in self.criteria}
        recusals = {recusal.user_id: recusal for recusal in self.item.recusals.all()}
        votes = {vote.user_id: vote for vote in self.item.votes.all()}
        sheets: dict[int, dict[int, int]] = {}
        for score in self.item.scores.all():
            sheets.setdefault(score.user_id, {})[score.criterion_id] = score.value
        reasons = {gone.user_id: rules.UNCOUNTED_REASONS[gone.reason] for gone in self.tally.uncounted}
        present = present_at(self.item)
        found = []
        for seat in self.item.session.members.all():
            user = seat.user_id
            sheet = sheets.get(user, {})
            found.append(
                Judge(
                    seat=seat,
                    present=user in present,
                    recusal=recusals.get(user),
                    bar=BARS.get(self.barred.get(user, ""), ""),
                    bar_said=access.SEPARATION.get(self.barred.get(user, ""), ""),
                    vote=votes.get(user),
                    sheet=sheet,
                    is_complete=bool(weights) and weights.keys() <= sheet.keys(),
                    mean=rules.weighted_mean({user: sheet}, weights, frozenset({user})),
                    uncounted=reasons.get(user, ""),
                )
            )
        return found

    def judge(self, user) -> Judge | None:
        return next((judge for judge in self.judges if judge.seat.user_id == user.pk), None)

    @property
    def voters(self) -> list[Judge]:
        return [judge for judge in self.judges if judge.seat.votes_here]

    @property
    def expected(self) -> list[Judge]:
        return [judge for judge in self.judges if judge.is_expected]

    @property
    def voted(self) -> int:
        return sum(judge.vote is not None for judge in self.expected)

    @property
    def sheets(self) -> int:
        return sum(judge.is_complete for judge in self.expected)

    @property
    def still_to_vote(self) -> list[Judge]:
        return [judge for judge in self.expected if judge.vote is None]

    @property
    def out(self) -> list[Judge]:
        return [judge for judge in self.judges if judge.is_out and judge.seat.votes_here]

    @property
    def uncounted(self) -> list[tuple[str, str | Promise]]:
        """Whose vote counts for nothing, and why."""
        names = {vote.user_id: vote.user.name for vote in self.item.votes.all()}
        return [(names[gone.user_id], rules.UNCOUNTED_REASONS[gone.reason]) for gone in self.tally.uncounted]

    @property
    def chair_is_out(self) -> bool:
        return any(judge.is_out and judge.seat.seat == "chair" for judge in self.judges)

    @property
    def ties(self) -> bool:
        return self.tally.votes_for == self.tally.votes_against and self.tally.votes_for > 0

    def outcome(self, defer: bool = False, conditions: str = "") -> Recommendation:
        return outcome(self.tally, defer, conditions)

    def lacking(self, defer: bool = False) -> list[str]:
        return reasons_against_closing(self.tally, defer)

    def grid(self) -> list[CriterionRow]:
        """Criterion by criterion: its mean over the complete sheets that count, and each expected member's score."""
        complete = [judge for judge in self.expected if judge.is_complete]
        rows = []
        for criterion in self.criteria:
            given = [judge.sheet[criterion.pk] for judge in complete]
            mean = (Decimal(sum(given)) / len(given)).quantize(Decimal("0.01")) if given else None
            rows.append(
                CriterionRow(
                    criterion.name, criterion.weight, mean, [judge.sheet.get(criterion.pk) for judge in self.expected]
                )
            )
        return rows


def standings(session: ReviewSession, items: Iterable[AgendaItem]) -> list[Standing]:
    """The items of one session, whose members are prefetched: one query for all that they lack."""
    items = list(items)
    for item in items:
        item.session = session
    barred = barred_from(items)
    return [Standing(item, barred[item.pk]) for item in items]


def quorum_at(session: ReviewSession) -> tuple[bool, int, int]:
    """(reached, needed, present) of the session as a whole, before anybody is out of an item."""
    seats = [
        rules.Seat(member.user_id, member.seat == "chair", member.votes_here, member.present)
        for member in session.members.all()
    ]
    return rules.quorum_of(seats, frozenset())


@dataclass(frozen=True)
class Progress:
    """How far a member is through a session, seen from one of its items."""

    done: int
    total: int
    others: list[int]  # keys of the items left, this one apart, those after it first


def progress_of(session: ReviewSession, user, item: AgendaItem) -> Progress:
    """Counts the items that the member may judge; three queries, whatever the agenda."""
    rows = list(
        session.items.select_related("project")
        .annotate(
            given=Count("scores", filter=Q(scores__user=user), distinct=True),
            asked=Count("project__mechanism__criteria", distinct=True),
            voted=Exists(Vote.objects.filter(item=OuterRef("pk"), user=user)),
            out=Exists(Recusal.objects.filter(item=OuterRef("pk"), user=user)),
        )
        .order_by("position", "pk")
    )
    barred = barred_from(rows)
    mine = [row for row in rows if row.state == ItemState.WAITING and not row.out and user.pk not in barred[row.pk]]
    left = [row for row in mine if not (row.voted and row.given >= row.asked)]
    here = (item.position, item.pk)
    after = [row.pk for row in left if (row.position, row.pk) > here]
    before = [row.pk for row in left if (row.position, row.pk) < here]
    return Progress(done=len(mine) - len(left), total=len(mine), others=after + before)


@dataclass(frozen=True)
class Part:
    """What the reader may do in this session."""

    seat: SessionMember | None
    is_chair: bool
    is_secretary: bool
    votes: bool


def part_of(session: ReviewSession, user) -> Part:
    """From the prefetched members; the services ask again, under a lock."""
    seat = next((member for member in session.members.all() if member.user_id == user.pk), None)
    active = seat is not None and doors.may_sit(user, seat.seat, session.committee.region_id)
    return Part(
        seat=seat,
        is_chair=active and seat.seat == "chair",
        is_secretary=doors.keeps(user, session.committee),
        votes=active and seat.votes_here,
    )
