"""The committee's pages: who may do what, what is refused and leaves no trace, and what each page says."""

import datetime as dt
import uuid
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from funds.models import Interest
from projects import access
from projects.forms.committee import ConclusionForm
from projects.models import AgendaItem, Committee, CommitteeMember, Recusal, ReviewSession, Score, SessionMember, Vote
from projects.services import committee as committees
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.projects import Cast, admitted, cast, in_session, judged, region
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def url(name: str, *keys) -> str:
    return reverse(f"projects:{name}", args=keys)


def get(user: User, name: str, *keys):
    return browser(user).get(url(name, *keys))


def post(user: User, name: str, *keys, data: dict | None = None, key: uuid.UUID | None = None):
    return browser(user).post(url(name, *keys), {"one_time_key": key or uuid.uuid4(), **(data or {})})


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def planned(people: Cast, *projects, day: dt.date | None = None) -> ReviewSession:
    session = committees.plan_session(
        committee=people.regional, user=people.secretary, held_on=day or clock.today() + dt.timedelta(days=7)
    )
    for project in projects:
        committees.put_on_agenda(project=project, session=session, user=people.secretary)
    return session


def sheet(item: AgendaItem, value: int = 4, vote: str = "for", **more) -> dict:
    keys = item.project.mechanism.criteria.values_list("pk", flat=True)
    return {**{f"score_{key}": value for key in keys}, "vote": vote, **more}


def traces() -> tuple:
    """What a refusal must leave as it was."""
    return (
        list(ReviewSession.objects.order_by("pk").values_list("pk", "state", "held_on", "minutes")),
        list(AgendaItem.objects.order_by("pk").values_list("pk", "state", "position", "recommendation")),
        list(SessionMember.objects.order_by("pk").values_list("pk", "present")),
        list(CommitteeMember.objects.order_by("pk").values_list("pk", "seat")),
        list(Committee.objects.order_by("pk").values_list("pk", "name")),
        list(Vote.objects.order_by("pk").values_list("pk", "value")),
        Score.objects.count(),
        Recusal.objects.count(),
    )


@laid_once
def people() -> Cast:
    return cast()


# --- Planning -----------------------------------------------------------------------------------------------------
def test_the_secretary_plans_a_session_once_with_the_committees_members(people):
    key, data = uuid.uuid4(), {"committee": people.regional.pk, "held_on": "2027-03-01", "place": "Gao"}
    first = post(people.secretary, "session_create", data=data, key=key)
    again = post(people.secretary, "session_create", data=data, key=key)
    session = ReviewSession.objects.get()
    assert first.status_code == 302 and first["Location"] == again["Location"] == url("session", session.pk)
    assert session.members.count() == people.regional.members.count()


def test_a_session_in_the_past_is_refused_and_what_was_typed_is_kept(people):
    data = {"committee": people.regional.pk, "held_on": "2020-03-01", "place": "Salle bleue"}
    answer = post(people.secretary, "session_create", data=data)
    assert answer.status_code == 422
    assert "Une séance se prévoit aujourd’hui ou plus tard." in text_of(answer) and "Salle bleue" in text_of(answer)
    assert not ReviewSession.objects.exists()


def test_several_eligible_projects_go_on_the_agenda_at_once_and_are_put_in_order(people):
    one, two = admitted(people), admitted(people)
    session = planned(people)
    assert one.title in text_of(get(people.secretary, "session", session.pk))
    assert post(people.secretary, "session_agenda", session.pk, data={"projects": [one.pk, two.pk]}).status_code == 302
    last = session.items.last()
    assert post(people.secretary, "session_move", session.pk, data={"up": last.pk}).status_code == 302
    assert session.items.first().pk == last.pk


def test_no_project_ticked_changes_nothing_and_says_so(people):
    session = planned(people)
    answer = post(people.secretary, "session_agenda", session.pk)
    assert answer.status_code == 409 and "Cochez au moins un projet." in text_of(answer)


def test_date_and_place_change_until_the_opening(people):
    session = planned(people, admitted(people))
    data = {"held_on": "2027-04-02", "place": "Base"}
    assert post(people.secretary, "session_edit", session.pk, data=data).status_code == 302
    committees.open_session(session=session, user=people.chair, present=frozenset())
    answer = post(people.secretary, "session_edit", session.pk, data={"held_on": "2027-05-02", "place": "Base"})
    session.refresh_from_db()
    assert answer.status_code == 409 and session.held_on == dt.date(2027, 4, 2)


# --- Doors --------------------------------------------------------------------------------------------------------
def test_anonymous_visitors_sign_in():
    assert Client().get(url("sessions"))["Location"].startswith("/compte/connexion/")


@pytest.mark.parametrize("role", [Role.PROPOSER, Role.FINANCE_OFFICER, Role.PARTNER])
def test_those_without_a_reading_role_or_seat_do_not_enter(people, role):
    session = planned(people)
    stranger = user_with(role)
    for name, keys in (("sessions", ()), ("session", (session.pk,)), ("session_minutes", (session.pk,))):
        assert get(stranger, name, *keys).status_code == 403


def test_a_session_elsewhere_does_not_exist(people):
    session = planned(people, admitted(people))
    elsewhere = user_with(Role.COMMITTEE_MEMBER, region=region("ML-5"))
    assert get(elsewhere, "session", session.pk).status_code == 404
    assert get(elsewhere, "session_item", session.pk, session.items.get().pk).status_code == 404


ACTS = [
    ("session_edit", {"held_on": "2027-04-02", "place": "x"}, {"secretary"}),
    ("session_agenda", {"projects": []}, {"secretary"}),
    ("session_move", {"up": "1"}, {"secretary"}),
    ("session_members", {}, {"secretary"}),
    ("session_open", {}, {"chair"}),
    ("session_presence", {}, {"chair"}),
    ("session_close", {}, {"chair"}),
    ("session_minutes_edit", {"minutes": "x", "known": ""}, {"secretary"}),
]


@pytest.mark.parametrize(("name", "data", "allowed"), ACTS, ids=[act[0] for act in ACTS])
def test_only_the_right_seat_acts_and_refusals_leave_no_trace(people, name, data, allowed):
    session = planned(people, admitted(people))
    others = {"secretary": people.secretary, "chair": people.chair, "member": people.members[0]}
    others |= {"auditor": user_with(Role.AUDITOR), "officer": people.officer}
    before = traces()
    for who, user in others.items():
        if who not in allowed:
            assert post(user, name, session.pk, data=data).status_code == 403, who
    assert traces() == before


def test_reading_writes_nothing(people):
    session = in_session(people, admitted(people))
    item = session.items.get()
    before = traces()
    for user in (people.secretary, people.chair, people.members[0], people.officer):
        for name, keys in (
            ("sessions", ()),
            ("session", (session.pk,)),
            ("session_item", (session.pk, item.pk)),
            ("session_minutes", (session.pk,)),
            ("session_committees", ()),
            ("session_committee", (people.regional.pk,)),
        ):
            assert get(user, name, *keys).status_code == 200, (user, name)
    for name, keys in (
        ("session_presence", (session.pk,)),
        ("session_close", (session.pk,)),
        ("session_item_close", (session.pk, item.pk)),
        ("session_interest", (session.pk, item.pk)),
    ):
        assert get(people.chair, name, *keys).status_code == 200, name
    assert get(people.secretary, "session_minutes_edit", session.pk).status_code == 200
    assert traces() == before


# --- Opening and presence -----------------------------------------------------------------------------------------
def test_the_chair_opens_with_those_present_and_the_page_says_the_quorum(people):
    session = planned(people, admitted(people))
    assert get(people.chair, "session_open", session.pk).status_code == 200
    answer = post(people.chair, "session_open", session.pk, data={"present": [people.members[0].pk]})
    session.refresh_from_db()
    assert answer.status_code == 302 and session.state == "open"
    shown = text_of(get(people.chair, "session", session.pk))
    assert "2 sur 4" in shown and "non atteint" in shown and "quorum non atteint" in shown


def test_an_empty_agenda_is_not_opened(people):
    session = planned(people)
    assert post(people.chair, "session_open", session.pk).status_code == 409
    session.refresh_from_db()
    assert session.state == "planned"


# --- Judging ------------------------------------------------------------------------------------------------------
def test_a_member_scores_votes_and_goes_on_to_the_next_item(people):
    session = in_session(people, admitted(people), admitted(people))
    first, second = session.items.all()
    member = people.members[0]
    assert "Points notés\u00a0: 0 sur 2" in text_of(get(member, "session_item", session.pk, first.pk))
    answer = post(member, "session_judge", session.pk, first.pk, data=sheet(first, next="1", comment="Bon projet"))
    assert answer["Location"] == url("session_item", session.pk, second.pk)
    assert first.votes.get().comment == "Bon projet" and first.scores.count() == 6
    assert "Points notés\u00a0: 1 sur 2" in text_of(get(member, "session_item", session.pk, second.pk))
    assert "1 sur 2 points" in text_of(get(member, "session", session.pk))


def test_a_wrong_score_is_refused_by_name_and_the_rest_is_kept(people):
    session = in_session(people, admitted(people))
    item = session.items.get()
    key = item.project.mechanism.criteria.first().pk
    data = sheet(item, comment="À garder") | {f"score_{key}": "6"}
    answer = post(people.members[0], "session_judge", session.pk, item.pk, data=data)
    assert answer.status_code == 422 and "À garder" in text_of(answer)
    assert not item.votes.exists() and not item.scores.exists()


def test_votes_of_others_stay_secret_until_the_item_is_closed(people):
    session = in_session(people, admitted(people))
    item = session.items.get()
    post(people.members[0], "session_judge", session.pk, item.pk, data=sheet(item, vote="against", comment="Trop cher"))
    for reader in (people.members[1], people.secretary, people.officer):
        assert "Trop cher" not in text_of(get(reader, "session_item", session.pk, item.pk))
    data = sheet(item)
    for member in [people.chair, *people.members[1:]]:
        post(member, "session_judge", session.pk, item.pk, data=data)
    committees.close_item(item=item, user=people.chair)
    assert "Trop cher" in text_of(get(people.members[1], "session_item", session.pk, item.pk))


@pytest.mark.parametrize("who", ["secretary", "officer", "stranger", "absent", "author", "interested"])
def test_a_vote_by_somebody_who_may_not_judge_is_refused(people, who):
    project = admitted(people)
    session = in_session(people, project)
    item = session.items.get()
    member = people.members[0]
    user = {"secretary": people.secretary, "officer": people.officer}.get(who, member)
    if who == "stranger":
        user = user_with(Role.COMMITTEE_MEMBER)
    elif who == "absent":
        committees.set_presence(session=session, user=people.chair, present=frozenset({people.chair.pk}))
    elif who == "author":
        project.coauthors.add(member)
    elif who == "interested":
        Interest.objects.create(organisation=project.partner, user=member, nature="Parent du directeur")
    before = traces()
    answer = post(user, "session_judge", session.pk, item.pk, data=sheet(item))
    assert answer.status_code == (409 if who == "absent" else 403)
    assert traces() == before


def test_a_late_vote_counts_for_nothing_and_the_page_says_so(people):
    session = in_session(people, admitted(people))
    item = session.items.get()
    judged(people, session)
    before = traces()
    data = sheet(item, vote="against", comment="Trop tard")
    answer = post(people.members[0], "session_judge", session.pk, item.pk, data=data)
    assert answer.status_code == 409 and traces() == before
    assert "rien ne compte" in text_of(answer) and "Trop tard" in text_of(answer)
    Vote.objects.filter(user=people.members[1]).update(cast_at=clock.now() + dt.timedelta(minutes=5))
    shown = text_of(get(people.chair, "session_item", session.pk, item.pk))
    assert "a voté après la clôture du point" in shown


def test_a_recused_member_is_out_and_the_quorum_is_counted_without_them(people):
    session = in_session(people, admitted(people))
    item, member = session.items.get(), people.members[0]
    post(member, "session_judge", session.pk, item.pk, data=sheet(item))
    answer = post(member, "session_interest", session.pk, item.pk, data={"reason": "Mon frère dirige l’entreprise"})
    assert answer.status_code == 302 and not item.votes.exists() and not item.scores.exists()
    assert post(member, "session_judge", session.pk, item.pk, data=sheet(item)).status_code == 403
    committees.set_presence(
        session=session, user=people.chair, present=frozenset({people.chair.pk, people.members[1].pk})
    )
    shown = text_of(get(people.chair, "session_item", session.pk, item.pk))
    assert "votants présents\u00a0: 2, requis\u00a0: 2" in shown and "Mon frère dirige l’entreprise" in shown
    assert "Vous vous êtes récusé" in text_of(get(member, "session_item", session.pk, item.pk))


def test_an_interest_without_a_reason_is_refused(people):
    session = in_session(people, admitted(people))
    item = session.items.get()
    assert post(people.members[0], "session_interest", session.pk, item.pk).status_code == 422
    assert not item.recusals.exists()


# --- Concluding ---------------------------------------------------------------------------------------------------
def all_vote(people: Cast, item: AgendaItem, value: int = 4, vote: str = "for") -> None:
    scores = dict.fromkeys(item.project.mechanism.criteria.values_list("pk", flat=True), value)
    for member in [people.chair, *people.members]:
        committees.judge(item=item, user=member, scores=scores, vote=vote)


@pytest.mark.parametrize(
    ("value", "vote", "data", "outcome", "state"),
    [
        (4, "for", {}, "Recommandé", State.RECOMMENDED),
        (4, "for", {"conditions": "Clôturer le site"}, "Recommandé sous conditions", State.RECOMMENDED),
        (2, "for", {}, "Non recommandé", State.NOT_RECOMMENDED),
        (4, "against", {}, "Non recommandé", State.NOT_RECOMMENDED),
        (4, "for", {"defer": "on", "explanation": "Un devis manque"}, "Ajourné", State.ELIGIBLE),
    ],
)
def test_the_rule_is_shown_before_the_chair_closes(people, value, vote, data, outcome, state):
    project = admitted(people)
    session = in_session(people, project)
    item = session.items.get()
    all_vote(people, item, value, vote)
    before = traces()
    preview = post(people.chair, "session_item_close", session.pk, item.pk, data=data)
    assert preview.status_code == 200 and f"<span>{outcome}</span>" in text_of(preview)
    assert traces() == before
    shown = preview.context["outcome"].value
    key = uuid.uuid4()
    for _click in range(2):
        done = post(
            people.chair,
            "session_item_close",
            session.pk,
            item.pk,
            data={**data, "confirm": "1", "shown": shown},
            key=key,
        )
        assert done.status_code == 302
    project.refresh_from_db()
    assert project.state == state
    assert f"<span>{outcome}</span>" in text_of(get(people.members[0], "session_item", session.pk, item.pk))


def test_a_reduced_amount_is_read_as_people_write_it_and_never_above_the_budget(people):
    project = admitted(people)
    session = in_session(people, project)
    item = session.items.get()
    all_vote(people, item)
    above = post(people.chair, "session_item_close", session.pk, item.pk, data={"recommended_usd": "20 000,01"})
    assert above.status_code == 422
    data = {"recommended_usd": "18 000,50", "confirm": "1", "shown": "recommended"}
    assert post(people.chair, "session_item_close", session.pk, item.pk, data=data).status_code == 302
    item.refresh_from_db()
    assert str(item.recommended_usd) == "18000.50"


def test_a_recommendation_that_changed_since_it_was_shown_is_not_closed(people):
    session = in_session(people, admitted(people))
    item = session.items.get()
    all_vote(people, item, vote="against")
    data = {"confirm": "1", "shown": "recommended", "conditions": "À garder"}
    answer = post(people.chair, "session_item_close", session.pk, item.pk, data=data)
    assert answer.status_code == 409 and "À garder" in text_of(answer)
    item.refresh_from_db()
    assert item.state == "waiting"


def test_without_a_quorum_the_chair_is_told_that_the_item_will_be_deferred(people):
    session = in_session(people, admitted(people))
    item = session.items.get()
    all_vote(people, item)
    committees.set_presence(session=session, user=people.chair, present=frozenset({people.chair.pk}))
    shown = text_of(get(people.chair, "session_item_close", session.pk, item.pk))
    assert "Sans quorum, la règle donne" in shown and "le quorum n’est pas atteint" in shown


def test_only_the_chair_concludes(people):
    session = in_session(people, admitted(people))
    item = session.items.get()
    all_vote(people, item)
    before = traces()
    for user in (people.secretary, people.members[0], people.officer, user_with(Role.AUDITOR)):
        data = {"confirm": "1", "shown": "recommended"}
        assert post(user, "session_item_close", session.pk, item.pk, data=data).status_code == 403
    assert traces() == before


# --- Closing and minutes ------------------------------------------------------------------------------------------
def test_a_session_with_a_waiting_item_is_not_closed(people):
    session = in_session(people, admitted(people))
    assert "Ces points ne sont pas clos" in text_of(get(people.chair, "session_close", session.pk))
    assert post(people.chair, "session_close", session.pk).status_code == 409
    session.refresh_from_db()
    assert session.state == "open"


def test_the_minutes_hold_all_facts(people):
    project = admitted(people)
    session = in_session(people, project)
    item = session.items.get()
    committees.declare_interest(item=item, user=people.members[2], reason="Ancien employeur")
    scores = dict.fromkeys(item.project.mechanism.criteria.values_list("pk", flat=True), 4)
    for member in [people.chair, *people.members[:2]]:
        committees.judge(item=item, user=member, scores=scores, vote="for", comment=f"Avis de {member.pk}")
    committees.close_item(item=item, user=people.chair, conditions="Clôturer le site")
    assert post(people.chair, "session_close", session.pk).status_code == 302
    shown = text_of(get(people.officer, "session_minutes", session.pk))
    for fact in (project.title, project.reference, "Ancien employeur", "Clôturer le site", "3 pour, 0 contre", "4,00"):
        assert fact in shown, fact
    for member in [people.chair, *people.members]:
        assert member.name in shown
    assert f"Avis de {people.chair.pk}" in shown and "20\u202f000\u00a0USD" in shown


def test_a_closed_session_is_said_to_be_closed_in_the_list(people):
    session = in_session(people, admitted(people))
    judged(people, session)
    committees.close_session(session=session, user=people.chair)
    shown = text_of(get(people.officer, "sessions"))
    assert "<span>Close</span>" in shown and "Fermer" not in shown.split("past-heading")[1].split("</table>")[0]


def test_somebody_barred_is_told_why(people):
    project = admitted(people)
    session = in_session(people, project)
    project.coauthors.add(people.members[0])
    shown = text_of(get(people.members[0], "session_item", session.pk, session.items.get().pk))
    assert "Vous ne pouvez pas juger ce projet" in shown and str(access.SEPARATION["is_writer"]) in shown


def test_past_sessions_are_read_page_by_page(people):
    item_count = 21
    for _ in range(item_count):
        ReviewSession.objects.create(
            committee=people.regional, held_on=dt.date(2026, 1, 5), state="closed", created_by=people.secretary,
            opened_at=clock.now(), closed_at=clock.now(),
        )  # fmt: skip
    first = get(people.officer, "sessions")
    assert len(first.context["past"]) == 20 and first.context["past"].next_cursor
    rest = browser(people.officer).get(url("sessions"), {"suite": first.context["past"].next_cursor})
    assert len(rest.context["past"]) == 1


def test_two_secretaries_who_write_remarks_see_both_texts(people):
    session = in_session(people, admitted(people))
    first = {"minutes": "Texte de la première", "known": ""}
    assert post(people.secretary, "session_minutes_edit", session.pk, data=first).status_code == 302
    answer = post(
        people.secretary, "session_minutes_edit", session.pk, data={"minutes": "Texte du second", "known": ""}
    )
    assert answer.status_code == 409
    assert "Texte de la première" in text_of(answer) and "Texte du second" in text_of(answer)
    session.refresh_from_db()
    assert session.minutes == "Texte de la première"


# --- Committees ---------------------------------------------------------------------------------------------------
def test_the_secretary_gives_and_takes_seats(people):
    person = user_with(Role.COMMITTEE_MEMBER)
    here = people.regional
    data = {"person": person.pk, "seat": "member"}
    assert post(people.secretary, "session_committee_seat", here.pk, data=data).status_code == 302
    assert here.members.filter(user=person, seat="member").exists()
    chair = {"person": person.pk, "seat": "chair"}
    assert post(people.secretary, "session_committee_seat", here.pk, data=chair).status_code == 422
    assert post(people.secretary, "session_committee_unseat", here.pk, data={"person": person.pk}).status_code == 302
    assert not here.members.filter(user=person).exists()


def test_others_do_not_manage_committees(people):
    before = traces()
    for user in (people.chair, people.members[0], people.officer):
        data = {"person": user.pk, "seat": "observer"}
        assert post(user, "session_committee_seat", people.regional.pk, data=data).status_code == 403
        assert post(user, "session_committee_unseat", people.regional.pk, data=data).status_code == 403
        assert post(user, "session_committee", people.regional.pk, data={"name": "x"}).status_code == 403
        assert post(user, "session_committee_create", data={"name": "x"}).status_code == 403
    assert traces() == before


def test_one_committee_per_region(people):
    data = {"name": "Comité de Mopti", "region": region("ML-5").pk}
    assert post(people.secretary, "session_committee_create", data=data).status_code == 302
    assert post(people.secretary, "session_committee_create", data=data | {"name": "Un autre"}).status_code == 422
    assert Committee.objects.filter(region=region("ML-5")).count() == 1


# --- Queries ------------------------------------------------------------------------------------------------------
def queries(user: User, name: str, *keys, count) -> int:
    client = browser(user)
    with count() as counted:
        assert client.get(url(name, *keys)).status_code == 200
    return len(counted.captured_queries)


def test_pages_ask_the_same_number_of_queries_whatever_their_length(people):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count():
        return CaptureQueriesContext(connection)

    session = in_session(people, *(admitted(people) for _ in range(3)))
    item = session.items.first()
    pages = [
        (people.chair, "session", session.pk),
        (people.members[0], "session", session.pk),
        (people.chair, "session_minutes", session.pk),
        (people.members[0], "session_item", session.pk, item.pk),
        (people.secretary, "sessions"),
        (people.secretary, "session_committee", people.regional.pk),
    ]
    few = [queries(*page, count=count) for page in pages]
    for _ in range(8):
        member = user_with(Role.COMMITTEE_MEMBER)
        CommitteeMember.objects.create(committee=people.regional, user=member)
        SessionMember.objects.create(session=session, user=member, seat="member", present=True)
    for _ in range(27):
        committees.put_on_agenda(project=admitted(people), session=session, user=people.secretary)
        planned(people)
    many = [queries(*page, count=count) for page in pages]
    assert many == few
    assert max(few) <= 22, dict(zip([page[1] for page in pages], few, strict=True))


def test_a_recommended_amount_is_read_as_its_writer_groups_it():
    for language, typed in (("en", "18,000.50"), ("en", "18000.5"), ("fr", "18 000,50"), ("fr", "18000.50")):
        with translation.override(language):
            field = ConclusionForm.base_fields["recommended_usd"]
            assert field.clean(typed) == Decimal("18000.50"), (language, typed)
