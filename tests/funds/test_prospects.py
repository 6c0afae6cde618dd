"""The pipeline of prospects: what the services and the database refuse, what is counted, who is told."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from funds.models import Contribution, Prospect, ProspectContact
from funds.notices.prospects import remind
from funds.prospect_rules import CLOSED, OPEN, TRANSITIONS, weighted_usd
from funds.services import prospects as services
from funds.services.prospects import Contact
from funds.services.versions import Changed, version_of
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.notices.kinds import Kind
from sr_portal.notices.models import Mail
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import DonorFactory, pledged
from tests.factories.projects import region
from tests.factories.prospects import lost, prospect, values

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> User:
    return user_with(Role.SECTION_HEAD)


def fresh(one: Prospect) -> Prospect:
    return Prospect.objects.get(pk=one.pk)


def refused(statement: str, *told, names: str) -> None:
    with pytest.raises(DatabaseError, match=names), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, told)


def pledge_of(one: Prospect, **changes) -> dict:
    today = clock.today()
    return {
        "reference": "CTB-9", "title": one.title, "donor": one.donor, "mechanism": one.mechanism, "region": None,
        "theme": "", "currency": "USD", "pledged_amount": one.amount, "pledged_on": today, "pledged_rate": Decimal(1),
        "pledged_rate_on": today, "note": "", **changes,
    }  # fmt: skip


# --- What is counted --------------------------------------------------------------------------------------------------
def test_usd_and_the_weighted_usd_are_computed_and_rounded_as_python_does(head):
    made = prospect(by=head, currency="NOK", amount=Decimal("1234567.89"), rate=Decimal("10.513"), likelihood=35)
    usd = (made.amount / made.rate).quantize(Decimal("0.01"))
    assert (made.amount_usd, made.weighted_usd) == (usd, weighted_usd(usd, 35))


@given(st.decimals("0.01", "99999999.99", places=2), st.integers(0, 100))
def test_the_weighted_amount_never_passes_the_whole(amount, likelihood):
    assert 0 <= weighted_usd(amount, likelihood) <= amount


def test_sums_are_by_mechanism_and_fiscal_year_and_leave_the_lost_out(head):
    for day, amount in ((dt.date(2027, 6, 30), "100"), (dt.date(2027, 7, 1), "40"), (dt.date(2027, 6, 1), "60")):
        prospect(by=head, expected_on=day, amount=Decimal(amount), likelihood=50)
    lost(by=head, expected_on=dt.date(2027, 6, 1))
    rows = Prospect.objects.all().by_mechanism_and_year()
    first = rows[0]["first_month"]
    expected = [(2027, 3, 200, 100)] if first == 1 else [(2026, 2, 160, 80), (2027, 1, 40, 20)]
    assert [(row["year"], row["count"], row["usd"], row["weighted"]) for row in rows] == expected


# --- What a prospect is -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"donor_name": "Autre"}, "prospect_has_one_donor"),
        ({"donor": None}, "prospect_has_one_donor"),
        ({"likelihood": 101}, "prospect_likelihood_of_stage"),
        ({"next_step": ""}, "prospect_open_has_next_step"),
        ({"next_step_on": None}, "prospect_open_has_next_step"),
        ({"rate": Decimal(2)}, "prospect_usd_at_one"),
        ({"amount": Decimal(0)}, "prospect_amount_positive"),
        ({"lost_reason": "Non"}, "prospect_lost_with_reason"),
        ({"closed_on": dt.date(2026, 1, 1)}, "prospect_closed_on_a_day"),
        ({"mechanism_id": "QIP"}, "contribution_mechanism"),
        ({"theme": "Astronomie"}, "contribution_theme"),
        ({"stage": "won"}, "prospect_"),
    ],
)
def test_the_service_and_the_database_refuse_the_same(head, changes, name):
    if not changes.keys() & {"lost_reason", "closed_on", "mechanism_id", "stage"}:
        with pytest.raises(ValidationError):
            services.register(by=head, values=values(**{"responsible": head, "donor": DonorFactory(), **changes}))
    made = prospect(by=head)
    columns = {("donor_id" if key == "donor" else key): value for key, value in changes.items()}
    sets = ", ".join(f"{column} = %s" for column in columns)
    refused(f"UPDATE funds_prospect SET {sets} WHERE id = {made.pk}", *columns.values(), names=name)
    assert fresh(made).stage == "contacted"


def test_nobody_else_is_responsible_and_the_day_of_the_rate_is_not_ahead(head):
    for changes in ({"responsible": user_with(Role.PROPOSER)}, {"rate_on": clock.today() + dt.timedelta(days=1)}):
        with pytest.raises(ValidationError) as refusal:
            services.register(by=head, values=values(**{"responsible": head, **changes}))
        assert set(refusal.value.message_dict) == set(changes)


def test_stages_follow_and_what_is_won_stays(head):
    made = prospect(by=head)
    for old in (*OPEN, *CLOSED):
        for new in (*OPEN, *CLOSED):
            allowed = (old, new) in TRANSITIONS or old == new
            assert allowed == (old in OPEN or (old == "lost" and new in OPEN) or old == new)
    services.win(by=head, prospect=made, values=pledge_of(made))
    won = fresh(made)
    assert (won.stage, won.likelihood, won.next_step, won.contribution.stage) == ("won", 100, "", "pledged")
    for sets in ("stage = 'lost', likelihood = 0, lost_reason = 'x', contribution_id = NULL", "amount = 7"):
        refused(
            f"UPDATE funds_prospect SET {sets} WHERE id = %s", won.pk, names="prospect_won_stays|Invalid transition"
        )
    refused("DELETE FROM funds_prospect WHERE id = %s", won.pk, names="Cannot delete")
    with pytest.raises(ValidationError):
        services.move(by=head, prospect=won, stage="promised", seen_stage="won")


def test_a_prospect_is_won_by_the_contribution_of_its_own_donor_and_mechanism(head):
    made = prospect(by=head)
    for changes in ({"donor": DonorFactory()}, {"mechanism": type(made.mechanism).objects.get(code="PBF")}):
        with pytest.raises(ValidationError) as refusal:
            services.win(by=head, prospect=made, values=pledge_of(made, **changes))
        assert set(refusal.value.message_dict) == set(changes)
    assert not Contribution.objects.exists()
    other = pledged("10")
    refused(
        "UPDATE funds_prospect SET stage = 'won', likelihood = 100, contribution_id = %s, closed_on = now(),"
        " next_step = '', next_step_on = NULL WHERE id = %s",
        other.pk, made.pk, names="prospect_won_by_its_donor",
    )  # fmt: skip


def test_a_name_becomes_the_donor_of_the_registry_when_it_gives(head):
    made = prospect(by=head, donor=None, donor_name="Fondation Sahel")
    donor = DonorFactory(name="Fondation Sahel")
    services.win(by=head, prospect=made, values=pledge_of(made, donor=donor))
    assert (fresh(made).donor, fresh(made).donor_name) == (donor, "")


def test_losing_asks_a_reason_and_a_lost_prospect_may_be_taken_up_again(head):
    made = prospect(by=head)
    with pytest.raises(ValidationError):
        services.lose(by=head, prospect=made, reason="  ")
    services.lose(by=head, prospect=made, reason="Budget réduit")
    assert (fresh(made).stage, fresh(made).likelihood, fresh(made).weighted_usd) == ("lost", 0, 0)
    again = {"stage": "negotiating", "likelihood": 40, "responsible": head, "next_step": "Rappeler"}
    services.reopen(by=head, prospect=made, values={**again, "next_step_on": clock.today()})
    assert (fresh(made).stage, fresh(made).lost_reason, fresh(made).closed_on) == ("negotiating", "", None)
    with pytest.raises(ValidationError):
        services.reopen(by=head, prospect=made, values={**again, "next_step_on": clock.today()})


def test_each_refusal_names_its_field(head):
    made, gone = prospect(by=head), lost(by=head)
    again = {"stage": "won", "likelihood": 40, "responsible": head, "next_step": "Rappeler"}
    for act, field in (
        (lambda: services.move(by=head, prospect=made, stage="won", seen_stage="contacted"), "stage"),
        (lambda: services.lose(by=head, prospect=made, reason=" "), "reason"),
        (lambda: services.reopen(by=head, prospect=gone, values={**again, "next_step_on": clock.today()}), "stage"),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert set(refusal.value.message_dict) == {field}
    with pytest.raises(ValidationError, match="n’est plus possible"):
        services.lose(by=head, prospect=gone, reason="Encore")


# --- Who, and two at once ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "where", "of", "may"),
    [
        (Role.SECTION_HEAD, None, None, True),
        (Role.PROGRAMME_OFFICER, None, "ML-7", True),
        (Role.PROGRAMME_OFFICER, "ML-7", "ML-7", True),
        (Role.PROGRAMME_OFFICER, "ML-7", "ML-8", False),
        (Role.PROGRAMME_OFFICER, "ML-7", None, False),
        (Role.FINANCE_OFFICER, None, "ML-7", False),
        (Role.AUDITOR, None, "ML-7", False),
    ],
)
def test_who_writes_a_prospect(head, role, where, of, may):
    user = user_with(role, region=region(where) if where else None)
    told = values(responsible=head, region=region(of) if of else None)
    if may:
        assert services.register(by=user, values=told).pk
    else:
        with pytest.raises(PermissionDenied):
            services.register(by=user, values=told)


def test_an_officer_follows_a_prospect_and_the_head_of_section_wins_it():
    officer = user_with(Role.PROGRAMME_OFFICER)
    made = prospect(by=officer)
    with pytest.raises(PermissionDenied):
        services.win(by=officer, prospect=made, values=pledge_of(made))
    assert services.move(by=officer, prospect=made, stage="promised", seen_stage="contacted").stage == "promised"


def test_the_later_of_two_corrections_and_of_two_moves_is_refused(head):
    made = prospect(by=head)
    seen, told = version_of(made), values(responsible=head, donor=made.donor)
    services.correct(by=head, prospect=made, values={**told, "note": "Un"}, seen=seen)
    with pytest.raises(Changed):
        services.correct(by=head, prospect=made, values={**told, "note": "Deux"}, seen=seen)
    services.move(by=head, prospect=made, stage="promised", seen_stage="contacted")
    with pytest.raises(Changed):
        services.move(by=head, prospect=made, stage="negotiating", seen_stage="contacted")
    assert (fresh(made).note, fresh(made).stage) == ("Un", "promised")


# --- The journal, and reminders ---------------------------------------------------------------------------------------
def test_the_journal_is_written_for_good_and_not_ahead(head):
    made, today = prospect(by=head), clock.today()
    step = {"next_step": "Envoyer la note", "next_step_on": today + dt.timedelta(days=3)}
    contact = Contact(today, "call", "Attachée", "Intérêt confirmé")
    noted = services.note_contact(by=head, prospect=made, contact=contact, step=step)
    assert (fresh(made).next_step, noted.recorded_by) == ("Envoyer la note", head)
    with pytest.raises(ValidationError):
        services.note_contact(by=head, prospect=made, contact=Contact(today + dt.timedelta(days=1), "call", "", "x"))
    refused(
        "UPDATE funds_prospectcontact SET text = 'autre' WHERE id = %s",
        noted.pk,
        names="Cannot update or delete",
    )
    refused("DELETE FROM funds_prospectcontact WHERE id = %s", noted.pk, names="Cannot update or delete")
    with pytest.raises(DatabaseError, match="contribution_once_happened"), transaction.atomic():
        ProspectContact.objects.create(
            prospect=made, held_on=today + dt.timedelta(days=3), text="Demain", recorded_by=head
        )


def test_the_responsible_is_told_at_once_and_reminded_once_a_stage(head):
    officer = user_with(Role.PROGRAMME_OFFICER)
    made = prospect(by=head, responsible=officer, next_step_on=clock.today() + dt.timedelta(days=5))
    assert [mail.kind for mail in Mail.objects.filter(recipient=officer)] == [Kind.TURN]
    assert (remind(clock.today()), remind(clock.today())) == (1, 0)
    late = made.next_step_on + dt.timedelta(days=1)
    assert (remind(late), remind(late), remind(late + dt.timedelta(days=7))) == (1, 0, 1)
    services.lose(by=head, prospect=made, reason="Non")
    assert remind(late + dt.timedelta(days=14)) == 0
