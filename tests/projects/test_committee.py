"""The committee's rules: quorum, recusal, majority, mean, late and foreign votes (domain guide §6)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from projects import rules
from projects.models import Vote
from projects.services import committee as committees
from projects.services.steps import StepRefused
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.projects import admitted, cast, in_session, judged

MOMENT = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
CHAIR, ONE, TWO, THREE, STRANGER = range(1, 6)


def seats(*present: int) -> list[rules.Seat]:
    return [rules.Seat(user, user == CHAIR, True, user in present) for user in (CHAIR, ONE, TWO, THREE)]


def count(present, votes, recused=(), score=4, closed_at=None, pass_mark="3.00"):
    return rules.count_votes(
        seats=seats(*present),
        recused=frozenset(recused),
        votes=[rules.CastVote(user, value, at) for user, value, at in votes],
        scores={user: {1: score, 2: score} for user in present},
        weights={1: 70, 2: 30},
        pass_mark=Decimal(pass_mark),
        closed_at=closed_at,
    )


def by(**votes):
    names = {"chair": CHAIR, "one": ONE, "two": TWO, "three": THREE, "stranger": STRANGER}
    return [(names[name], value, MOMENT) for name, value in votes.items()]


def test_the_quorum_is_the_chair_and_half_of_the_other_voting_members():
    assert rules.quorum_of(seats(CHAIR, ONE, TWO), frozenset()) == (True, 3, 3)
    assert rules.quorum_of(seats(CHAIR, ONE), frozenset())[0] is False
    assert rules.quorum_of(seats(ONE, TWO, THREE), frozenset())[0] is False


def test_a_recused_member_counts_on_neither_side_of_the_quorum():
    assert rules.quorum_of(seats(CHAIR, ONE), frozenset({TWO})) == (True, 2, 2)
    assert rules.quorum_of(seats(CHAIR, ONE, TWO, THREE), frozenset({CHAIR}))[0] is False


def test_the_majority_recommends_when_the_mean_is_high_enough():
    assert count((CHAIR, ONE, TWO), by(chair="for", one="for", two="against")).recommended
    assert not count((CHAIR, ONE, TWO), by(chair="for", one="for", two="for"), score=2).recommended


def test_a_tie_goes_to_the_chair():
    assert count((CHAIR, ONE, TWO), by(chair="for", one="against", two="abstain")).recommended
    assert not count((CHAIR, ONE, TWO), by(chair="against", one="for", two="abstain")).recommended


def test_votes_of_strangers_the_recused_the_absent_and_the_late_count_for_nothing():
    late = [(THREE, "for", MOMENT + dt.timedelta(minutes=1))]
    votes = by(chair="against", one="against", stranger="for", two="for") + late
    tally = count((CHAIR, ONE, THREE), votes, recused={TWO}, closed_at=MOMENT)
    assert (tally.votes_for, tally.votes_against) == (0, 2)
    reasons = {uncounted.user_id: uncounted.reason for uncounted in tally.uncounted}
    assert reasons == {STRANGER: rules.NOT_A_MEMBER, TWO: rules.RECUSED, THREE: rules.LATE}


def test_without_a_quorum_no_vote_counts():
    tally = count((CHAIR, ONE), by(chair="for", one="for"))
    assert (tally.quorum, tally.votes_for, tally.recommended) == (False, 0, False)


def test_an_incomplete_score_sheet_does_not_weigh():
    scores = {CHAIR: {1: 5, 2: 0}, ONE: {1: 0}}
    assert rules.weighted_mean(scores, {1: 70, 2: 30}, frozenset({CHAIR, ONE})) == Decimal("3.50")


@pytest.mark.django_db
def test_without_a_quorum_the_item_is_deferred_and_the_project_waits_for_another_session():
    people = cast()
    project = admitted(people)
    session = in_session(people, project)
    committees.set_presence(session=session, user=people.chair, present=frozenset({people.chair.pk}))
    item = committees.close_item(item=session.items.get(), user=people.chair)
    project.refresh_from_db()
    assert (item.recommendation, item.quorum, project.state) == ("deferred", False, State.ELIGIBLE)


@pytest.mark.django_db
def test_a_late_vote_is_refused_and_a_forged_one_is_not_counted():
    people = cast()
    session = in_session(people, admitted(people))
    judged(people, session)
    item = session.items.get()
    with pytest.raises(StepRefused, match="rien ne compte"):
        committees.judge(item=item, user=people.members[0], scores={}, vote="against")
    stranger = user_with(Role.COMMITTEE_MEMBER)
    with pytest.raises(PermissionDenied):
        committees.judge(item=item, user=stranger, scores={}, vote="against")
    Vote.objects.create(item=item, user=stranger, value="against", cast_at=clock.now())
    tally = committees.tally(item)
    assert (tally.votes_for, tally.votes_against) == (4, 0)
    assert [uncounted.reason for uncounted in tally.uncounted] == [rules.NOT_A_MEMBER]


@pytest.mark.django_db
def test_a_recused_member_can_no_longer_vote_and_what_they_voted_is_taken_out():
    people = cast()
    session = in_session(people, admitted(people))
    item, member = session.items.get(), people.members[0]
    committees.judge(item=item, user=member, scores={}, vote="for")
    committees.declare_interest(item=item, user=member, reason="Mon frère dirige l’entreprise")
    assert not item.votes.exists()
    with pytest.raises(PermissionDenied, match="récusé"):
        committees.judge(item=item, user=member, scores={}, vote="for")


@pytest.mark.django_db
def test_only_the_right_committee_takes_a_project_on_its_agenda():
    people = cast()
    large = admitted(people, amount="25000.01")
    session = committees.plan_session(committee=people.regional, user=people.secretary, held_on=dt.date(2026, 12, 1))
    with pytest.raises(StepRefused, match="compétent"):
        committees.put_on_agenda(project=large, session=session, user=people.secretary)


@pytest.mark.django_db
def test_a_majority_against_is_not_recommended():
    people = cast()
    project = admitted(people)
    judged(people, in_session(people, project), vote="against")
    project.refresh_from_db()
    assert (project.state, project.recommended_usd) == (State.NOT_RECOMMENDED, None)
