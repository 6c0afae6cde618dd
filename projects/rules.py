"""What is allowed of a project. Each rule says its source; the database holds the same (see `triggers`, `Meta`)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from funds.rules import QIP, QIP_CEILING_USD, QIP_MAX_MONTHS, add_months
from projects.states import State

CEILING_MESSAGE = _("Un QIP ne peut dépasser 50 000 USD : réduisez le budget ou choisissez un autre mécanisme.")
LENGTH_MESSAGE = _("Un QIP ne peut dépasser 6 mois : raccourcissez la durée ou choisissez un autre mécanisme.")


def ceiling_of(mechanism) -> Decimal | None:
    """The most a project may cost, USD; for a QIP never above 50,000 (domain guide §1)."""
    if mechanism.code == QIP:
        return min(QIP_CEILING_USD, mechanism.ceiling_usd or QIP_CEILING_USD)
    return mechanism.ceiling_usd


def longest_months(mechanism) -> int | None:
    """The longest a project may last, calendar months; for a QIP never above 6 (domain guide §1)."""
    if mechanism.code == QIP:
        return min(QIP_MAX_MONTHS, mechanism.max_months or QIP_MAX_MONTHS)
    return mechanism.max_months


def validate_budget(mechanism, budget_usd: Decimal) -> None:
    """Raise `ValidationError` on `budget_usd` beyond the mechanism's ceiling."""
    ceiling = ceiling_of(mechanism)
    if ceiling is not None and budget_usd > ceiling:
        if mechanism.code == QIP and ceiling == QIP_CEILING_USD:
            raise ValidationError(CEILING_MESSAGE, code="qip_budget_ceiling")
        raise ValidationError(
            _("Le budget dépasse le plafond du mécanisme, %(ceiling)s USD."),
            code="budget_ceiling",
            params={"ceiling": ceiling},
        )


def validate_length(mechanism, months: int | None) -> None:
    """Raise `ValidationError` on a length beyond the mechanism's longest."""
    longest = longest_months(mechanism)
    if months is not None and longest is not None and months > longest:
        if mechanism.code == QIP and longest == QIP_MAX_MONTHS:
            raise ValidationError({"duration_months": ValidationError(LENGTH_MESSAGE, code="qip_six_months")})
        raise ValidationError(
            {
                "duration_months": ValidationError(
                    _("La durée dépasse celle du mécanisme, %(months)s mois."),
                    code="length",
                    params={"months": longest},
                )
            }
        )


def validate_project(project) -> None:
    """The rules of a project's own row; raises `ValidationError` naming the fields."""
    if project.mechanism_id is None:
        return
    validate_budget(project.mechanism, project.budget_usd)
    validate_length(project.mechanism, project.duration_months)
    if project.cercle_id and project.region_id and project.cercle.region_id != project.region_id:
        raise ValidationError({"cercle": _("Ce cercle se trouve dans une autre région.")})
    if (project.latitude is None) != (project.longitude is None):
        raise ValidationError({"longitude": _("Donnez la latitude et la longitude, ou aucune des deux.")})
    if (
        project.latitude is not None
        and project.region_id
        and not project.region.contains(float(project.latitude), float(project.longitude))
    ):
        raise ValidationError(
            {"latitude": _("Ce point se trouve hors de la région choisie : vérifiez la position ou la région.")}
        )


def ends_on(starts_on: dt.date, months: int) -> dt.date:
    """The project's last possible day, as the database's generated column computes it."""
    return add_months(starts_on, months)


def format_reference(mechanism_code: str, region_abbreviation: str, year: int, number: int) -> str:
    """`QIP-GAO-2026-0042`."""
    return f"{mechanism_code}-{region_abbreviation}-{year}-{number:04d}"


# --- The committee's arithmetic (domain guide §6) ----------------------------------------------------------------


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


DEADLINE_FIELD: dict[State, str] = {
    State.SUBMITTED: "screening_days",
    State.SCREENING: "screening_days",
    State.ELIGIBLE: "review_days",
    State.IN_REVIEW: "review_days",
    State.RECOMMENDED: "decision_days",
    State.NOT_RECOMMENDED: "decision_days",
}


def due_on(project, since: dt.date) -> dt.date | None:
    """The day by which the next step is due, from the mechanism's time limits; None where no clock runs."""
    field = DEADLINE_FIELD.get(State(project.state))
    return since + dt.timedelta(days=getattr(project.mechanism, field)) if field else None
